"""The nodes and messages of drawn models; between them they have every kind of variable there is."""

from __future__ import annotations

from typing import NewType

from dscheck import Counter, Message, Node, counter, durable, each, volatile

Digit = NewType("Digit", int)
"""All numbers of drawn models are 0, 1 or 2: so they have few states."""


class Cell(Node):
    """A node; half of what it holds survives a crash."""

    kept: int = durable(0)
    lost: int = volatile(1)
    row: dict[Cell, int] = volatile(each(0))
    ledger: dict[Digit, int] = durable(each(2))
    friends: set[Cell] = durable(set())
    marks: set[Digit] = volatile({Digit(1)})
    seen: set[tuple[str, int]] = volatile({("at first", 1)})
    asked: bool = volatile(False)
    """Whether it waits for the result of an operation."""
    tally: Counter = volatile(counter(0))
    total: Counter = durable(counter(1))


class Ping(Message):
    """Has a handler of its own."""

    value: int


class Loud(Ping):
    """Handled as a Ping."""


class Pong(Message):
    """Has a handler of its own; its value is of another type than a Ping's, and equal to it."""

    value: bool


MESSAGES = (Ping, Loud, Pong)
