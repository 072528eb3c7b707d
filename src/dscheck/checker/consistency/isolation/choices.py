"""Values that several transactions wrote: which write a read saw is a choice, and few choices can be tried.

A level is kept if it is kept with some choice of a writer for each such read, and violated if it is violated
with every one.  Each choice is judged as a history of its own, in which each of these writes has a value of
its own, so that nothing is left to choose.  Every write of the value is a choice, also those of transactions
that failed or that came later, and the initial value where it is the same: a choice that cannot be is judged
as such.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from math import prod
from typing import Final

import numpy as np

from dscheck.checker.amounts import plural
from dscheck.checker.consistency.isolation.inquiry import Clock
from dscheck.checker.consistency.judgement import Anomaly, Judgement
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import FAIL, OK, READ, WRITE, History
from dscheck.histories.values import Values

_MOST: Final = 64
"""Choices that are tried."""
_MOST_WORK: Final = 20_000
"""Transactions of all choices together."""
_INITIAL: Final = -1
_FIRST_CODE: Final = -(2**60) + 1

Judge = Callable[[History, Sequence[str]], Sequence[Judgement]]
"""Judges levels of a history."""
_Write = tuple[int, int, int]
"""Code of the key, code of the value, row of the writer."""


def settled(
    history: History, judged: Mapping[str, Judgement], clock: Clock, judge: Judge
) -> dict[str, Judgement]:
    """The judgements, with those that were undecided because of such reads decided where trying does it."""
    open_ones = [name for name, one in judged.items() if one.verdict is Verdict.UNDECIDED]
    reads = _reads(history) if open_ones and len(history) <= _MOST_WORK else {}
    count = prod(map(len, reads.values()))
    if not reads or count > _MOST or count * len(history) > _MOST_WORK:
        return dict(judged)
    told = f"{plural(len(reads), 'read')} of values that several transactions wrote"
    found: dict[str, list[Judgement]] = {name: [] for name in open_ones}
    for chosen in product(*reads.values()):
        wanted = [name for name in open_ones if not _is_settled(found[name])]
        if not wanted or clock.seconds == 0.0:
            break
        world = _world(history, dict(zip(reads, chosen, strict=True)))
        for one in judge(world, wanted):
            found[one.promise].append(one)
    return {
        name: _joined(one, found[name], count, told) if name in found else one for name, one in judged.items()
    }


def _is_settled(found: Sequence[Judgement]) -> bool:
    return bool(found) and found[-1].verdict is not Verdict.VIOLATED


def _joined(before: Judgement, found: Sequence[Judgement], count: int, told: str) -> Judgement:
    """What all choices together say of one level."""
    if found and found[-1].verdict is Verdict.HOLDS:
        kept = found[-1]
        return replace(
            kept, covered=f"{kept.covered}; with one of {count} choices of who wrote what {told} gave"
        )
    if len(found) < count or found[-1].verdict is not Verdict.VIOLATED:
        return before
    note = f"{told}: each of {count} choices of their writers breaks this level, and this is one of them"
    worst = found[0]
    return replace(worst, anomalies=tuple(_noted(anomaly, note) for anomaly in worst.anomalies))


def _noted(anomaly: Anomaly, note: str) -> Anomaly:
    witness = replace(anomaly.witness, details=(*anomaly.witness.details, note), minimal=False)
    return replace(anomaly, witness=witness)


@dataclass(slots=True)
class _Renamed(Values):
    """Values of which some have another code, and are told as before."""

    meant: dict[int, int] = field(default_factory=dict)

    def value(self, code: int) -> object:
        return Values.value(self, self.meant.get(code, code))


def _micro(history: History, row: int) -> Iterator[tuple[int, int, int, int]]:
    """Place, kind, code of the key and of the value of what a transaction did."""
    micro = history.micro
    assert micro is not None
    for at in range(int(micro.offsets[row]), int(micro.offsets[row + 1])):
        yield at, int(micro.kind[at]), int(micro.key[at]), int(micro.value[at])


def _writers(history: History) -> dict[tuple[int, int], list[int]]:
    """By key and value: the rows that wrote it; those that did not fail first."""
    writers: dict[tuple[int, int], list[int]] = {}
    rows = sorted(range(len(history)), key=lambda row: (history.outcome[row] == FAIL, row))
    for row in rows:
        for _, kind, key, value in _micro(history, row):
            known = writers.setdefault((key, value), [])
            if kind == WRITE and row not in known:
                known.append(row)
    return writers


def _reads(history: History) -> dict[int, list[int]]:
    """The places of reads that leave a choice, with the rows of the writers, or _INITIAL."""
    writers = _writers(history)
    initial = history.values.code(history.hints.get("initial"))
    found: dict[int, list[int]] = {}
    for row in np.flatnonzero(history.outcome == OK).tolist():
        own: set[int] = set()
        for at, kind, key, value in _micro(history, row):
            if kind != READ:
                own.add(key)
            elif key not in own:
                choices = [*writers[key, value], *([_INITIAL] if value == initial else [])]
                if len(choices) > 1:
                    found[at] = choices
    return found


def _world(history: History, chosen: Mapping[int, int]) -> History:
    """The history in which each write of a value that others wrote, too, has a value of its own."""
    micro, values = history.micro, history.values
    assert micro is not None
    repeated = {place for place, rows in _writers(history).items() if len(rows) > 1}
    repeated |= {(int(micro.key[at]), int(micro.value[at])) for at in chosen}
    codes: dict[_Write, int] = {}
    meant: dict[int, int] = {}

    def code(key: int, value: int, row: int) -> int:
        if (key, value) not in repeated or row == _INITIAL:
            return value
        if (key, value, row) not in codes:
            codes[key, value, row] = _FIRST_CODE + len(codes)
            meant[codes[key, value, row]] = value
        return codes[key, value, row]

    column = micro.value.copy()
    for row in range(len(history)):
        own: dict[int, int] = {}
        for at, kind, key, value in _micro(history, row):
            if kind == WRITE:
                own[key] = value
                column[at] = code(key, value, row)
            elif at in chosen:
                column[at] = code(key, value, chosen[at])
            elif own.get(key) == value:
                column[at] = code(key, value, row)
    renamed = _Renamed(values.atoms, values.kinds, values.offsets, values.items, meant=meant)
    return replace(history, micro=replace(micro, value=column), values=renamed)
