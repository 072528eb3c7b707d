"""A trace as a sequence diagram in SVG: a lane per node, time downwards, what changed beside each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from dscheck.checker.amounts import shortened
from dscheck.checker.pictures.document import asset, colours
from dscheck.checker.pictures.svg import element, text, title, width_of
from dscheck.checker.traces.pictures.arrows import Arrow, Fate, arrows
from dscheck.checker.traces.text import step_lines

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Step, Trace

MOST: Final = 400
"""Steps that are drawn: the last ones."""
OF_THE_MODEL: Final = "model"
"""The lane of steps that are no node's."""

_NUMBERS: Final = 40.0
_TOP: Final = 44.0
_LINE: Final = 15.0
_BOX: Final = 11.0
"""Half the height of a box with one line."""
_LONGEST: Final = 36
"""Characters in a box, and twice as many beside the lanes."""
_ACROSS: Final = ("lose", "partition", "heal")
"""Faults of the network, which happen on no lane."""


@dataclass
class _Row:
    """One step and where it is drawn."""

    number: int
    step: Step
    lane: str | None
    words: list[str]
    """What stands in its box: what happens, and the message that it receives."""
    notes: list[tuple[str, str]]
    """What stands beside it, each with its role."""
    top: float = 0.0

    @property
    def height(self) -> float:
        return max(36.0, 2 * self.half + 10, _LINE * len(self.notes) + 12)

    @property
    def middle(self) -> float:
        """Where its arrows begin and end."""
        return self.top + 6 + self.half

    @property
    def half(self) -> float:
        return _BOX + _LINE / 2 * (len(self.words) - 1)

    @property
    def width(self) -> float:
        return max(map(width_of, self.words), default=0.0) + 18


@dataclass
class _Sheet:
    """All rows and lanes with their places."""

    rows: list[_Row]
    lanes: dict[str, float] = field(default_factory=dict)
    beside: float = 0.0
    """Where the notes begin."""
    width: float = 0.0
    bottom: float = _TOP

    def __post_init__(self) -> None:
        for row in self.rows:
            row.top, self.bottom = self.bottom, self.bottom + row.height

    def row(self, number: int | None) -> _Row | None:
        """The row of a step, if it is drawn."""
        first = self.rows[0].number if self.rows else 1
        return self.rows[number - first] if number is not None and number >= first else None


def draw(trace: Trace, finding: Finding | None = None, *, alone: bool = False) -> str:
    """The diagram; without steps it is empty.  Its size is bounded by the number of steps in it.

    `alone`: it is no part of a page that has the colours.
    """
    if not trace.steps:
        return ""
    style = asset(__package__, "sequence.css")
    sheet = _layout(trace, finding)
    shown = [arrow for arrow in arrows(trace) if sheet.row(arrow.arrived or arrow.sent)]
    parts = [
        element("style", f"{colours()}\n{style}" if alone else style),
        *(_stripe(sheet, row) for row in sheet.rows),
        *_cuts(sheet),
        *(_lane(sheet, name) for name in sheet.lanes),
        *(_arrow(sheet, arrow, at) for at, arrow in enumerate(shown)),
        *(part for row in sheet.rows for part in _step(sheet, row)),
        *(_failed(sheet, finding) if finding is not None else ()),
    ]
    height = sheet.bottom + (34 if finding is not None else 12)
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        class_="sequence",
        viewBox=f"0 0 {sheet.width:.0f} {height:.0f}",
        width=round(sheet.width),
        height=round(height),
        role="img",
        aria_label=f"{len(trace.steps)} steps of {len(sheet.lanes)} nodes",
    )


# -- where things are


def _layout(trace: Trace, finding: Finding | None) -> _Sheet:
    first = max(0, len(trace.steps) - MOST)
    rows = [_row(number, step) for number, step in enumerate(trace.steps[first:], first + 1)]
    sheet = _Sheet(rows)
    names = _taking_part(trace, rows, finding)
    widths = {name: width_of(name) + 30 for name in names}
    for row in rows:
        if row.lane is not None:
            widths[row.lane] = max(widths[row.lane], row.width + 22)
    right = _NUMBERS
    for name in names:
        width = max(widths[name], 84.0)
        sheet.lanes[name], right = right + width / 2, right + width
    sheet.beside = right + 14
    longest = max((width_of(words) for row in rows for _, words in row.notes), default=0.0)
    sheet.width = sheet.beside + longest + 16
    return sheet


