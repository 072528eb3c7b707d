"""A cycle of transactions: each had to come before the next, and the last before the first."""

from __future__ import annotations

from math import cos, hypot, pi, sin
from typing import Final, NamedTuple

from dscheck.checker.amounts import shortened
from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.wording import folded, told, transaction, what
from dscheck.checker.pictures.svg import element, text, width_of
from dscheck.histories.history import History

_LINE: Final = 16
_MOST_LINES: Final = 8
_CHARACTERS: Final = 38
_FOLDED: Final = -1
"""In place of a row: the box that stands for those that are left out."""
_NAMES: Final = {
    "ww": "ww overwrote",
    "wr": "wr was read by",
    "rw": "rw missed the write of",
    "session": "session: earlier in it",
    "real-time": "real time: over before",
}


class _Box(NamedTuple):
    row: int
    lines: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


def draw(history: History, witness: Witness) -> str:
    """An SVG of the cycle that the witness's edges make; nothing where there is none."""
    rows = list(dict.fromkeys(edge.source for edge in witness.edges))
    if len(rows) < 2:
        return ""
    kept = folded(list(enumerate(rows)))
    left_out = set(rows) - {row for _, row in kept if row is not None}
    boxes = {box.row: box for box in _boxes(history, kept)}
    boxes |= dict.fromkeys(left_out, boxes[_FOLDED]) if left_out else {}
    left = min(box.x - box.width / 2 for box in boxes.values()) - 60
    top = min(box.y - box.height / 2 for box in boxes.values()) - 40
    width = max(box.x + box.width / 2 for box in boxes.values()) + 60 - left
    height = max(box.y + box.height / 2 for box in boxes.values()) + 40 - top
    parts = [_ARROW]
    for number, edge in enumerate(witness.edges):
        if boxes.get(edge.source) is not boxes.get(edge.target) and edge.target in boxes:
            parts.append(_arrow(boxes[edge.source], boxes[edge.target], edge.kind, edge.sentence, number))
    parts += [_draw_box(history, box) for box in dict.fromkeys(boxes.values())]
    return element(
        "svg",
        *parts,
        class_="cycle",
        width=width,
        height=height,
        viewBox=f"{left:.0f} {top:.0f} {width:.0f} {height:.0f}",
        role="img",
        aria_label="a cycle of transactions",
    )


_ARROW: Final = element(
    "defs",
    element(
        "marker",
        element("path", d="M0,0 L10,5 L0,10 z", class_="head"),
        id="head",
        viewBox="0 0 10 10",
        refX=9,
        refY=5,
        markerWidth=8,
        markerHeight=8,
        orient="auto-start-reverse",
    ),
)


def _boxes(history: History, rows: list[tuple[int, int | None]]) -> list[_Box]:
    """Boxes on an ellipse, clockwise; two of them side by side."""
    contents = [(f"… {number:,} more …",) if row is None else _lines(history, row) for number, row in rows]
    widths = [max(width_of(line) for line in lines) + 20 for lines in contents]
    heights = [_LINE * len(lines) + 12.0 for lines in contents]
    broad, tall = max(widths), max(heights)
    across = (broad + 130) / 2 if len(rows) == 2 else max(broad + 60, len(rows) * (broad + 40) / pi / 1.2)
    down = 0.0 if len(rows) == 2 else max(tall + 40, len(rows) * (tall + 30) / pi / 1.2)
    placed = []
    for number, (_, row) in enumerate(rows):
        angle = pi + 2 * pi * number / len(rows)
        x, y = across * cos(angle), down * sin(angle)
        placed.append(
            _Box(_FOLDED if row is None else row, contents[number], x, y, widths[number], heights[number])
        )
    return placed


def _lines(history: History, row: int) -> tuple[str, ...]:
    operation = history.operation(row)
    head = transaction(history, row)
    parts = [what(operation._replace(micro=(micro,))) for micro in operation.micro] or [what(operation)]
    if len(parts) > _MOST_LINES:
        parts = [*parts[: _MOST_LINES - 1], f"and {len(parts) - _MOST_LINES + 1} more"]
    return (head, *(shortened(part, _CHARACTERS) for part in parts))


def _draw_box(history: History, box: _Box) -> str:
    left, top = box.x - box.width / 2, box.y - box.height / 2
    parts = [element("rect", x=left, y=top, width=box.width, height=box.height, rx=6)]
    for number, line in enumerate(box.lines):
        kind = "title" if number == 0 else "op"
        parts.append(text(line, x=left + 10, y=top + 17 + _LINE * number, class_=kind))
    if box.row == _FOLDED:
        return element("g", *parts, class_="txn fold")
    return element("g", *parts, class_="txn", data_tip=told(history.operation(box.row), history), tabindex=0)


def _arrow(source: _Box, target: _Box, kind: str, sentence: str, number: int) -> str:
    """A bent arrow from border to border, with its kind at the middle."""
    dx, dy = target.x - source.x, target.y - source.y
    length = hypot(dx, dy) or 1.0
    bend = 46.0
    # To the left of its direction, so that two arrows between the same boxes lie apart.
    middle_x = (source.x + target.x) / 2 + bend * dy / length
    middle_y = (source.y + target.y) / 2 - bend * dx / length
    start = _border(source, middle_x, middle_y)
    end = _border(target, middle_x, middle_y)
    label_x = (start[0] + 2 * middle_x + end[0]) / 4
    label_y = (start[1] + 2 * middle_y + end[1]) / 4
    name = _NAMES.get(kind, kind)
    path = f"M{start[0]:.1f},{start[1]:.1f} Q{middle_x:.1f},{middle_y:.1f} {end[0]:.1f},{end[1]:.1f}"
    wide = width_of(kind) + 12
    return element(
        "g",
        element("path", d=path, class_="line", marker_end="url(#head)"),
        element("rect", x=label_x - wide / 2, y=label_y - 9, width=wide, height=18, rx=9),
        text(kind, x=label_x, y=label_y + 4, text_anchor="middle"),
        class_=f"edge {kind}",
        data_tip=f"{name}\n{sentence}",
        data_edge=number,
        tabindex=0,
    )


def _border(box: _Box, x: float, y: float) -> tuple[float, float]:
    """Where the line from the middle of the box to a point leaves the box."""
    dx, dy = x - box.x, y - box.y
    scale = min(
        (box.width / 2 + 3) / abs(dx) if dx else float("inf"),
        (box.height / 2 + 3) / abs(dy) if dy else float("inf"),
        1.0,
    )
    return box.x + dx * scale, box.y + dy * scale
