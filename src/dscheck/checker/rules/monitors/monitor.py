"""What every monitor is: a machine that reads events, one value after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import Event, Invoked
from dscheck.checker.notation.values import Ranked
from dscheck.checker.rules.monitors.steps import Steps
from dscheck.checker.rules.slot import Update


class Known(Ranked):
    """One value of a monitor: there is one object of each, so identity is equality."""

    def __init__(self, number: int, tell: Callable[[], str], verdict: bool | str) -> None:
        self._rank, self._tell = number, tell
        self.verdict = verdict
        """Whether the operations so far keep the promise; a text where they are not to be judged at all."""

    @property
    def number(self) -> int:
        """Its position among the monitor's values."""
        return self._rank

    def __repr__(self) -> str:
        return self._tell()


class Monitor(ABC):
    """Remembers of the events so far what the promise depends on.  It numbers its own values."""

    def __init__(self, steps: Steps, may_crash: bool) -> None:
        self._steps, self._may_crash = steps, may_crash
        self._clients: dict[int, Node] = {}
        self.values: list[Known] = []
        """Every value so far; the first one is there before any event."""

    @property
    def start(self) -> Known:
        """The value before the first event."""
        return self.values[0]

    def number(self, value: Any) -> int:
        """The number of one of its values."""
        assert isinstance(value, Known)
        return value.number

    def after(self, before: Known, event: Event) -> Known:
        """The value after one more event."""
        return self.values[self.numbers([before.number], event)[0]]

    @abstractmethod
    def numbers(self, before: Sequence[int], event: Event) -> list[int]:
        """What one more event makes of each of these values."""

    def check(self, event: Event) -> None:
        """Refuse a function that the specification does not know."""
        if isinstance(event, Invoked):
            self._steps.check(event.function)

    def _client(self, event: Event) -> int:
        """Clients as numbers, in the order of nodes."""
        client: int = event.process._rank
        self._clients.setdefault(client, event.process)
        return client

    def _name(self, client: int) -> str:
        return self._clients[client].name


class Recorded(Update):
    """One more event: a blind update of the place where a monitor is kept."""

    def __init__(self, monitor: Monitor, event: Event) -> None:
        self._monitor, self._event = monitor, event

    def __call__(self, value: Any) -> Known:
        return self._monitor.after(value, self._event)

    def numbers(self, before: Sequence[int]) -> list[int]:
        """What the event makes of each of these values."""
        return self._monitor.numbers(before, self._event)


def still_waits(event: Event) -> str:
    """A client asks two things at once."""
    return f"{event}, but it still waits for the answer to another operation"


def waits_for_nothing(event: Event) -> str:
    """A client is answered what it has not asked."""
    return f"{event}, but it waits for no answer"
