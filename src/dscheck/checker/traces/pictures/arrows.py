"""From where to where each message of a trace went, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dscheck.checker.traces.trace import Flight, Step, Trace


class Fate(Enum):
    """What became of a message."""

    RECEIVED = "received"
    LOST = "lost"
    WAITING = "waiting"
    """Still in flight at the end."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way of one message, between two steps; steps count from 1."""

    message: Flight
    sent: int | None
    """The step that sent it; None: nobody in this trace."""
    arrived: int | None
    """The step that received or lost it; None: nobody."""
    fate: Fate
    is_beside: bool
    """Whether the end of the trace does not depend on it."""


def arrows(trace: Trace) -> list[Arrow]:
    """Every way that a message took, in the order of sending, those that nobody received among them.

    Where a message may be received several times it has an arrow for each; where copies of it are in flight
    together, the oldest one arrives first.
    """
    flying: dict[Flight, list[int]] = {}
    found: list[Arrow] = []
    used: set[tuple[Flight, int]] = set()
    for number, step in enumerate(trace.steps, 1):
        if step.message is not None:
            found.append(_arrival(step, step.message, number, flying))
            if found[-1].sent is not None:
                used.add((step.message, found[-1].sent))
        for message in step.sent:
            flying.setdefault(message, []).append(number)
    waiting = [
        Arrow(message, sent, None, Fate.WAITING, is_beside=True)
        for message, all_sent in flying.items()
        for sent in all_sent
        if (message, sent) not in used
    ]
    return sorted(
        [*found, *waiting], key=lambda arrow: (arrow.sent or 0, arrow.arrived or len(trace.steps) + 1)
    )


def _arrival(step: Step, message: Flight, number: int, flying: dict[Flight, list[int]]) -> Arrow:
    """The arrow that ends in this step."""
    all_sent = flying.get(message, [])
    sent = all_sent[0] if all_sent else None
    if message in step.gone and all_sent:
        all_sent.pop(0)
    is_loss = step.kind == "fault" and step.name == "lose"
    return Arrow(message, sent, number, Fate.LOST if is_loss else Fate.RECEIVED, not step.is_needed)


def waiting_at(trace: Trace) -> Iterator[list[str]]:
    """The messages in flight at the start and after each step, as they are written."""
    flying: list[str] = []
    yield []
    for step in trace.steps:
        flying = list(flying)
        for message in step.gone:
            if str(message) in flying:
                flying.remove(str(message))
        flying += map(str, step.sent)
        yield flying