def _row(number: int, step: Step) -> _Row:
    is_across = step.kind == "fault" and step.name in _ACROSS
    notes = [(line.role, shortened(line.text.strip(), 2 * _LONGEST)) for line in step_lines(step)]
    if is_across:
        notes.insert(0, ("bad", shortened(step.label, 2 * _LONGEST)))
    lane = None if is_across else step.actor or OF_THE_MODEL
    return _Row(number, step, lane, [] if is_across else list(_words(step)), notes)


def _words(step: Step) -> Iterator[str]:
    """What stands in a step's box; the actor is known from the lane."""
    call = step.label if step.message is None else step.label.removesuffix(f" {step.message}")
    cross = "✕ " if step.kind == "fault" and step.name == "crash" else ""
    yield cross + shortened(call.removesuffix(f"({step.actor})"), _LONGEST)
    if step.message is not None:
        yield shortened(step.message.body, _LONGEST)


def _taking_part(trace: Trace, rows: Iterable[_Row], finding: Finding | None) -> list[str]:
    """The lanes: nodes that do, send or are sent something, and those for which a promise failed."""
    about = {value for _, value in finding.arguments} if finding is not None else set()
    for row in rows:
        about.add(row.lane or "")
        for message in (*row.step.sent, row.step.message):
            about |= {message.src, message.dst} if message is not None else set()
    lanes = [name for name in trace.nodes if name in about]
    return [*lanes, OF_THE_MODEL] if OF_THE_MODEL in about and OF_THE_MODEL not in lanes else lanes


# -- how they look


def _stripe(sheet: _Sheet, row: _Row) -> str:
    stripe = element("rect", x=0.0, y=row.top, width=sheet.width, height=row.height, rx=4)
    number = text(str(row.number), x=_NUMBERS - 12, y=row.middle + 4, class_="number")
    return element("g", stripe, number, class_="stripe", data_step=row.number)


def _lane(sheet: _Sheet, name: str) -> str:
    x, up, parts = sheet.lanes[name], _TOP - 6, []
    is_up = True
    for row in [row for row in sheet.rows if row.lane == name]:
        after = {change.variable: change.after for change in row.step.changes}.get(f"{name}.up")
        if after is not None and after != str(is_up):
            parts.append(_line(x, up, row.middle, is_up))
            up, is_up = row.middle, not is_up
    parts.append(_line(x, up, sheet.bottom + 4, is_up))
    wide = width_of(name) + 22
    parts += [
        element("rect", x=x - wide / 2, y=10.0, width=wide, height=24, rx=6),
        text(name, x=x, y=26.0, class_="middle name"),
    ]
    return element("g", *parts, class_="lane", data_node=name)


def _line(x: float, top: float, bottom: float, is_up: bool) -> str:
    return element("line", x1=x, x2=x, y1=top, y2=bottom, class_=None if is_up else "down")


def _cuts(sheet: _Sheet) -> Iterator[str]:
    """The network in two parts: a band from the partition to its end."""
    begun: _Row | None = None
    for row in sheet.rows:
        if row.step.kind == "fault" and row.step.name == "partition":
            begun = row
        elif row.step.kind == "fault" and row.step.name == "heal" and begun is not None:
            yield _band(sheet, begun, row.middle)
            begun = None
    if begun is not None:
        yield _band(sheet, begun, sheet.bottom)


def _band(sheet: _Sheet, begun: _Row, bottom: float) -> str:
    side = ", ".join(begun.step.chosen)
    return element(
        "rect",
        title(f"{side} cannot reach the others"),
        **{"class": "cut"},
        x=_NUMBERS,
        y=begun.middle,
        width=sheet.beside - _NUMBERS - 14,
        height=bottom - begun.middle,
    )


