"""Concurrency, throughput and latency, over the whole recording and in slices of its time.

All of it is a few passes of numpy over the columns: ten million operations take seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.history import NEVER, OK, History
from dscheck.histories.statistics.measures import Latency, OverTime

_Words = npt.NDArray[np.int64]

SLICES: Final = 160
"""Slices of a recording: more than a picture can show would be noise."""
_FEW: Final = 20
_EACH: Final = 10
"""How many operations a slice should have, so that its quantiles mean something."""
_QUANTILES: Final = (0.5, 0.9, 0.99, 0.999)
_SECOND: Final = 1e9


@dataclass(frozen=True, slots=True)
class Timeline:
    """The operations of a history in the order of invocation, on a clock that starts at 0, in nanoseconds."""

    invoked: _Words
    returned: _Words
    """The end of the recording for what never returned."""
    done: npt.NDArray[np.bool_]
    """Whether the return was recorded."""
    ok: npt.NDArray[np.bool_]
    end: int
    """When the last thing happened."""

    @classmethod
    def of(cls, history: History) -> Timeline | None:
        """None where the times are unknown, or all the same."""
        if history.invoke_time is None or history.return_time is None or not len(history):
            return None
        began = history.invoke_time
        order = slice(None) if bool((began[1:] >= began[:-1]).all()) else np.argsort(began, kind="stable")
        began, ended = began[order], history.return_time[order]
        done = ended != NEVER
        last = max(int(began[-1]), int(ended[done].max(initial=began[0])))
        end = last - int(began[0])
        if end <= 0:
            return None
        ended = np.where(done, ended, last) - began[0]
        return cls(began - began[0], ended, done, history.outcome[order] == OK, end)


def most_open(history: History) -> tuple[npt.NDArray[np.int64], float]:
    """How many operations are open after each invocation, in that order; and the mean over all events.

    Positions decide, not times: they are distinct, and what touches overlaps.
    """
    invoked = np.sort(history.invoked)
    returned = np.sort(history.returned[history.returned != NEVER])
    before = np.searchsorted(returned, invoked)
    open_now = np.arange(1, len(invoked) + 1) - before
    after_return = np.searchsorted(invoked, returned) - np.arange(1, len(returned) + 1)
    events = len(invoked) + len(returned)
    return open_now, float((open_now.sum() + after_return.sum()) / max(events, 1))


def mean_open(timeline: Timeline) -> float:
    """The mean number of open operations, from the number that is open between one event and the next."""
    moments = np.concatenate([timeline.invoked, timeline.returned])
    step = np.repeat(np.array([1, -1], np.int8), len(timeline.invoked))
    order = np.argsort(moments, kind="stable")
    open_now = np.cumsum(step[order], dtype=np.int64)
    gaps = np.diff(moments[order])
    return float((open_now[:-1] * gaps.astype(np.float64)).sum() / timeline.end)


def latency(nanoseconds: _Words) -> Latency | None:
    """The distribution of some durations; None for none."""
    if not len(nanoseconds):
        return None
    ordered = np.sort(nanoseconds)
    p50, p90, p99, p999 = (_quantile(ordered, share) for share in _QUANTILES)
    least, most = float(ordered[0]) / _SECOND, float(ordered[-1]) / _SECOND
    return Latency(len(ordered), float(ordered.mean()) / _SECOND, least, p50, p90, p99, p999, most)


def over_time(timeline: Timeline, open_after: _Words) -> OverTime:
    """The recording in slices of equal time; `open_after` as `most_open` gives it."""
    slices = min(SLICES, max(_FEW, len(timeline.invoked) // _EACH))
    width = timeline.end / slices
    starts = _slice_of(timeline.invoked, width, slices)
    ends = _slice_of(timeline.returned, width, slices)
    invoked = np.bincount(starts, minlength=slices)
    edges = np.concatenate([[0], np.cumsum(invoked)])
    returned = {
        outcome: np.bincount(ends[timeline.done & (timeline.ok == outcome)], minlength=slices)
        for outcome in (True, False)
    }
    areas = _open_until_edges(timeline.invoked, starts, width, slices)
    areas -= _open_until_edges(timeline.returned, ends, width, slices)
    open_mean = np.diff(areas) / width
    bands = [_bands(timeline, slice(low, high)) for low, high in pairwise(edges)]
    most = [
        max(int(open_after[low:high].max(initial=0)), int(np.ceil(mean - 1e-6)))
        for (low, high), mean in zip(pairwise(edges), open_mean, strict=True)
    ]
    p50, p90, p99, longest = zip(*bands, strict=True)
    return OverTime(
        width=width / _SECOND,
        ok=tuple(returned[True].tolist()),
        fail=tuple(returned[False].tolist()),
        invoked=tuple(invoked.tolist()),
        open_mean=tuple(np.round(open_mean, 6).tolist()),
        open_most=tuple(most),
        p50=p50,
        p90=p90,
        p99=p99,
        most=longest,
    )


def _slice_of(moments: _Words, width: float, slices: int) -> _Words:
    return np.minimum((moments / width).astype(np.int64), slices - 1)


def _open_until_edges(
    moments: _Words, slice_of: _Words, width: float, slices: int
) -> npt.NDArray[np.float64]:
    """For each edge of the slices: how long, in sum, it was from each moment before the edge to the edge."""
    count = np.concatenate([[0], np.cumsum(np.bincount(slice_of, minlength=slices))])
    weights = np.bincount(slice_of, weights=moments.astype(np.float64), minlength=slices)
    total = np.concatenate([[0.0], np.cumsum(weights)])
    return np.asarray(np.arange(slices + 1) * width * count - total, np.float64)


def _bands(timeline: Timeline, rows: slice) -> tuple[float | None, float | None, float | None, float | None]:
    ok = timeline.ok[rows] & timeline.done[rows]
    spent = (timeline.returned[rows] - timeline.invoked[rows])[ok]
    if not len(spent):
        return None, None, None, None
    ordered = np.sort(spent)
    p50, p90, p99 = (_quantile(ordered, share) for share in _QUANTILES[:3])
    return p50, p90, p99, float(ordered[-1]) / _SECOND


def _quantile(ordered: _Words, share: float) -> float:
    """The least duration that at least this share did not exceed, in seconds."""
    at = min(len(ordered) - 1, max(0, int(np.ceil(share * len(ordered))) - 1))
    return float(ordered[at]) / _SECOND
