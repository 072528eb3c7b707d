"""Charts as SVG, drawn by hand; their colours are in page.css."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

WIDTH: Final = 1080
HEIGHT: Final = 208
_LEFT: Final = 70
_RIGHT: Final = 14
_TOP: Final = 20
_BOTTOM: Final = 26
_FLOOR: Final = HEIGHT - _BOTTOM

Points = Sequence[float | None]
"""One value per slice of the recording; None where there is none."""
Text = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to places on the picture."""

    least: float
    most: float
    begin: float
    end: float
    logarithmic: bool = False
    parts: int = 5
    """Into how many the ticks divide it, at most."""

    def __call__(self, value: float) -> float:
        low, high, at = self.least, self.most, min(max(value, self.least), self.most)
        if self.logarithmic:
            low, high, at = math.log10(low), math.log10(high), math.log10(at)
        return self.begin + (at - low) / (high - low) * (self.end - self.begin)

    def ticks(self) -> list[float]:
        """Round numbers; of a logarithmic scale powers of ten."""
        if self.logarithmic:
            first, last = round(math.log10(self.least)), round(math.log10(self.most))
            return [10.0**power for power in range(first, last + 1, max(1, math.ceil((last - first) / 5)))]
        step = _nice((self.most - self.least) / self.parts)
        return [step * at for at in range(math.floor(self.most / step * (1 + 1e-9)) + 1)]


def linear(values: Iterable[float | None]) -> Scale:
    """A scale for the height, from 0."""
    most = max((value for value in values if value is not None), default=0.0)
    return Scale(0.0, (most or 1.0) * 1.06, _FLOOR, _TOP)


def logarithmic(values: Iterable[float | None]) -> Scale:
    """A scale for the height, between powers of ten."""
    known = [value for value in values if value is not None and value > 0] or [1.0]
    low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
    return Scale(10.0**low, 10.0 ** max(high, low + 1), _FLOOR, _TOP, logarithmic=True)


def _nice(step: float) -> float:
    """The next step of 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over the time of a recording, in slices; what is drawn later lies above."""

    label: str
    """For those who do not see it."""
    seconds: float
    slices: int
    y: Scale
    parts: list[str] = field(default_factory=list)

    @property
    def x(self) -> Scale:
        """Time in seconds."""
        return Scale(0.0, self.seconds, _LEFT, WIDTH - _RIGHT, parts=8)

    def band(self, name: str, begin: float, end: float) -> None:
        """A fault: a band over the whole height."""
        left = self.x(begin)
        width = max(self.x(end) - left, 2.0)
        self.parts.append(
            f'<g class="band"><rect x="{left:.1f}" y="{_TOP}" width="{width:.1f}" height="{_FLOOR - _TOP}"/>'
            f'<text x="{left:.1f}" y="{_TOP - 6}">{escape(name[:40])}</text></g>'
        )

    def area(self, upper: Points, lower: Points | None, style: str) -> None:
        """What lies between two lines, or below one."""
        for run in _runs(upper):
            above = self._places(run, upper)
            below = self._places(run, lower) if lower else [(above[-1][0], _FLOOR), (above[0][0], _FLOOR)]
            corners = above + (below[::-1] if lower else below)
            self.parts.append(f'<path class="{style}" d="{_path(corners)}Z"/>')

    def line(self, values: Points, style: str) -> None:
        """A line, broken where there is nothing."""
        for run in _runs(values):
            self.parts.append(f'<path class="line {style}" d="{_path(self._places(run, values))}"/>')

    def steps(self, values: Sequence[float], below: Sequence[float] | None, style: str) -> None:
        """Columns as wide as a slice, on top of others."""
        edges = [self.x(at * self.seconds / self.slices) for at in range(self.slices + 1)]
        feet = below or [0.0] * self.slices
        tops = [(x, self.y(values[at] + feet[at])) for at in range(self.slices) for x in edges[at : at + 2]]
        under = [(x, self.y(feet[at])) for at in range(self.slices) for x in edges[at : at + 2]]
        self.parts.append(f'<path class="{style}" d="{_path(tops + under[::-1])}Z"/>')

    def draw(self, amount: Text, moment: Text) -> str:
        """The whole chart; `amount` writes a value, `moment` a time."""
        return (
            f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(self.label)}" '
            f'data-left="{_LEFT}" data-right="{WIDTH - _RIGHT}">{"".join(self._axes(amount, moment))}'
            f'{"".join(self.parts)}<line class="cursor" y1="{_TOP}" y2="{_FLOOR}" visibility="hidden"/></svg>'
        )

    def _places(self, run: range, values: Points) -> list[tuple[float, float]]:
        """A value stands in the middle of its slice; a lone one is as wide as it."""
        width = self.seconds / self.slices
        found = [(self.x((at + 0.5) * width), self.y(values[at] or 0.0)) for at in run]
        if len(found) == 1:
            half = (self.x(width) - self.x(0)) / 2
            found = [(found[0][0] - half, found[0][1]), (found[0][0] + half, found[0][1])]
        return found

    def _axes(self, amount: Text, moment: Text) -> Iterator[str]:
        for tick in self.y.ticks():
            y = self.y(tick)
            yield f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            yield f'<text class="end" x="{_LEFT - 8}" y="{y + 4:.1f}">{escape(amount(tick))}</text>'
        for tick in self.x.ticks():
            x = self.x(tick)
            anchor = "middle" if x < WIDTH - 40 else "end"
            yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_FLOOR}" y2="{_FLOOR + 4}"/>'
            yield f'<text class="{anchor}" x="{x:.1f}" y="{HEIGHT - 8}">{escape(moment(tick))}</text>'