def _arrow(sheet: _Sheet, arrow: Arrow, at: int) -> str:
    """From the box of the sender to that of the receiver; into nowhere, if nobody received it."""
    source, target = sheet.row(arrow.sent), sheet.row(arrow.arrived)
    left, right = sheet.lanes.get(arrow.message.src), sheet.lanes.get(arrow.message.dst)
    if left is None or right is None:
        return ""
    way = 1.0 if right >= left else -1.0
    begin = source.middle if source is not None else sheet.rows[0].top
    if target is None:  # still in flight at the end: a stub
        begin += source.half if source is not None else 0.0
        end, right, head = begin + 9, left + way * 20, "waiting"
    elif arrow.fate is Fate.LOST:
        end, right, head = target.middle, right - way * 14, "lost"
    else:
        end, right, head = target.middle, right - way * (target.width / 2 + 3), "received"
    parts = [title(_told(arrow)), _path(left, begin, right, end, way)]
    if head == "received":
        parts.append(element("path", d=f"M{right:.1f} {end:.1f}l{-8 * way:.0f} -4v8z", class_="head"))
    elif head == "lost":
        cross = f"M{right - 6:.1f} {end - 6:.1f}l12 12m0 -12l-12 12"
        parts.append(element("path", d=cross, class_="cross"))
    else:
        parts.append(element("circle", cx=right, cy=end, r=2.5))
    kinds = f"arrow {head}" + (" beside" if arrow.is_beside else "")
    return element("g", *parts, class_=kinds, data_arrow=at)


def _path(left: float, begin: float, right: float, end: float, way: float) -> str:
    """A line; a message to oneself, or one that is received on the same lane, goes around."""
    if abs(right - left) < 40 and end - begin > 12:
        out = max(left, right) + 46
        return element(
            "path",
            d=f"M{left:.1f} {begin:.1f}C{out:.1f} {begin:.1f} {out:.1f} {end:.1f} {right:.1f} {end:.1f}",
        )
    return element("path", d=f"M{left:.1f} {begin:.1f}L{right - 6 * way:.1f} {end:.1f}")


def _told(arrow: Arrow) -> str:
    sent = "" if arrow.sent is None else f", sent in step {arrow.sent}"
    return (
        f"{arrow.message}{sent}, "
        + {
            Fate.RECEIVED: f"received in step {arrow.arrived}",
            Fate.LOST: f"lost in step {arrow.arrived}",
            Fate.WAITING: "still in flight at the end",
        }[arrow.fate]
    )


def _step(sheet: _Sheet, row: _Row) -> Iterator[str]:
    beside = "" if row.step.is_needed else " beside"
    if row.lane is not None:
        x, top = sheet.lanes[row.lane], row.middle - row.half
        words = [
            text(word, x=x, y=top + 15 + _LINE * at, class_="middle" if at == 0 else "middle message")
            for at, word in enumerate(row.words)
        ]
        box = element("rect", x=x - row.width / 2, y=top, width=row.width, height=2 * row.half, rx=6)
        yield element("g", title(row.step.label), box, *words, class_=f"step {row.step.kind}{beside}")
    for at, (role, words_beside) in enumerate(row.notes):
        y = row.top + 20 + _LINE * at
        yield text(words_beside, x=sheet.beside, y=y, class_=f"told {role}{beside}")


def _failed(sheet: _Sheet, finding: Finding) -> Iterator[str]:
    """What is wrong at the end, and for whom."""
    whom = [value for _, value in finding.arguments]
    y = sheet.bottom + 12
    yield element("line", x1=0.0, x2=sheet.width, y1=y - 6, y2=y - 6, class_="end")
    for name, x in sheet.lanes.items():
        if name in whom:
            yield element("circle", cx=x, cy=y - 6, r=6, class_="failed")
    words = f"{finding.name} fails" if finding.kind != "fault" else f"{finding.name} raises"
    yield text(
        shortened(words + (f" for {finding.whom}" if whom else ""), 90), x=8.0, y=y + 14, class_="told bad"
    )
