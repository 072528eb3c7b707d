"""Whether two histories are the same to any checker, and if not, what one of them lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dscheck.histories.history import FAIL, NEVER, OK, READ, History, MicroOperations
from dscheck.histories.values import COMPOUND


def losses(before: History, after: History) -> list[str]:
    """What one history has and another does not, in words; empty where they are the same to any checker.

    Not compared: the order of rows that nobody can observe, times where there were none, results of
    operations that did not return, what aborted transactions read, and which aborted writes were of one
    transaction.
    """
    found = []
    if before.micro is not None and after.micro is not None:
        if _aborted(before) != _aborted(after):
            found.append("writes that were aborted")
        before, after = _without_failed(before), _without_failed(after)
    if len(before) != len(after) and len(after) == int((before.outcome != FAIL).sum()):
        found.append("the operations that failed")
        before = _without_failed(before)
    if len(before) != len(after):
        return [*found, f"{abs(len(before) - len(after)):,} operations"]
    if before.ordered_in_time and not after.ordered_in_time:
        found.append("which operation came before which in real time")
    timed = before.ordered_in_time and after.ordered_in_time
    pair = _Pair(before, after, *_rows(before, after, timed=timed))
    if timed and not (_ranks(before) == _ranks(after)).all():
        found.append("the order of the events")
    found += pair.columns()
    found += pair.inside()
    if any(before.hints.get(name) != after.hints.get(name) for name in ("initial", "partial")):
        found.append("what is known of the registers before the first write")
    if before.events and not after.events:
        found.append("the faults")
    return found


def _rows(
    before: History, after: History, *, timed: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The rows of both in an order that both have: that of the invocations, or session by session.

    Sessions have the same names, or else the order in which they turn up.
    """
    orders = [np.argsort(history.invoked, kind="stable") for history in (before, after)]
    if timed:
        return orders[0], orders[1]
    who = [before.process[orders[0]], _translated(before, after, after.process[orders[1]])]
    if not np.array_equal(np.unique(who[0]), np.unique(who[1])):
        who = [_first_seen(codes) for codes in who]
    first, second = (
        order[np.argsort(codes, kind="stable")] for order, codes in zip(orders, who, strict=True)
    )
    return first, second


