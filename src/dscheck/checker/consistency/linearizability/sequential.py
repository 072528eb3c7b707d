"""Sequential consistency (Lamport, IEEE TC 1979), and the same key by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from dscheck._engine import ProgramOrder
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Limits, Witness
from dscheck.checker.consistency.linearizability import realtime, witness
from dscheck.checker.consistency.linearizability.clock import Clock
from dscheck.checker.consistency.linearizability.learning import Learned, OutOfTimeError
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.consistency.linearizability.sentences import told
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import FAIL, OK, History

_EXPLAINING: Final = 2.0
_SHORT_CUT: Final = 5.0
"""Seconds for finding out whether the history is linearizable, which implies both."""
_MOST_KEYS: Final = 3
_SEARCH: Final = "search in depth over how far each process has come"


def judge(history: History, learned: Learned, promise: str, limits: Limits) -> Judgement:
    """Whether all operations together (sequentially-consistent), or those on each key (coherent), have an
    order that agrees with each process's own."""
    clock = Clock(limits)
    stop = "done"
    if history.ordered_in_time:
        seconds = _SHORT_CUT if limits.seconds is None else min(limits.seconds / 3, _SHORT_CUT)
        holds, stop = realtime.holds(history, learned, Limits(seconds=seconds, memory=limits.memory))
        if holds:
            by = "linearizable"
            return _judgement(promise, Verdict.HOLDS, history, clock, by, implied_by=by)
    try:
        search = Search.of(history, learned, clock.left())
    except OutOfTimeError:
        return _judgement(
            promise, Verdict.UNDECIDED, history, clock, _SEARCH, "time was over before the search"
        )
    objects = list(range(len(search.operations.keys)))
    undecided: list[int] = []
    broken: list[tuple[int, ProgramOrder]] = []
    why = stop
    for number in objects:
        if stop == "interrupted":
            undecided.append(number)
            continue
        found = search.in_program_order(clock.left(), objects=[number])
        stop = found.stop
        if found.stop != "done":
            undecided.append(number)
            why = stop
        elif not found.possible:
            broken.append((number, found))
    how = f"{_SEARCH}, key by key"
    if broken:
        anomalies = tuple(
            _anomaly(search, promise, [number], found, clock) for number, found in broken[:_MOST_KEYS]
        )
        return _judgement(promise, Verdict.VIOLATED, history, clock, how, anomalies=anomalies)
    if promise == "coherent" or len(objects) == 1 or stop == "interrupted":
        if undecided:
            where = f"{why}: {len(undecided)} of {plural(len(objects), 'key')} undecided"
            return _judgement(promise, Verdict.UNDECIDED, history, clock, how, where)
        return _judgement(promise, Verdict.HOLDS, history, clock, how)
    found = search.in_program_order(clock.left())
    if found.stop != "done":
        where = f"the longest order found has {plural(len(found.order), 'operation')} ({found.stop})"
        return _judgement(promise, Verdict.UNDECIDED, history, clock, _SEARCH, where)
    if found.possible:
        return _judgement(promise, Verdict.HOLDS, history, clock, _SEARCH)
    anomaly = _anomaly(search, promise, objects, found, clock)
    return _judgement(promise, Verdict.VIOLATED, history, clock, _SEARCH, anomalies=(anomaly,))


def _judgement(
    promise: str,
    verdict: Verdict,
    history: History,
    clock: Clock,
    algorithm: str,
    far: str = "",
    *,
    anomalies: tuple[Anomaly, ...] = (),
    implied_by: str | None = None,
) -> Judgement:
    count = plural(int((history.outcome != FAIL).sum()), "operation")
    return Judgement(
        promise=promise,
        verdict=verdict,
        covered=f"{count}; {far}" if far else count,
        algorithm=algorithm,
        anomalies=anomalies,
        implied_by=implied_by,
        interrupted="interrupted" in far,
        seconds=clock.passed(),
    )


def _anomaly(
    search: Search, promise: str, objects: Sequence[int], found: ProgramOrder, clock: Clock
) -> Anomaly:
    history = search.history
    budget = clock.left(_EXPLAINING).seconds or 0.0
    started = clock.passed()

    def violates(rows: Sequence[int]) -> bool | None:
        left = started + budget - clock.passed()
        if left <= 0:
            return None
        weak = np.ones(len(history), np.uint8)
        weak[list(rows)] = 0
        tried = search.in_program_order(clock.left(left / 4), objects=list(objects), weak=weak.tobytes())
        return None if tried.stop != "done" else not tried.possible

    rows, certain = witness.needed(violates, _candidates(search, objects, found))
    rows.sort(key=lambda row: int(history.invoked[row]))
    states = tuple(_state(search, number, state) for number, state in found.states[:8])
    stuck = ", ".join(told(history, row) for row in found.stuck[:3])
    key: Any = history.values.value(search.operations.keys[objects[0]]) if len(objects) == 1 else None
    proof = Witness(
        operations=tuple(rows),
        sentence=f"no order of these operations agrees with that of each process: after the longest one that "
        f"was found, none of the next ones fits: {stuck}",
        minimal=certain,
        order=tuple(found.order),
        states=states,
        stuck=tuple(found.stuck),
    )
    return Anomaly(
        name=f"not {promise}", everyday="no order fits what each client saw", witness=proof, key=key
    )


def _state(search: Search, number: int, state: int) -> str:
    text = search.learned.describe(state)
    if len(search.operations.keys) == 1:
        return text
    return f"{search.history.values.value(search.operations.keys[number])!r}: {text}"


def _candidates(search: Search, objects: Sequence[int], found: ProgramOrder) -> list[int]:
    """The operations that certainly happened: what did not fit first, then back in time."""
    history = search.history
    mine = history.outcome == OK
    if search.learned.specification.keyed:
        mine &= np.isin(history.key, [search.operations.keys[number] for number in objects])
    rows = np.flatnonzero(mine)
    rows = rows[np.argsort(-history.invoked[rows], kind="stable")]
    stuck = set(found.stuck)
    return [*found.stuck, *(int(row) for row in rows if int(row) not in stuck)]
