"""The levels of consistency as a drawing: stronger above weaker, and what is kept, broken and unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from dscheck.checker.pictures.svg import element, text, width_of
from dscheck.checker.verdict import Verdict

_HEIGHT: Final = 26
_BETWEEN: Final = 34
_APART: Final = 22
_KINDS: Final = {Verdict.HOLDS: "kept", Verdict.VIOLATED: "broken"}

Implications = Mapping[str, tuple[str, ...]]
"""For each promise those that it implies directly."""


def draw(verdicts: Mapping[str, Verdict], implications: Implications) -> str:
    """An SVG of the promises that were judged; an arrow leads from each to what it implies."""
    direct = {name: _nearest(name, verdicts, implications) for name in verdicts}
    ranks = _ranks(direct)
    rows: dict[int, list[str]] = {}
    for name in verdicts:
        rows.setdefault(ranks[name], []).append(name)
    middle = max(sum(_width(name) + _APART for name in row) for row in rows.values()) / 2
    places: dict[str, tuple[float, float]] = {}
    for rank in sorted(rows):
        names = sorted(rows[rank], key=lambda name: _pull(name, direct, places, middle))
        x = middle - sum(_width(name) + _APART for name in names) / 2
        for name in names:
            places[name] = (x + _width(name) / 2 + _APART / 2, rank * (_HEIGHT + _BETWEEN) + 4.0)
            x += _width(name) + _APART
    height = (max(rows) + 1) * (_HEIGHT + _BETWEEN) - _BETWEEN + 8
    lines = [
        element(
            "line",
            x1=places[name][0],
            y1=places[name][1] + _HEIGHT,
            x2=places[weaker][0],
            y2=places[weaker][1],
            class_="implies",
        )
        for name, all_weaker in direct.items()
        for weaker in all_weaker
    ]
    return element(
        "svg",
        *lines,
        *(_box(name, verdicts[name], *places[name]) for name in verdicts),
        class_="lattice",
        width=2 * middle,
        height=height,
        viewBox=f"0 0 {2 * middle:.0f} {height}",
        role="img",
        aria_label="levels of consistency",
    )


def _box(name: str, verdict: Verdict, x: float, y: float) -> str:
    wide = _width(name)
    return element(
        "g",
        element("rect", x=x - wide / 2, y=y, width=wide, height=_HEIGHT, rx=13),
        text(name, x=x, y=y + 17, text_anchor="middle"),
        class_=f"level {_KINDS.get(verdict, 'unknown')}",
        data_tip=f"{name}: {verdict}",
    )


def _width(name: str) -> float:
    return width_of(name) + 24


def _nearest(name: str, judged: Mapping[str, Verdict], implications: Implications) -> tuple[str, ...]:
    """The judged promises that a promise implies with no other judged one between them."""
    below: dict[str, None] = {}
    todo = list(implications.get(name, ()))
    seen = set(todo)
    while todo:
        weaker = todo.pop()
        if weaker in judged:
            below[weaker] = None
            continue
        fresh = [further for further in implications.get(weaker, ()) if further not in seen]
        seen.update(fresh)
        todo += fresh
    implied = {further for weaker in below for further in _all_below(weaker, implications)}
    return tuple(weaker for weaker in below if weaker not in implied)


def _all_below(name: str, implications: Implications) -> set[str]:
    found: set[str] = set()
    todo = list(implications.get(name, ()))
    while todo:
        weaker = todo.pop()
        if weaker not in found:
            found.add(weaker)
            todo += implications.get(weaker, ())
    return found


def _ranks(direct: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """The longest way down to each promise from one that nothing implies."""
    above: dict[str, list[str]] = {name: [] for name in direct}
    for name, all_weaker in direct.items():
        for weaker in all_weaker:
            above[weaker].append(name)
    ranks: dict[str, int] = {}

    def rank(name: str) -> int:
        if name not in ranks:
            ranks[name] = 1 + max((rank(stronger) for stronger in above[name]), default=-1)
        return ranks[name]

    for name in direct:
        rank(name)
    return ranks


def _pull(
    name: str,
    direct: Mapping[str, tuple[str, ...]],
    places: Mapping[str, tuple[float, float]],
    otherwise: float,
) -> float:
    """Below the middle of those that imply it, so that lines cross little."""
    above = [
        places[stronger][0] for stronger, weaker in direct.items() if name in weaker and stronger in places
    ]
    return sum(above) / len(above) if above else otherwise
