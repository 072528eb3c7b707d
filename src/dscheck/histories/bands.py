"""Faults as bands: from what a recording notes of its system to when each fault began and ended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import NEVER, Event


class Note(NamedTuple):
    """One note, as the engine gives it."""

    line: int
    phase: str
    """begin, end or note; of Jepsen's: info, invoke, ..."""
    name: str
    detail: Any
    position: int
    time: int


@dataclass(slots=True)
class _Open:
    name: str
    begin: int
    details: list[str]

    def close(self, end: int, *details: Any) -> Event:
        self.details += _texts(details)
        return Event(self.name, self.begin, end, "; ".join(dict.fromkeys(self.details)))


def marked(notes: Iterable[Note]) -> tuple[Event, ...]:
    """Bands that say where they begin and end.  Raises HistoryError for an end without a beginning."""
    events: list[Event] = []
    opened: dict[str, list[_Open]] = {}
    for note in notes:
        if note.phase == "begin":
            opened.setdefault(note.name, []).append(_Open(note.name, note.position, _texts([note.detail])))
        elif note.phase == "end":
            if not opened.get(note.name):
                raise HistoryError(f"{note.name} ends, and never began", line=note.line)
            events.append(opened[note.name].pop().close(note.position, note.detail))
        else:
            events.append(_Open(note.name, note.position, []).close(note.position, note.detail))
    return _sorted(events, [band for bands in opened.values() for band in bands])


def nemesis(notes: Iterable[Note]) -> tuple[Event, ...]:
    """Bands of what Jepsen's nemesis did: it notes each action twice, when it begins and when it is done.

    A fault lasts from the beginning of what starts it to the end of what stops it; anything else lasts while
    it is done.
    """
    events: list[Event] = []
    opened: list[_Open] = []
    doing: _Open | None = None
    for note in notes:
        if doing is None or doing.name != note.name:
            if doing is not None:
                _act(doing, doing.begin, events, opened)
            doing = _Open(note.name, note.position, _texts([note.detail]))
            continue
        doing.details += _texts([note.detail])
        _act(doing, note.position, events, opened)
        doing = None
    if doing is not None:
        _act(doing, NEVER, events, opened)
    return _sorted(events, opened)


def _act(action: _Open, end: int, events: list[Event], opened: list[_Open]) -> None:
    """An action of the nemesis is over: it ended a fault, began one, or is a band of its own."""
    for band in reversed(opened):
        if _stops(action.name, band.name):
            opened.remove(band)
            events.append(band.close(end, *action.details))
            return
    if stopping(action.name):
        opened.append(action)
    else:
        events.append(action.close(end))


def stopping(fault: str) -> str | None:
    """What Jepsen's nemeses call the action that ends a fault; None if it ends by itself."""
    if fault.startswith("start"):
        return f"stop{fault[5:]}"
    names = {"partition": "heal", "kill": "restart", "pause": "resume"}
    return next((stop for name, stop in names.items() if fault.startswith(name)), None)


def _stops(name: str, fault: str) -> bool:
    """Whether an action ends a fault, by the names that Jepsen's nemeses use."""
    pairs = {"heal": "partition", "resume": "pause", "start": "kill", "restart": "kill"}
    return (
        (name.startswith("stop") and fault.startswith("start") and name[4:] in ("", fault[5:]))
        or (name in pairs and fault.startswith((pairs[name], f"start-{pairs[name]}")))
        or (name == "stop" and fault.startswith(("partition", "pause")))
    )


def _sorted(events: list[Event], opened: list[_Open]) -> tuple[Event, ...]:
    events += [band.close(NEVER) for band in opened]
    return tuple(sorted(events, key=lambda event: (event.begin, event.end)))


def _texts(details: Iterable[Any]) -> list[str]:
    return [str(detail) for detail in details if detail not in (None, "")]
