"""Operations as bars over time, one lane per process; the order is to scale, the distances are not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from dscheck.checker.amounts import plural, shortened
from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.wording import told, what, who
from dscheck.checker.pictures.svg import element, text, width_of
from dscheck.histories.history import FAIL, NEVER, History, Operation

_ROW: Final = 30
_BAR: Final = 22
_GAP: Final = 12
_TOP: Final = 26
_LABEL: Final = 44
"""Characters of a label."""


@dataclass(slots=True)
class _Bar:
    operation: Operation
    label: str
    left: float = 0.0
    right: float = 0.0
    track: int = 0


def draw(history: History, witness: Witness, rows: Sequence[int]) -> str:
    """An SVG of these rows; those of the witness stand out, and the ones that fit nowhere most of all."""
    bars = [_bar(history, row) for row in rows]
    names = list(dict.fromkeys(who(bar.operation) for bar in bars))
    margin = max((width_of(shortened(name, 24)) for name in names), default=0) + 24
    gaps: list[tuple[float, str]] = []
    right = _place(bars, margin, _left_out(history, rows), gaps)
    tracks = _stack(bars, names)
    height = _TOP + _ROW * len(tracks) + 12
    parts = [_bands(history, bars, right, height)]
    for at, label in gaps:
        whole = element("rect", x=at, y=0, width=width_of(label) + 12, height=height)
        parts.append(element("g", whole, text(label, x=at + 6, y=14), class_="gap"))
    middles = [_TOP + _ROW * track + _BAR / 2 for track in range(len(tracks))]
    parts += [element("line", x1=margin, x2=right, y1=at, y2=at, class_="lane") for at in middles]
    numbers = {row: number for number, row in enumerate(witness.order, 1)}
    after = dict(zip(witness.order, witness.along, strict=False))
    for bar in bars:
        parts.append(_draw_bar(history, witness, bar, right, numbers, after))
    whos = [
        text(shortened(name, 24), x=8, y=at + 4, class_="who")
        for name, at in zip(tracks, middles, strict=True)
    ]
    # On top of the bars, and page.js keeps them at the left when the picture is scrolled.
    parts.append(
        element("g", element("rect", x=-12, y=0, width=margin + 6, height=height), *whos, class_="names")
    )
    return element(
        "svg",
        *parts,
        class_="lanes",
        width=right + 20,
        height=height,
        viewBox=f"0 0 {right + 20:.0f} {height}",
        role="img",
        aria_label="operations over time",
    )


def _bar(history: History, row: int) -> _Bar:
    operation = history.operation(row)
    return _Bar(operation, shortened(what(operation), _LABEL))


def _left_out(history: History, rows: Sequence[int]) -> dict[int, int]:
    """Before each row, how many operations on the same keys that are not shown began since the one before."""
    mine = history.outcome != FAIL
    if history.micro is None:
        mine &= np.isin(history.key, np.unique(history.key[list(rows)]))
    mine[list(rows)] = False
    others = np.sort(history.invoked[mine])
    ordered = sorted(rows, key=lambda row: int(history.invoked[row]))
    places = np.searchsorted(others, history.invoked[ordered])
    return {row: int(many) for row, many in zip(ordered[1:], np.diff(places), strict=True) if many}


def _place(
    bars: list[_Bar], margin: float, left_out: Mapping[int, int], gaps: list[tuple[float, str]]
) -> float:
    """Give each bar its place: in order of events, and every label fits.  Returns the right end, and adds
    gaps, as place and label."""
    events = [(bar.operation.invoked, bar, True) for bar in bars]
    events += [(bar.operation.returned, bar, False) for bar in bars if bar.operation.returned is not None]
    here = margin
    for _, bar, begins in sorted(events, key=lambda event: event[0]):
        here += _GAP
        if begins:
            if many := left_out.get(bar.operation.row):
                label = f"… {plural(many, 'operation')} …"
                gaps.append((here, label))
                here += width_of(label) + 12 + _GAP
            bar.left = here
        else:
            here = max(here, bar.left + width_of(bar.label) + 30)
            bar.right = here
    pending = [bar for bar in bars if bar.operation.returned is None]
    right = max([here, *(bar.left + width_of(bar.label) + 30 for bar in pending)]) + _GAP
    for bar in pending:
        bar.right = right
    return right


def _stack(bars: list[_Bar], names: list[str]) -> list[str]:
    """One track per process, more where operations of unknown outcome stay open; the name of each track."""
    tracks: list[str] = []
    for name in names:
        ends: list[float] = []
        for bar in sorted((bar for bar in bars if who(bar.operation) == name), key=lambda bar: bar.left):
            free = next((at for at, end in enumerate(ends) if end < bar.left), len(ends))
            ends[free : free + 1] = [bar.right]
            bar.track = len(tracks) + free
        tracks += [name, *[""] * (len(ends) - 1)]
    return tracks


def _draw_bar(
    history: History,
    witness: Witness,
    bar: _Bar,
    right: float,
    numbers: dict[int, int],
    after: dict[int, str],
) -> str:
    row, top = bar.operation.row, _TOP + _ROW * bar.track
    kind = "stuck" if row in witness.stuck else "proof" if row in witness.operations else "other"
    classes = f"bar {kind} {bar.operation.outcome}"
    told_in_full = [told(bar.operation, history).strip(), _when(history, row)]
    if row in after:
        told_in_full.append(f"state then: {after[row]}")
    elif row in witness.stuck and witness.states:
        told_in_full.append(f"possible before it: {', '.join(witness.states)}")
    parts = [
        element("rect", x=bar.left, y=top, width=bar.right - bar.left, height=_BAR, rx=5),
        text(bar.label, x=bar.left + (24 if row in numbers else 8), y=top + 15),
    ]
    if row in numbers:
        parts.append(element("circle", cx=bar.left + 12, cy=top + _BAR / 2, r=8.5, class_="number"))
        parts.append(text(str(numbers[row] % 1000), x=bar.left + 12, y=top + 15, class_="number"))
    if bar.operation.returned is None:
        parts.append(text("?", x=right + 4, y=top + 16, class_="open"))
    return element(
        "g", *parts, class_=classes, data_tip="\n".join(filter(None, told_in_full)), tabindex=0, data_row=row
    )


def _when(history: History, row: int) -> str:
    """From when to when on the recorder's clock."""
    if history.invoke_time is None or history.return_time is None:
        return ""
    begin = int(history.invoke_time[row])
    end = int(history.return_time[row])
    lasted = "never returned" if end == NEVER else f"took {(end - begin) / 1e6:.3f} ms"
    return f"at {begin / 1e9:.6f} s, {lasted}"


def _bands(history: History, bars: list[_Bar], right: float, height: float) -> str:
    """Faults that were under way while these operations were."""
    moments = sorted(
        [(bar.operation.invoked, bar.left) for bar in bars]
        + [(bar.operation.returned, bar.right) for bar in bars if bar.operation.returned is not None]
    )
    if not moments:
        return ""
    parts = []
    for event in history.events:
        if event.end < moments[0][0] or event.begin > moments[-1][0]:
            continue
        left = next((x for at, x in moments if at >= event.begin), moments[0][1])
        last = next((x for at, x in reversed(moments) if at <= event.end), right)
        parts.append(
            element(
                "g",
                element("rect", x=left, y=0, width=max(last - left, 4.0), height=height),
                text(shortened(event.name, max(int((last - left) / 7), 1)), x=left + 4, y=14),
                class_="band",
                data_tip=f"{event.name}\n{event.detail}".strip(),
            )
        )
    return "".join(parts)
