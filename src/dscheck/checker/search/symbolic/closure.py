"""All reachable states at once: saturation, round by round, with lessons in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dscheck.checker.search.symbolic.lessons import Lessons
from dscheck.checker.search.symbolic.order import order_by

if TYPE_CHECKING:
    from dscheck._engine import StateSet

_SMALL: Final = 20_000
"""Nodes of a set that is put in another order when there are new slots."""


class Closure:
    """A search that knows no depths."""

    def __init__(self, lessons: Lessons) -> None:
        self._lessons = lessons
        self.states: StateSet = lessons.initial()
        """Only reachable ones; all of them if the search came to its end."""
        self.rounds = 0
        self.is_broken = False
        """Whether a state that should not be was seen."""

    def run(self) -> str:
        """Go on until there is nothing new; why it ended.

        Raises:
            Halted: time, memory or interrupted, in a lesson.
        """
        lessons, diagrams = self._lessons, self._lessons.diagrams
        closed, slots = False, 0
        while True:
            self.rounds += 1
            lessons.prepare()
            if self._has_outgrown(slots):
                self._reorder()
                closed = False
            slots = len(diagrams.order())
            self.states = diagrams.saturate(self.states, closed)
            lessons.count(self.states)
            halted = diagrams.take_halt()
            if halted == "found":
                self.is_broken = True
                return "violation"
            if halted is not None:
                return halted
            diagrams.settle()
            closed = True
            if not lessons.learn(self.states, diagrams.seen(self.states)):
                return "exhausted"

    def _has_outgrown(self, slots: int) -> bool:
        """Whether there are new slots, and it costs little to find them better places."""
        is_small = self._lessons.diagrams.size(self.states)[0] < _SMALL
        return slots > 0 and is_small and len(self._lessons.diagrams.order()) > slots

    def _reorder(self) -> None:
        self._lessons.diagrams.reorder(order_by(self._lessons.system.rules))
        self._lessons.prepare()
