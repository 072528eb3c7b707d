"""What a kept promise implies is kept, bounds that are enough are, and witnesses prove what they are for.

On small histories, one of 37 in order (all of them take minutes), and on larger ones by chance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dscheck import Verdict
from dscheck.checker.consistency.linearizability.check import check as check_order
from dscheck.checker.consistency.promises import implied
from dscheck.checker.consistency.sessions.check import PROMISES, check
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, History
from sessions.drawing import sessions, transactions

ASKED = (
    *(name for name in PROMISES[:11] if name not in ("bounded-staleness", "eventual")),
    *(f"bounded-staleness:{of}" for of in ("k=1", "k=2", "k=3", "t=0ns", "t=2ns", "k=2,t=2ns")),
    "cosmos-strong",
    "cosmos-session",
    "cosmos-consistent-prefix",
)
EACH = 37
ORDERS = ("linearizable", "sequentially-consistent")
TIMES = {
    "one after the other": ((0, 1), (2, 3), (4, 5)),
    "touching": ((0, 2), (2, 4), (4, 6)),
    "at once": ((0, 2), (1, 4), (4, 5)),
}
WHO = ((0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 1), (0, 1, 2))


def small(times: tuple[tuple[int, int], ...]) -> Iterator[History]:
    """Three operations on one key: reads, writes, compare-and-sets, and such that never returned."""
    for kinds, processes in product(product("rwcWC", repeat=3), WHO):
        if len({*kinds} & {*"rcC"}) == 0:
            continue
        values = [None, *(at for at, kind in enumerate(kinds, 1) if kind != "r")]
        fits = [
            (values if kind == "r" else [old for old in values if old != at] if kind in "cC" else [None])
            for at, kind in enumerate(kinds, 1)
        ]
        for seen in product(*fits):
            if clash(processes, times):
                continue
            yield made(kinds, processes, seen, times)


def clash(processes: tuple[int, ...], times: tuple[tuple[int, int], ...]) -> bool:
    """Whether a process does two things at once."""
    pairs = [(0, 1), (1, 2), (0, 2)]
    return any(processes[a] == processes[b] and times[a][1] > times[b][0] for a, b in pairs)


def made(
    kinds: tuple[str, ...],
    processes: tuple[int, ...],
    seen: tuple[object, ...],
    times: tuple[tuple[int, int], ...],
) -> History:
    builder = Builder(hints={"initial": None})
    for at, (kind, process, value, (began, ended)) in enumerate(
        zip(kinds, processes, seen, times, strict=True), 1
    ):
        function = {"r": "read", "w": "write", "c": "cas"}[kind.lower()]
        argument = {"r": None, "w": at, "c": (value, at)}[kind.lower()]
        number = builder.invoke(process, function, argument, key="x", at=began)
        outcome = INFO if kind.isupper() else OK
        result = value if kind == "r" else True if kind == "c" else None
        builder.respond(number, result, outcome=outcome, at=ended)
    return builder.build()


def agree(history: History) -> None:
    """That the verdicts respect what implies what."""
    told = [history.operation(row) for row in range(len(history))]
    judged = check(history, ASKED)
    if history.micro is None:
        judged += [one for name in ORDERS for one in check_order(history, promise=name)]
    verdicts = {one.promise: one.verdict for one in judged}
    for strong, verdict in verdicts.items():
        weaker = implied(strong) & verdicts.keys()
        if "bounded-staleness:k=1" in weaker:
            weaker |= {name for name in verdicts if name.startswith("bounded-staleness")}
        for weak in weaker if history.micro is None else weaker - {"bounded-staleness:t=0ns"}:
            if verdict is Verdict.HOLDS:
                assert verdicts[weak] is Verdict.HOLDS, (strong, weak, told)
            elif verdict is Verdict.UNDECIDED:
                assert verdicts[weak] is not Verdict.VIOLATED, (strong, weak, told)


def bounds_agree(history: History) -> None:
    """That what is said to be enough is, and less than the least is not."""
    told = [history.operation(row) for row in range(len(history))]
    found = check(history, ["bounded-staleness"])[0]
    for name, unit, bottom in (("k", "", 1), ("t", "ns", 0)):
        least, enough = found.measures.get(f"least_{name}"), found.measures.get(f"enough_{name}")
        if enough is not None:
            assert least <= enough, told
            of = f"bounded-staleness:{name}={enough}{unit}"
            assert check(history, [of])[0].verdict is Verdict.HOLDS, (of, told)
        if least is not None and least > bottom:
            of = f"bounded-staleness:{name}={least - 1}{unit}"
            assert check(history, [of])[0].verdict is Verdict.VIOLATED, (of, told)


def proves(history: History) -> None:
    """That the operations of each witness break the promise by themselves, unless they are called parts."""
    for judged in check(history, ASKED):
        for anomaly in () if judged.implied_by else judged.anomalies:
            if any("part of the proof" in text for text in anomaly.witness.details):
                continue
            left = np.isin(np.arange(len(history)), anomaly.witness.operations)
            alone = replace(history, outcome=np.where(left, history.outcome, np.uint8(FAIL)).astype(np.uint8))
            told = [history.operation(row) for row in range(len(history))]
            found = check(alone, [judged.promise])[0]
            assert found.verdict is Verdict.VIOLATED, (judged.promise, anomaly, found, told)


@pytest.mark.parametrize("name", TIMES)
def test_small_histories(name: str) -> None:
    for history in islice(small(TIMES[name]), 0, None, EACH):
        agree(history)
        bounds_agree(history)
        proves(history)


ANY = st.one_of(
    sessions(most=8, processes=3, infos=True, cas=True),
    sessions(most=7, keys="xy", touching=True, infos=True, cas=True),
    sessions(most=7, keys="x", timed=True, infos=True, cas=True, duplicates=True),
)


@settings(max_examples=80)
@given(ANY)
def test_larger_histories(history: History) -> None:
    agree(history)
    bounds_agree(history)


@settings(max_examples=60)
@given(st.one_of(sessions(most=10, processes=3), sessions(most=10, keys="xy", touching=True, cas=True)))
def test_witnesses_of_larger_histories(history: History) -> None:
    proves(history)


@settings(max_examples=60)
@given(transactions())
def test_transactions(history: History) -> None:
    agree(history)
