"""A state graph as a self-contained SVG: a row for each depth, a colour for each action."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.pictures.document import asset, colours
from dscheck.checker.pictures.svg import element, text, title, width_of
from dscheck.checker.search.pictures.layers import rows

if TYPE_CHECKING:
    import networkx as nx

Point = tuple[float, float]

_ACROSS: Final = 64
_DOWN: Final = 92
_MARGIN: Final = 40.0
_COLOURS: Final = 8
"""Colours in graph.css; with more actions they are used again."""


def svg(graph: nx.MultiDiGraph[int]) -> str:
    """The drawing; hovering over a state or a step tells what it is."""
    places = _places(rows(graph))
    actions: list[str] = sorted({data["action"] for *_, data in graph.edges(data=True)})
    right = max((x for x, _ in places.values()), default=0.0) + _MARGIN
    bottom = max((y for _, y in places.values()), default=0.0) + _MARGIN
    key = list(_key(actions, bottom + 8))
    width = max(right, 320.0, 40 + max((width_of(action) for action in actions), default=0.0))
    return element(
        "svg",
        element("style", f"{colours()}\n{asset(__package__, 'graph.css')}"),
        *_edges(graph, places, actions),
        *(_state(graph, node, at) for node, at in places.items()),
        *key,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:.0f} {bottom + 24 + 18 * len(actions):.0f}",
        width=round(width),
        height=round(bottom + 24 + 18 * len(actions)),
    )


def _places(layers: list[list[int]]) -> dict[int, Point]:
    widest = max(map(len, layers), default=0)
    middle = _MARGIN + (widest - 1) * _ACROSS / 2
    return {
        node: (middle + (at - (len(row) - 1) / 2) * _ACROSS, _MARGIN + depth * _DOWN)
        for depth, row in enumerate(layers)
        for at, node in enumerate(row)
    }


def _state(graph: nx.MultiDiGraph[int], node: int, at: Point) -> str:
    data: dict[str, Any] = graph.nodes[node]
    x, y = at
    kinds = ["state", "initial" if data["initial"] else "", "" if graph.out_degree(node) else "last"]
    told = [f"state {node}", *(f"{name} = {value}" for name, value in data["variables"].items())]
    told += [f"in flight: {message}" for message in data["messages"]]
    told += [f"breaks {name}" for name in data["broken"]]
    wide = max(width_of(str(node)) + 14, 26.0)
    return element(
        "g",
        title("\n".join(told)),
        element("rect", x=x - wide / 2, y=y - 12, width=wide, height=24, rx=8),
        text(str(node), x=x, y=y + 4),
        class_=" ".join(filter(None, [*kinds, "broken" if data["broken"] else ""])),
        data_state=node,
    )


def _edges(graph: nx.MultiDiGraph[int], places: dict[int, Point], actions: list[str]) -> Iterator[str]:
    """One line for all steps with the same ends and the same action."""
    lines: dict[tuple[int, int], dict[str, list[str]]] = {}
    for source, target, data in graph.edges(data=True):
        lines.setdefault((source, target), {}).setdefault(data["action"], []).append(data["label"])
    for (source, target), by_action in lines.items():
        for at, (action, labels) in enumerate(by_action.items()):
            bend = (at - (len(by_action) - 1) / 2) * 22
            path, head = _curve(places[source], places[target], bend)
            yield element(
                "g",
                title("\n".join(labels)),
                element("path", d=path),
                element("path", d=head, class_="head") if head else "",
                class_=f"step a{actions.index(action) % _COLOURS}",
            )


def _curve(source: Point, target: Point, bend: float) -> tuple[str, str]:
    """A line between two states and its arrowhead; from a state to itself a loop without one."""
    (x, y), (u, v) = source, target
    if source == target:
        side, out, top, bottom = x + 8, x + 40 + bend / 2, y - 30, y + 30
        return (
            f"M{side:.1f} {y - 10:.1f}C{out:.1f} {top:.1f} {out:.1f} {bottom:.1f} {side:.1f} {y + 11:.1f}",
            "",
        )
    length = hypot(u - x, v - y)
    aside = (-(v - y) / length, (u - x) / length)
    if v <= y:  # upwards, or within a row: around the states between
        bend += 34 if v < y else length / 7
    middle = ((x + u) / 2 + aside[0] * bend, (y + v) / 2 + aside[1] * bend)
    near = hypot(u - middle[0], v - middle[1])
    ahead = ((u - middle[0]) / near, (v - middle[1]) / near)
    end = (u - ahead[0] * 16, v - ahead[1] * 16)
    back = (end[0] - ahead[0] * 7, end[1] - ahead[1] * 7)
    tip = [(back[0] - way * ahead[1] * 3.2, back[1] + way * ahead[0] * 3.2) for way in (1, -1)]
    head = f"M{end[0]:.1f} {end[1]:.1f}" + "".join(f"L{a:.1f} {b:.1f}" for a, b in tip) + "z"
    return f"M{x:.1f} {y:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {end[0]:.1f} {end[1]:.1f}", head


def _key(actions: list[str], top: float) -> Iterator[str]:
    for at, action in enumerate(actions):
        y = top + 18 * at
        line = element("path", d=f"M16 {y:.0f}h26")
        yield element("g", line, text(action, x=50.0, y=y + 4), class_=f"step key a{at % _COLOURS}")
