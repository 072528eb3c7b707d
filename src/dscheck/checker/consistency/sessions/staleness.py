"""How stale the reads of a recording were: a distribution, with bounds and confidence intervals.

Of every read it is known only within bounds by how much it lagged, as nobody records when an operation took
effect.  So each share and each quantile has two:

* *between*: what the recording permits; whatever took effect when, the value for these reads lies there.
* *confidence*: at 95 %, also for the reads that might have been made in the same conditions.  Shares by
  Wilson's interval (1927), quantiles by order statistics (David and Nagaraja 2003, section 7.1), both
  widened by how much reads that follow each other resemble each other (variance of batch means, Law 2015,
  section 9.5.3).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.sessions.asking import span
from dscheck.checker.consistency.sessions.recording import Numbers, Recording
from dscheck.histories.history import NEVER

QUANTILES: Final = (0.5, 0.9, 0.99, 0.999)
_Z: Final = 1.959964
"""Of the normal distribution, for 95 %."""
_BATCHES: Final = 30
_POINTS: Final = 48
"""Of the curve that a picture shows."""


def measured(world: _engine.Accesses, recording: Recording) -> dict[str, Any]:
    """By `versions`, and by `time` in nanoseconds where there is a clock; empty where nothing was read.

    reads, effective_reads; stale, quantiles, most, each with (least, most) `between` and, for a sample of
    reads, `confidence`; and a curve of (lag, least share, most share of the reads that lagged at least so
    much).
    """
    if not recording.history.ordered_in_time or not dict(world.counts())["reads"]:
        return {}
    timed = recording.history.invoke_time is not None and recording.history.return_time is not None
    return {
        measure: _distribution(world, recording, measure) for measure in ("versions", "time")[: 1 + timed]
    }


def _distribution(world: _engine.Accesses, recording: Recording, measure: str) -> dict[str, Any]:
    access, lower, upper = (np.frombuffer(part, np.int64) for part in world.lags(measure))
    returned = recording.columns["end"][access] != NEVER
    access, lower, upper = access[returned], lower[returned], upper[returned]
    turn = np.argsort(recording.columns["begin"][access], kind="stable")
    reads = len(access)
    if not reads:
        return {"reads": 0}
    effect = _design_effect((lower > 0)[turn])
    least, most = np.sort(lower), np.sort(upper)
    shares = (float((lower > 0).mean()), float((upper > 0).mean()))
    effective = reads / effect
    return {
        "reads": reads,
        "effective_reads": round(effective),
        "stale": {
            "between": shares,
            "confidence": (_wilson(shares[0], effective)[0], _wilson(shares[1], effective)[1]),
        },
        "quantiles": {f"{share:g}": _quantile(least, most, share, effect) for share in QUANTILES},
        "most": (int(least[-1]), int(most[-1])),
        "curve": _curve(least, most),
    }


def _design_effect(stale: np.ndarray) -> float:
    """By which factor fewer independent reads would tell as much."""
    size, share = len(stale) // _BATCHES, float(stale.mean())
    if size < 2 or share in (0.0, 1.0):
        return 1.0
    means = stale[: size * _BATCHES].reshape(_BATCHES, size).mean(axis=1)
    return min(max(1.0, float(means.var(ddof=1)) * size / (share * (1 - share))), float(size))


def _wilson(share: float, count: float) -> tuple[float, float]:
    """The interval for a share of so many."""
    square = _Z * _Z / count
    middle = (share + square / 2) / (1 + square)
    half = _Z * math.sqrt(share * (1 - share) / count + square / (4 * count)) / (1 + square)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _quantile(least: Numbers, most: Numbers, share: float, effect: float) -> dict[str, Any]:
    """Bounds of a quantile; the upper one of its confidence is None where too few reads lie beyond it."""
    count = len(least)
    at = max(math.ceil(share * count) - 1, 0)
    wide = _Z * math.sqrt(count * share * (1 - share) * effect)
    low, high = max(math.floor(share * count - wide) - 1, 0), math.ceil(share * count + wide)
    return {
        "between": (int(least[at]), int(most[at])),
        "confidence": (int(least[low]), int(most[high]) if high < count else None),
    }


def _curve(least: Numbers, most: Numbers) -> list[tuple[int, float, float]]:
    """Shares of reads that lagged at least so much, from the smallest lag to the largest."""
    top, count = int(most[-1]), len(most)
    if top <= 0:
        return []
    low = max(int(most[np.searchsorted(most, 1)]), 1)
    points = np.unique(np.geomspace(low, top, _POINTS).round().astype(np.int64))
    beyond = [1 - np.searchsorted(lags, points) / count for lags in (least, most)]
    return [(int(x), float(a), float(b)) for x, a, b in zip(points, *beyond, strict=True)]


def lines(measures: Mapping[str, Any]) -> Iterator[str]:
    """What `measured` found, for a terminal: two lines per measure."""
    for measure, found in measures.get("staleness", {}).items():
        if not found["reads"]:
            continue
        stale = found["stale"]
        share, sure = _between(stale["between"], percent), _between(stale["confidence"], percent)
        yield f"stale by {measure}: {share} of {plural(found['reads'], 'read')} (95 % confidence: {sure})"
        told = span if measure == "time" else str
        parts = [
            f"{100 * float(name):g} %: {_between(of['between'], told)}"
            for name, of in found["quantiles"].items()
        ]
        yield f"  quantiles {', '.join(parts)}; most {_between(found['most'], told)}"


def percent(share: float) -> str:
    """Three digits that count, and never an exponent: `0.0000252 %`."""
    text = f"{100 * share:.3g}"
    if "e" in text:
        text = f"{100 * share:.{2 - math.floor(math.log10(100 * share))}f}".rstrip("0")
    return f"{text} %"


def _between(ends: tuple[Any, Any], told: Callable[[Any], str]) -> str:
    """`3`, or `3 to 5`."""
    low, high = ends
    return told(low) if told(low) == told(high) else f"{told(low)} to {told(high)}"
