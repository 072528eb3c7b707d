"""Positions: what they must be, and recordings in which a process goes on at the very instant at which it
was told.

Positions put invocations before returns of the same time, as nobody knows which of two processes was first.
Of one process the order is known (Herlihy and Wing, TOPLAS 1990: histories are well-formed), but the return
of an operation and the next invocation may share an instant with such a pair of another process: which pair
was first is unknown.  A history is linearizable if it is for one order of the pairs of each instant.
Nothing is lost: any order of operations that agrees with each process agrees with such an order of pairs,
too, that of the first operations in them.  With no more than one pair at an instant, as mostly, there is one
order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product
from math import factorial, prod
from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import FAIL, NEVER, OK, History

_Numbers = npt.NDArray[np.int64]
_MOST: Final = 120
"""In how many ways a history is resolved at most."""


def check_positions(history: History) -> None:
    """Raises HistoryError for positions that no recording has: two events at one, a return before its
    invocation."""
    happened = history.outcome != FAIL
    early = happened & (history.returned <= history.invoked)
    if early.any():
        row = int(early.argmax())
        raise HistoryError(
            f"a return at position {history.returned[row]}, and its invocation at {history.invoked[row]}",
            file=history.name,
            line=int(history.line[row]),
        )
    both = np.concatenate(
        [history.invoked[happened], history.returned[happened & (history.returned != NEVER)]]
    )
    if not len(both):
        return
    first, span = int(both.min()), int(both.max()) - int(both.min()) + 1
    if span <= 8 * len(both):
        taken = np.zeros(span, np.bool_)
        taken[both - first] = True
        different = int(np.count_nonzero(taken))
    else:
        different = len(np.unique(both))
    if different < len(both):
        raise HistoryError("two invocations or returns have the same position", file=history.name)


@dataclass(frozen=True, slots=True)
class Touching:
    """Operations of one process, the first of which returns when the next is invoked, or even later."""

    history: History
    first: _Numbers
    """Rows of the first of each pair, in the order of invocation."""
    next: _Numbers
    """Rows of the next ones; more of them where an operation did not return."""
    pair: _Numbers
    """Of each next one, the number of its pair."""
    overlapping: bool
    """Whether some process is recorded as doing two things at once: its order is then not that of time."""

    @property
    def is_one_way(self) -> bool:
        """Whether no instant has more than one pair."""
        return self._ways() == 1

    @property
    def all_ways(self) -> bool:
        """Whether `resolved` gives all ways."""
        return self._ways() <= _MOST

    def resolved(self) -> Iterator[History]:
        """The history with positions that keep the order of each pair; in two ways if there are too many."""
        rank = np.arange(len(self.first), dtype=np.int64)
        if not self.all_ways:
            yield self._with_ranks(rank)
            yield self._with_ranks(np.lexsort((rank, self.history.process[self.first])).argsort())
            return
        groups = self._groups()
        for chosen in product(*map(self._orders, groups)):
            for group, order in zip(groups, chosen, strict=True):
                rank[list(order)] = group
            yield self._with_ranks(rank)

    def _groups(self) -> list[_Numbers]:
        """The pairs of each instant that has several."""
        assert self.history.return_time is not None
        instants, sizes = np.unique(self.history.return_time[self.first], return_counts=True)
        shared = instants[sizes > 1]
        return [np.flatnonzero(self.history.return_time[self.first] == instant) for instant in shared]

    def _ways(self) -> int:
        """In how many ways pairs can be put in order, at most; very many are not counted."""
        if not len(self.first):
            return 1
        assert self.history.return_time is not None
        _, sizes = np.unique(self.history.return_time[self.first], return_counts=True)
        several = sizes[sizes > 1].tolist()
        return _MOST + 1 if len(several) > 7 or max(several, default=1) > 5 else prod(map(factorial, several))

    def _orders(self, group: _Numbers) -> Iterator[tuple[int, ...]]:
        """The orders of the pairs of one instant; those of one process stay as they are."""
        process = self.history.process[self.first]

        def fits(order: tuple[int, ...]) -> bool:
            return not any(two < one and process[one] == process[two] for one, two in combinations(order, 2))

        return filter(fits, permutations(group.tolist()))

    def _with_ranks(self, rank: _Numbers) -> History:
        """Events of one instant: invocations, the pairs by their ranks, returns."""
        history, count = self.history, len(self.history)
        assert history.invoke_time is not None
        assert history.return_time is not None
        phase = np.repeat([0, 2], count)
        phase[self.next] = 1
        phase[count + self.first] = 1
        place = np.zeros(2 * count, np.int64)
        place[self.next] = 2 * rank[self.pair] + 1
        place[count + self.first] = 2 * rank
        was = np.concatenate([history.invoked, history.returned])
        times = np.concatenate([history.invoke_time, history.return_time])
        order = np.lexsort((was, place, phase, times))
        order = order[was[order] != NEVER]
        position = np.full(2 * count, NEVER, np.int64)
        position[order] = np.arange(len(order))
        return replace(history, invoked=position[:count], returned=position[count:])


def touching(history: History) -> Touching | None:
    """Where processes touch or overlap themselves; None if none does."""
    rows = np.flatnonzero(history.outcome != FAIL)
    rows = rows[np.lexsort((history.invoked[rows], history.process[rows]))]
    known = np.where(history.outcome[rows] == OK, np.arange(len(rows)), -1)
    last = np.maximum.accumulate(known)[:-1] if len(rows) else known
    later = np.flatnonzero(last >= 0)
    before, after = rows[last[later]], rows[later + 1]
    wrong = (history.process[before] == history.process[after]) & (
        history.returned[before] > history.invoked[after]
    )
    if not wrong.any():
        return None
    before, after = before[wrong], after[wrong]
    touches = np.zeros(len(before), np.bool_)
    if _is_in_time(history):
        assert history.invoke_time is not None
        assert history.return_time is not None
        touches = history.return_time[before] == history.invoke_time[after]
    first, pair = np.unique(before[touches], return_inverse=True)
    return Touching(history, first, after[touches], pair, not touches.all())


def _is_in_time(history: History) -> bool:
    """Whether positions agree with times."""
    if history.invoke_time is None or history.return_time is None:
        return False
    was = np.concatenate([history.invoked, history.returned])
    times = np.concatenate([history.invoke_time, history.return_time])
    order = np.argsort(was, kind="stable")
    order = order[was[order] != NEVER]
    return not bool((np.diff(times[order]) < 0).any())