def _runs(values: Points) -> Iterator[range]:
    """Where there are values without a gap."""
    begin = None
    for at, value in enumerate([*values, None]):
        if value is not None and begin is None:
            begin = at
        elif value is None and begin is not None:
            yield range(begin, at)
            begin = None


def _path(places: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def bars(rows: Sequence[tuple[str, float, float, str]], label: str) -> str:
    """A bar per row, of two parts: name, both parts, and what stands behind it."""
    most = max(first + second for _, first, second, _ in rows) or 1.0
    left, right, height = 160, 130, 22
    x = Scale(0.0, most, 0.0, WIDTH - left - right)
    drawn = []
    for at, (name, first, second, text) in enumerate(rows):
        y = at * height
        drawn.append(
            f'<text class="end" x="{left - 10}" y="{y + 15}">{escape(name)}</text>'
            f'<rect class="reads" x="{left}" y="{y + 3}" width="{x(first):.1f}" height="{height - 7}"/>'
            f'<rect class="others" x="{left + x(first):.1f}" y="{y + 3}" width="{x(second):.1f}" '
            f'height="{height - 7}"/>'
            f'<text x="{left + x(first + second) + 8:.1f}" y="{y + 15}">{escape(text)}</text>'
        )
    return (
        f'<svg class="bars" viewBox="0 0 {WIDTH} {len(rows) * height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def strip(low: float, middle: float, high: float, ends: tuple[float, float]) -> str:
    """A small picture of a distribution for a table: from low to high with the middle, logarithmic."""
    if min(low, middle, high, *ends) <= 0 or ends[0] == ends[1]:
        return ""
    x = Scale(*ends, 4, 176, logarithmic=True)
    return (
        '<svg class="strip" viewBox="0 0 180 16" width="180" height="16" aria-hidden="true">'
        f'<line class="grid" x1="4" x2="176" y1="8" y2="8"/><line class="wide" x1="{x(low):.1f}" '
        f'x2="{x(high):.1f}" y1="8" y2="8"/><circle cx="{x(middle):.1f}" cy="8" r="4"/></svg>'
    )
