"""Bank accounts: transfers move amounts between them, so that every read of all accounts has the same total.

A read whose total differs saw a transfer in part, or two transfers that lost each other's update: both are
forbidden from parallel snapshot isolation upwards.  Totals that are all equal prove no level; but a bank that
is linearizable as one object is strictly serializable.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from dscheck.checker.amounts import plural
from dscheck.checker.consistency.isolation.levels import LEVELS
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Limits, Witness, because
from dscheck.checker.consistency.linearizability import check as linearizability
from dscheck.checker.consistency.wording import transaction
from dscheck.checker.specifications.bank import Bank, account_name, parts
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import FAIL, OK, History

PROMISES: Final = ("constant-total", "non-negative-balances")
"""What is judged of a bank beside levels."""
_BASES: Final = ("serializable", "repeatable-read", "snapshot-isolation", "parallel-snapshot")
_ALGORITHM: Final = "totals of all reads (Jepsen's bank workload)"


def is_bank(history: History) -> bool:
    """Whether operations are transfers and reads of all accounts."""
    used = {history.functions[number] for number in np.unique(history.function)}
    return history.micro is None and {"transfer", "read"} <= used


def judge(history: History, levels: Sequence[str] | None, limits: Limits) -> list[Judgement]:
    """The two promises of a bank, and levels: the named ones, or all.

    A bank that is one linearizable object keeps every level.
    """
    began = time.process_time()
    balances = _balances(history)
    unclear = _unclear(history, balances)
    found = {
        "constant-total": None if unclear else _total(history, balances),
        "non-negative-balances": _negative(history, balances),
    }
    told = []
    for name in PROMISES if levels is None else [name for name in levels if name in PROMISES]:
        anomaly = found[name]
        told.append(
            Judgement(
                promise=name,
                verdict=Verdict.VIOLATED if anomaly else Verdict.UNDECIDED if unclear else Verdict.HOLDS,
                covered=plural(len(balances), "read"),
                algorithm=_ALGORITHM,
                anomalies=(anomaly,) if anomaly else (),
                warnings=() if anomaly else unclear,
                seconds=time.process_time() - began,
            )
        )
    asked = [name for name in LEVELS if levels is None or name in levels]
    judged = _levels(history, asked, found["constant-total"], unclear, limits) if asked else []
    return [*told, *judged]


def _levels(
    history: History, asked: list[str], wrong: Anomaly | None, unclear: Sequence[str], limits: Limits
) -> list[Judgement]:
    """By the totals, and by whether the bank as a whole is linearizable, if it is one bank."""
    if wrong is None:
        (strict,) = linearizability.check(
            history, Bank(overdraft=True), promise="linearizable", limits=limits
        )
        if unclear and strict.verdict is Verdict.VIOLATED:
            covered = because(strict.covered, unclear)
            strict = replace(strict, verdict=Verdict.UNDECIDED, covered=covered, anomalies=())
    else:
        strict = Judgement(
            promise="constant-total",
            verdict=Verdict.VIOLATED,
            covered="all reads",
            algorithm=_ALGORITHM,
            anomalies=(wrong,),
        )
    told = []
    for name in asked:
        by_total = wrong is not None and LEVELS[name].base in _BASES
        decided = strict.verdict is Verdict.HOLDS or name == "strict-serializable" or by_total
        why = "banks are judged by totals and as one object, which says nothing of this level"
        told.append(
            replace(
                strict,
                promise=name,
                covered=strict.covered if decided else because(strict.covered, [why]),
                verdict=strict.verdict if decided else Verdict.UNDECIDED,
                anomalies=strict.anomalies if decided else (),
                implied_by=None if name == "strict-serializable" else strict.promise if decided else None,
                warnings=strict.warnings,
            )
        )
    return told


def _balances(history: History) -> dict[int, Mapping[Any, Any]]:
    """What each read gave, by row."""
    rows = np.flatnonzero((history.function == history.functions.index("read")) & (history.outcome == OK))
    found = {int(row): history.values.value(int(history.result[row])) for row in rows}
    return {row: value for row, value in found.items() if isinstance(value, dict)}


def _unclear(history: History, balances: Mapping[int, Mapping[Any, Any]]) -> tuple[str, ...]:
    """Why totals say nothing, where they do not."""
    if not balances:
        return ("nothing was read: there is nothing to judge",)
    if any(type(amount) is not int for value in balances.values() for amount in value.values()):
        return ("balances that are not whole numbers are not added up",)
    if len({frozenset(value) for value in balances.values()}) > 1:
        return ("reads are of different accounts: their totals cannot be compared",)
    if len(np.unique(history.key)) > 1:
        return ("there are several banks, by their keys: their totals cannot be compared",)
    seen = {account_name(account) for value in balances.values() for account in value}
    transfers = (history.function == history.functions.index("transfer")) & (history.outcome != FAIL)
    arguments = [history.values.value(int(code)) for code in np.unique(history.argument[transfers])]
    if any(account not in seen for argument in arguments for account in parts(argument)[:2]):
        return ("money went to or came from accounts that no read shows: totals cannot be compared",)
    return ()


def _sum(balances: Mapping[Any, Any]) -> int:
    return sum(balances.values())


def _total(history: History, balances: Mapping[int, Mapping[Any, Any]]) -> Anomaly | None:
    """Two reads of different totals; or one, where the total is known."""
    counts = Counter(_sum(value) for value in balances.values())
    known = history.hints.get("total")
    if not counts or (len(counts) == 1 and known in (None, *counts)):
        return None
    usual = known if isinstance(known, int) else counts.most_common(1)[0][0]
    wrong = [row for row, value in balances.items() if _sum(value) != usual]
    row = wrong[0]
    other = next((row for row, value in balances.items() if _sum(value) == usual), row)
    sentence = f"{transaction(history, row)} read {_sum(balances[row]):,} in all accounts together"
    if other != row:
        sentence += f", but {transaction(history, other)} read {usual:,}, and transfers keep the total."
    else:
        sentence += f", but there are {usual:,}."
    witness = Witness(operations=tuple(sorted({row, other})), sentence=sentence, minimal=True)
    return Anomaly(name="wrong total", everyday="read skew or lost update", witness=witness, count=len(wrong))


def _negative(history: History, balances: Mapping[int, Mapping[Any, Any]]) -> Anomaly | None:
    if history.hints.get("negative_balances"):
        return None
    wrong = [
        (row, account, amount)
        for row, value in balances.items()
        for account, amount in value.items()
        if isinstance(amount, int) and amount < 0
    ]
    if not wrong:
        return None
    row, account, amount = wrong[0]
    sentence = f"{transaction(history, row)} read {amount:,} in account {account!r}."
    witness = Witness(operations=(row,), sentence=sentence, minimal=True)
    return Anomaly(
        name="negative balance", everyday="overdrawn", witness=witness, key=account, count=len(wrong)
    )
