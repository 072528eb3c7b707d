"""All measures of a history."""

from __future__ import annotations

import numpy as np

from dscheck.histories.history import FAIL, INFO, MICRO_KINDS, NEVER, OK, History
from dscheck.histories.statistics.load import load
from dscheck.histories.statistics.measures import (
    Band,
    Concurrency,
    FunctionMeasures,
    Latency,
    LittlesLaw,
    Statistics,
)
from dscheck.histories.statistics.overtime import Timeline, latency, mean_open, most_open, over_time


def measure(history: History) -> Statistics:
    """Everything that can be measured of a history: what it does not know of time is None."""
    timeline = Timeline.of(history) if history.ordered_in_time else None
    ordered = history.ordered_in_time and len(history) > 0
    open_after, mean = most_open(history) if ordered else (np.zeros(1, np.int64), 0.0)
    law = _little(timeline) if timeline else None
    span = timeline.end / 1e9 if timeline else None
    ok = timeline.ok & timeline.done if timeline else None
    never = int((history.returned == NEVER).sum())
    mean = law.measured if law else mean
    return Statistics(
        name=history.name,
        format=history.format,
        operations=len(history),
        processes=len(np.unique(history.process)),
        functions=_functions(history, timed=timeline is not None),
        micro_operations=_kinds(history),
        span=span,
        throughput=float(ok.sum() / span) if ok is not None and span else None,
        latency=latency((timeline.returned - timeline.invoked)[ok]) if timeline else None,
        concurrency=Concurrency(mean, int(open_after.max()), never) if ordered else None,
        little=law,
        load=load(history),
        over_time=over_time(timeline, open_after) if timeline else None,
        bands=_bands(history, timeline) if timeline else (),
    )


def _functions(history: History, *, timed: bool) -> tuple[FunctionMeasures, ...]:
    width = max(OK, FAIL, INFO) + 1
    pairs = history.function.astype(np.int64) * width + history.outcome
    counts = np.bincount(pairs, minlength=len(history.functions) * width).reshape(-1, width)
    found = []
    for number, name in enumerate(history.functions):
        if counts[number].any():
            ok, fail, info = (int(counts[number, outcome]) for outcome in (OK, FAIL, INFO))
            spent = _spent(history, number) if timed and ok else None
            found.append(FunctionMeasures(name, ok, fail, info, spent))
    return tuple(sorted(found, key=lambda of: -(of.ok + of.fail + of.info)))


def _spent(history: History, function: int) -> Latency | None:
    began, ended = history.invoke_time, history.return_time
    if began is None or ended is None:
        return None
    rows = (history.function == function) & (history.outcome == OK) & (ended != NEVER)
    return latency(ended[rows] - began[rows])


def _kinds(history: History) -> tuple[tuple[str, int], ...]:
    if history.micro is None:
        return ()
    counts = np.bincount(history.micro.kind, minlength=len(MICRO_KINDS))
    return tuple((name, int(count)) for name, count in zip(MICRO_KINDS, counts, strict=True) if count)


def _little(timeline: Timeline) -> LittlesLaw:
    """Both sides of L = lambda W; what never returned is open to the end, and has no time."""
    span = timeline.end / 1e9
    spent = (timeline.returned - timeline.invoked) / 1e9
    returned = spent[timeline.done]
    time = float(returned.mean()) if len(returned) else 0.0
    arrivals = len(spent) / span
    unreturned = float((spent[~timeline.done].sum() - time * int((~timeline.done).sum())) / span)
    return LittlesLaw(arrivals, time, arrivals * time, mean_open(timeline), unreturned)


def _bands(history: History, timeline: Timeline) -> tuple[Band, ...]:
    """The events of the history on the clock: each begins with the next invocation."""
    if not history.events:
        return ()
    order = np.argsort(history.invoked, kind="stable")
    positions = history.invoked[order]

    def when(position: int) -> float:
        at = int(np.searchsorted(positions, position))
        return timeline.end / 1e9 if at == len(positions) else float(timeline.invoked[at]) / 1e9

    return tuple(Band(event.name, when(event.begin), when(event.end)) for event in history.events)
