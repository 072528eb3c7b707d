"""Linearizability by data type in near-linear time: all keys of a history in one call of the engine.

Registers: zones (Gibbons and Korach, "Testing shared memories", SIAM J. Comput. 26, 1997).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from dscheck import _engine
from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.linearizability import collections, instants, presence, registers
from dscheck.checker.consistency.linearizability.families import SCANS, Family, told
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import NEVER, History
from dscheck.histories.values import ATOM, COMPOUND, MAP, NIL, Codes

DATATYPES: Final[dict[str, Family]] = {
    "register": registers.REGISTER,
    "cas-register": registers.CAS_REGISTER,
    "kv": registers.KEY_VALUE,
    "queue": collections.QUEUE,
    "unordered-queue": collections.UNORDERED_QUEUE,
    "stack": collections.STACK,
    "priority-queue": collections.GREATEST_FIRST,
    "set": presence.SET,
    "mutex": presence.LOCK,
}
"""By the name of the data type: how it is judged."""


_Judged = tuple[int, int, int, int, list[int], list[int], bool, int]
_ACCEPTED, _NOT_APPLICABLE = 0, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found out about one key."""

    key: Any
    operations: int
    """How many of its operations happened or may have happened."""
    verdict: Verdict | None
    """HOLDS or VIOLATED; None where the algorithm does not apply: ask the general search."""
    witness: Witness | None = None
    """Where violated."""
    position: int | None = None
    """Where violated: the position of the return with which it, or the witness, was; None if unknown."""
    argued: tuple[int, ...] = ()
    """Where violated: the rows that the sentence of the witness is about."""
    reason: str = ""
    """Where it does not apply: why."""


def judge(
    history: History,
    datatype: str,
    rows: Codes | None = None,
    *,
    least_first: bool | None = None,
    seconds: float | None = None,
    reasons: bool = True,
) -> list[Outcome]:
    """Judges each key by its data type, in the order in which keys appear; O(n log n) for n operations.

    `rows` (int64, any order) restricts it to some operations.  `history.hints["initial"]` is the value of a
    register before its first write.  `least_first` is about priority queues; None: as the hint "order" says,
    "min" or "max", and the greatest first if it says nothing.  After that many `seconds`, keys that have not
    had their turn are not applicable.  Without `reasons` it is not told why they are
    not.  Raises DscheckError for a data type that is not in DATATYPES, and for positions that no recording
    has.
    """
    if datatype not in DATATYPES:
        raise DscheckError(f"no near-linear check of a {datatype}; there are {', '.join(DATATYPES)}")
    instants.check_positions(history)
    family = DATATYPES[datatype]
    if least_first is None:
        least_first = history.hints.get("order") == "min"
    if datatype == "priority-queue" and least_first:
        family = collections.LEAST_FIRST
    yes, no = _truth_codes(history) if family.has_truths else (NEVER, NEVER)
    found = _engine.near_linear(
        family.engine_name,
        (
            history.function,
            history.outcome,
            history.key,
            history.argument,
            _results(history) if datatype == "kv" else history.result,
            history.invoked,
            history.returned,
        ),
        _roles(history, family),
        rows=None if rows is None else np.ascontiguousarray(rows, np.int64),
        initial=history.values.code(history.hints.get("initial")),
        yes=yes,
        no=no,
        items=np.array(history.values.items, np.int64),
        offsets=np.array(history.values.offsets, np.int64),
        seconds=seconds,
    )
    return [_outcome(history, family, judged, reasons) for judged in found]


def _results(history: History) -> Codes:
    """What gets of a key-value store found, with nil for the empty text, which says "nothing there", too."""
    empty = history.values.find("")
    if empty is None or "get" not in history.functions:
        return history.result
    looks = history.function == history.functions.index("get")
    return np.where(looks & (history.result == empty), NIL, history.result)


def means_one_thing(history: History) -> bool:
    """Whether an empty text that gets of a key-value store found was certainly none that was put there."""
    empty = history.values.find("")
    if empty is None or "get" not in history.functions:
        return True
    looks = history.function == history.functions.index("get")
    if not (looks & (history.result == empty)).any():
        return True
    return history.hints.get("initial") is None and not (~looks & (history.argument == empty)).any()


def _outcome(history: History, family: Family, judged: _Judged, reasons: bool) -> Outcome:
    key, operations, verdict, why, rows, members, is_minimal, decisive = judged
    name = history.values.value(key)
    if verdict == _ACCEPTED:
        return Outcome(key=name, operations=operations, verdict=Verdict.HOLDS)
    if verdict == _NOT_APPLICABLE:
        reason = family.obstacle(history, why, rows) if reasons else ""
        return Outcome(key=name, operations=operations, verdict=None, reason=reason)
    known = decisive < len(history)
    when = f"the violation is complete when {told(history, decisive)} returns" if known else ""
    witness = Witness(
        operations=tuple(sorted({row for row in members if row < len(history)})),
        sentence=family.sentence(history, why, rows),
        details=(when,) if when else (),
        minimal=is_minimal,
    )
    position = int(history.returned[decisive]) if known else None
    return Outcome(
        key=name,
        operations=operations,
        verdict=Verdict.VIOLATED,
        witness=witness,
        position=position,
        argued=tuple(row for row in rows if row < len(history)),
    )


def _roles(history: History, family: Family) -> list[int]:
    """Per function, what it does; -1: unknown, also of reads of a whole set that give a map."""
    roles = [family.roles.get(name, -1) for name in history.functions]
    if SCANS in roles and MAP in history.values.kinds:
        found = np.unique(history.result[history.function == roles.index(SCANS)])
        compound = found[(found >= COMPOUND) & (found < ATOM)]
        if any(history.values.kinds[code - COMPOUND] == MAP for code in compound.tolist()):
            roles[roles.index(SCANS)] = -1
    return roles


def _truth_codes(history: History) -> tuple[int, int]:
    """The codes of True and False; where they do not occur, a number that is no code."""
    yes, no = history.values.find(True), history.values.find(False)
    return NEVER if yes is None else yes, NEVER if no is None else no
