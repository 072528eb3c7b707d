"""When operations began and ended, as exactly as it is known: each process's own order always counts.

Clocks are coarse: many things happen at one instant.  Of two processes nobody knows then which was first, and
positions put invocations before returns.  Where positions say more, as events in a file do, or as a process
that goes on at the instant of its return has an order (see `linearizability.instants`), times are split:
into so many units per nanosecond that a return which is before an invocation of the same instant is less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dscheck.checker.consistency.linearizability import instants
from dscheck.checker.consistency.sessions.recording import Numbers
from dscheck.histories.history import NEVER, History

_MOST = 2**62
"""Units that clocks can count."""


@dataclass(frozen=True)
class Moments:
    """Of each access of a recording when it began and ended."""

    columns: dict[str, npt.NDArray[np.generic]]
    """begin, end: positions; started, ended: times, in units."""
    tick: int
    """Units per nanosecond."""

    @classmethod
    def of(cls, history: History, row: Numbers) -> Moments:
        """By the positions and the times of a history; `row` is that of each access."""
        columns: dict[str, npt.NDArray[np.generic]] = {
            "begin": history.invoked[row],
            "end": history.returned[row],
        }
        columns["started"], columns["ended"], tick = columns["begin"], columns["end"], 1
        if history.invoke_time is not None and history.return_time is not None:
            started, ended, tick = _split(history, history.invoke_time, history.return_time)
            columns["started"], columns["ended"] = started[row], ended[row]
        return cls(columns, tick)


@dataclass(frozen=True)
class Ways:
    """In which ways the events of each instant may have been ordered."""

    history: History
    touching: instants.Touching | None

    @classmethod
    def of(cls, history: History) -> Ways:
        """Of a history."""
        touching = instants.touching(history)
        return cls(history, touching if touching is not None and len(touching.first) else None)

    @property
    def is_one(self) -> bool:
        """Whether there is only one."""
        return self.touching is None or self.touching.is_one_way

    @property
    def are_all(self) -> bool:
        """Whether `each` gives all of them."""
        return self.touching is None or self.touching.all_ways

    def each(self) -> Iterator[History]:
        """The history with the positions of each way."""
        return iter([self.history]) if self.touching is None else self.touching.resolved()


def _split(history: History, began: Numbers, ended: Numbers) -> tuple[Numbers, Numbers, int]:
    """Times in units, by row, and how many units a nanosecond has: one where times say as much as positions,
    or contradict them."""
    count = len(history)
    was, times = np.concatenate([history.invoked, history.returned]), np.concatenate([began, ended])
    order = np.argsort(was, kind="stable")
    order = order[was[order] != NEVER]
    at, invokes = times[order], order < count
    steps = np.diff(at)
    turns = np.append(False, invokes[1:] & ~invokes[:-1] & (steps == 0))
    if not len(at) or bool((steps < 0).any()) or not turns.any():
        return began, ended, 1
    turn = np.cumsum(turns)
    rank = turn - np.maximum.accumulate(np.where(np.append(True, steps > 0), turn, 0))
    tick, first = int(rank.max()) + 1, int(at[0])
    if (int(at[-1]) - first + 1) * tick >= _MOST:
        return began, ended, 1
    units = np.full(2 * count, NEVER, np.int64)
    units[order] = (at - first) * tick + rank
    return units[:count], units[count:], tick
