"""Linearizability: the engine keeps the configurations that are possible.

engine/src/monitors/possibilities.rs says what they are, and what an event makes of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from dscheck._engine import Possibilities
from dscheck.checker.notation.operations import Event, Invoked, Responded
from dscheck.checker.rules.monitors.monitor import Known, Monitor, still_waits, waits_for_nothing
from dscheck.checker.rules.monitors.steps import Steps


class Linearizability(Monitor):
    """Keeps the configurations that are possible, and forgets what has been answered."""

    def __init__(self, steps: Steps, may_crash: bool) -> None:
        super().__init__(steps, may_crash)
        self._possibilities = Possibilities(steps, steps.start(), may_crash)
        self._numbers: dict[Hashable, int] = {}
        self._events: dict[int, Event] = {}
        self._catch_up()

    def numbers(self, before: Sequence[int], event: Event) -> list[int]:
        """The values with the configurations that are possible after one more event."""
        after = self._possibilities.after(self._event(event), list(before))
        self._catch_up()
        return after

    def _event(self, event: Event) -> int:
        identity = event.identity()
        if identity not in self._numbers:
            client = self._client(event)
            match event:
                case Invoked():
                    operation = self._steps.operation(event.function, event.argument)
                    number = self._possibilities.invoked(client, operation)
                case Responded():
                    number = self._possibilities.responded(client, self._steps.result(event.result))
                case _:
                    number = self._possibilities.abandoned(client)
            self._numbers[identity] = number
            self._events[number] = event
        return self._numbers[identity]

    def _catch_up(self) -> None:
        """Give the values that the engine has found an object each."""
        for number in range(len(self.values), len(self._possibilities)):
            verdict, event = self._possibilities.verdict(number)
            if verdict == "kept":
                self.values.append(Known(number, partial(self._tell, number), True))
            elif verdict == "broken":
                self.values.append(Known(number, lambda: "nothing is possible", False))
            else:
                explain = still_waits if verdict == "still waits" else waits_for_nothing
                text = explain(self._events[event])
                self.values.append(Known(number, partial(str, text), text))

    def _tell(self, number: int) -> str:
        """The states that are possible, with the operations under way that have led to them."""
        pending, configurations = self._possibilities.content(number)
        waiting = dict(pending)
        return " or ".join(sorted({self._tell_one(waiting, *one) for one in configurations}))

    def _tell_one(self, waiting: dict[int, int], state: int, done: Sequence[int]) -> str:
        by = [f"{self._name(one)}'s {self._steps.tell_operation(waiting[one])}" for one in done]
        told = self._steps.tell_state(state)
        return f"{told} by {' and '.join(by)}" if by else told
