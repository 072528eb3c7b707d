"""The measured staleness as a picture: what share of the reads lagged by how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from dscheck.checker.consistency.sessions.asking import span

_FEWEST: Final = 10
"""Reads of which shares say something."""
_WIDTH: Final = 640
_HEIGHT: Final = 240
_LEFT: Final = 56
_RIGHT: Final = 16
_TOP: Final = 24
_FLOOR: Final = _HEIGHT - 32
_SHARES: Final = (1.0, 0.1, 0.01, 0.001, 0.0001)


def draw(measures: Mapping[str, Any], measure: str) -> str:
    """An SVG of the staleness by `versions` or `time`, of the measures of a bounded-staleness judgement;
    empty where no read can have been stale, or there are too few for shares.

    Both axes are logarithmic.  The band lies between the least and the most share of reads that lagged so
    much.
    """
    found = measures.get("staleness", {}).get(measure, {})
    curve: Sequence[tuple[int, float, float]] = found.get("curve", ())
    if not curve or found["reads"] < _FEWEST:
        return ""
    floor = _floor([share for _, *shares in curve for share in shares if share > 0])
    ends = math.log10(curve[0][0]), math.log10(max(curve[-1][0], curve[0][0] * 10))

    def x(lag: int) -> float:
        return _LEFT + (math.log10(lag) - ends[0]) / (ends[1] - ends[0]) * (_WIDTH - _LEFT - _RIGHT)

    def y(share: float) -> float:
        return _TOP + (_FLOOR - _TOP) * math.log10(max(share, floor)) / math.log10(floor)

    above = [(x(lag), y(most)) for lag, _, most in curve]
    below = [(x(lag), y(least)) for lag, least, _ in curve]
    if len(curve) == 1:
        above, below = ([*line, (line[0][0] + 40, line[0][1])] for line in (above, below))
    band = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in above + below[::-1]) + "Z"
    label = f"reads that lagged by at least so {'many versions' if measure == 'versions' else 'much time'}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="staleness" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
        f'role="img" aria-label="{label}" font-family="sans-serif" font-size="11" fill="currentColor">'
        f'<text x="{_LEFT}" y="14">share of {found["reads"]:,} {label}</text>'
        + "".join(_line(y(share), f"{100 * share:g} %") for share in _SHARES if share >= floor)
        + "".join(_mark(x(lag), lag, measure) for lag in _ticks(curve[0][0], round(10 ** ends[1])))
        + f'<path d="{band}" fill="#3b7dd8" fill-opacity="0.35" stroke="#3b7dd8"/></svg>'
    )


def _floor(shares: Sequence[float]) -> float:
    """The power of ten at or below all shares; at least one below 1."""
    return min(max(10.0 ** math.floor(math.log10(min(shares))), _SHARES[-1]), _SHARES[1])


def _ticks(low: int, high: int) -> list[int]:
    """Powers of ten, and their doubles and fives where there are few."""
    tens = [10**power for power in range(19) if low <= 10**power <= high]
    if len(tens) > 2:
        return tens
    return [step * 10**power for power in range(18) for step in (1, 2, 5) if low <= step * 10**power <= high]


def _line(y: float, words: str) -> str:
    return (
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" '
        f'stroke-opacity="0.2"/><text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{words}</text>'
    )


def _mark(x: float, lag: int, measure: str) -> str:
    words = escape(span(lag) if measure == "time" else f"{lag:,}")
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_FLOOR}" y2="{_FLOOR + 4}" stroke="currentColor"/>'
        f'<text x="{x:.1f}" y="{_FLOOR + 18}" text-anchor="middle">{words}</text>'
    )