def _translated(into: History, of: History, codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Codes of one history as codes of another."""
    special = np.unique(codes[codes >= COMPOUND])
    if not len(special):
        return codes
    known = np.array([into.values.code(of.values.value(int(code))) for code in special], np.int64)
    place = np.minimum(np.searchsorted(special, codes), len(special) - 1)
    return np.where(codes >= COMPOUND, known[place], codes)


def _first_seen(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Numbers instead of names, in the order in which they turn up."""
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _ranks(history: History) -> npt.NDArray[np.int64]:
    """The places of all invocations, then of the returns, among all events; -1 for unknown returns."""
    moments = np.concatenate([np.sort(history.invoked), history.returned[np.argsort(history.invoked)]])
    known = moments != NEVER
    found = np.full(len(moments), -1, np.int64)
    found[np.flatnonzero(known)[np.argsort(moments[known], kind="stable")]] = np.arange(int(known.sum()))
    return found


def _aborted(history: History) -> Counter[tuple[Any, ...]]:
    """What aborted transactions wrote."""
    micro = history.micro
    if micro is None:
        return Counter()
    owner = np.repeat(np.arange(len(history)), np.diff(micro.offsets))
    at = np.flatnonzero((history.outcome[owner] == FAIL) & (micro.kind != READ))
    value = history.values.value
    columns = (micro.kind[at], micro.key[at], micro.value[at])
    return Counter(
        (int(kind), repr(value(key)), repr(value(held))) for kind, key, held in zip(*columns, strict=True)
    )


def _without_failed(history: History) -> History:
    """The history without what certainly did not happen."""
    kept = history.outcome != FAIL
    names = ("process", "function", "outcome", "key", "argument", "result", "invoked", "returned", "line")
    optional = ("invoke_time", "return_time", "begin_stamp", "commit_stamp")
    columns = {name: getattr(history, name)[kept] for name in names}
    columns |= {name: getattr(history, name)[kept] for name in optional if getattr(history, name) is not None}
    micro = history.micro
    if micro is not None:
        sizes = np.diff(micro.offsets)
        inside = np.repeat(kept, sizes)
        offsets = np.concatenate([[0], np.cumsum(sizes[kept])])
        micro = MicroOperations(offsets, micro.kind[inside], micro.key[inside], micro.value[inside])
    return replace(history, micro=micro, **columns)


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two histories whose rows stand for the same operations."""

    before: History
    after: History
    rows: npt.NDArray[np.int64]
    rows_after: npt.NDArray[np.int64]

    def columns(self) -> Iterator[str]:
        """What differs outside of transactions."""
        before, after = self.before, self.after
        if not self._same_values("process"):
            who = [_first_seen(of.process[rows]) for of, rows in self._both()]
            yield "the names of the processes" if (who[0] == who[1]).all() else "which process did what"
        names = [np.array(of.functions, object)[of.function[rows]] for of, rows in self._both()]
        if not (names[0] == names[1]).all():
            yield "the names of the functions"
        if not (before.outcome[self.rows] == after.outcome[self.rows_after]).all():
            yield "the outcomes"
        told = before.outcome[self.rows] == OK
        for name, of_whom in (("key", True), ("argument", True), ("result", told)):
            if not self._same_values(name, of_whom):
                yield f"the {name}s"
        for names_of, words in (
            (("invoke_time", "return_time"), "the times"),
            (("begin_stamp", "commit_stamp"), "the database's timestamps"),
        ):
            if not all(self._same_numbers(name) for name in names_of):
                yield words

    def inside(self) -> Iterator[str]:
        """What differs inside of transactions; reads of those that may not have happened do not count."""
        steps = [_steps(of, rows) for of, rows in self._both()]
        (sizes, kind, key, value), (sizes_after, kind_after, key_after, value_after) = steps
        same = len(sizes) == len(sizes_after) and bool((sizes == sizes_after).all())
        if not same or not (kind == kind_after).all():
            yield "operations inside of transactions"
        elif not (key == _translated(self.before, self.after, key_after)).all():
            yield "the keys inside of transactions"
        elif not (value == _translated(self.before, self.after, value_after)).all():
            yield "the values inside of transactions"

    def _both(self) -> tuple[tuple[History, npt.NDArray[np.int64]], ...]:
        return (self.before, self.rows), (self.after, self.rows_after)

    def _same_values(self, name: str, which: npt.NDArray[np.bool_] | bool = True) -> bool:
        first = getattr(self.before, name)[self.rows]
        second = _translated(self.before, self.after, getattr(self.after, name)[self.rows_after])
        return bool(((first == second) | ~np.asarray(which)).all())

    def _same_numbers(self, name: str) -> bool:
        """Whether the optional column is the same; where there was none, nothing is lost."""
        first, second = getattr(self.before, name), getattr(self.after, name)
        if first is None:
            return True
        return second is not None and bool((first[self.rows] == second[self.rows_after]).all())


def _steps(history: History, rows: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], ...]:
    """How many micro-operations each row has that count; their kinds, keys and values, row by row."""
    micro = history.micro
    if micro is None:
        return np.zeros(len(rows), np.int64), *([np.zeros(0, np.int64)] * 3)
    sizes = np.diff(micro.offsets)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    place = np.empty(len(rows), np.int64)
    place[rows] = np.arange(len(rows))
    order = np.argsort(place[owner], kind="stable")
    order = order[(micro.kind[order] != READ) | (history.outcome[owner[order]] == OK)]
    counts = np.bincount(place[owner[order]], minlength=len(rows))
    return counts, micro.kind[order].astype(np.int64), micro.key[order], micro.value[order]
