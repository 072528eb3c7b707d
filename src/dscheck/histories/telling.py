"""A history as the sequence of events that tells it: what writers of event formats go through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from dscheck.histories.history import INFO, NEVER, OUTCOMES, Event, History

INVOKE: Final = "invoke"
BEGIN: Final = "begin"
END: Final = "end"


class Happening(NamedTuple):
    """One event of a history."""

    phase: str
    """invoke, ok, fail or info of an operation; begin or end of a fault."""
    row: int
    """The operation; of a fault its number among the events."""
    time: int | None


def happenings(history: History) -> Iterator[Happening]:
    """All events in the order of their positions.

    What nobody knows the end of is told as `info` just before its process goes on, and not at all if it does
    not: a position is nothing that `info` has.
    """
    done = np.flatnonzero(history.returned != NEVER)
    rows = np.concatenate([np.arange(len(history)), done])
    positions = np.concatenate([history.invoked, history.returned[done]])
    notes = _notes(history.events)
    pending: dict[int, int] = {}
    for at in np.argsort(positions).tolist():
        row, is_return = int(rows[at]), at >= len(history)
        while notes and notes[0][0] <= positions[at]:
            _, phase, number = notes.pop(0)
            yield Happening(phase, number, None)
        if is_return:
            yield Happening(OUTCOMES[history.outcome[row]], row, _time(history.return_time, row))
            continue
        process, time = int(history.process[row]), _time(history.invoke_time, row)
        if process in pending:
            yield Happening(OUTCOMES[INFO], pending.pop(process), time)
        if history.outcome[row] == INFO:
            pending[process] = row
        yield Happening(INVOKE, row, time)
    yield from (Happening(phase, number, None) for _, phase, number in notes)


def _time(times: np.ndarray | None, row: int) -> int | None:
    return None if times is None else int(times[row])


def _notes(events: tuple[Event, ...]) -> list[tuple[int, str, int]]:
    """Positions at which faults begin and end, in order; a fault begins before it ends."""
    begins = [(event.begin, number, BEGIN) for number, event in enumerate(events)]
    ends = [(event.end, number, END) for number, event in enumerate(events) if event.end != NEVER]
    ordered = sorted(begins + ends, key=lambda note: (note[0], note[1], note[2] == END))
    return [(position, phase, number) for position, number, phase in ordered]
