"""All reachable states at once: saturation, round by round, with lessons in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dscheck.checker.search.symbolic.lessons import Lessons
from dscheck.checker.search.symbolic.order import order_by

if TYPE_CHECKING:
    from dscheck._engine import StateSet

_SMALL: Final = 10_000
"""Nodes of a set that is put in another order whenever there are new slots."""

_BUDGET: Final = 1 << 20
"""Nodes that may be made before the first lesson; before each other twice as many as before the last."""

_NO_BUDGET: Final = 1 << 40
"""More nodes than there is room for."""

_MUCH: Final = 1 << 17
"""So many nodes, in use or not, took longer than some more walks take."""


class Closure:
    """A search that knows no depths."""

    def __init__(self, lessons: Lessons) -> None:
        self._lessons = lessons
        self.states: StateSet = lessons.initial()
        """Only reachable ones; all of them if the search came to its end."""

    def run(self) -> str:
        """Go on until there is nothing new; why it ended.  A "violation" is somewhere, and not yet found.

        Raises:
            Halted: time, memory or interrupted, in a lesson.
        """
        lessons, diagrams = self._lessons, self._lessons.diagrams
        closed, slots, budget = False, 0, _BUDGET
        while True:
            if slots:
                self._rearrange(slots)
            lessons.prepare()
            slots = len(diagrams.order())
            self.states = diagrams.saturate(self.states, closed=closed, nodes=budget)
            lessons.count(self.states)
            halted = diagrams.take_halt()
            if halted not in (None, "nodes"):
                return "violation" if halted == "found" else str(halted)
            closed = halted is None
            if closed:
                diagrams.settle()
            lesson = self._study()
            if lesson == "wrong":
                return "violation"
            if closed and lesson == "nothing":
                return "exhausted"
            budget = min(2 * budget, _NO_BUDGET)

    def _study(self) -> str:
        """Learn from what was found and what comes after it: "nothing", "something", or what is "wrong"."""
        lessons, diagrams = self._lessons, self._lessons.diagrams
        diagrams.probe(self.states)
        lessons.check()
        seen = diagrams.seen(self.states)
        if not lessons.learn(self.states, seen):
            return "nothing"
        if diagrams.size(self.states)[1] < _MUCH:
            return "something"
        gaps = [state for judgement, _, _, state in seen if judgement == "gap"]
        return "wrong" if lessons.follow(gaps) else "something"

    def _rearrange(self, slots: int) -> None:
        """Put slots in a better order: by what is known of footprints now; if there is more, of the set."""
        diagrams, rules = self._lessons.diagrams, self._lessons.system.rules
        if diagrams.size(self.states)[0] >= _SMALL:
            diagrams.sift()
        elif rules.slot_count() > slots:
            diagrams.reorder(order_by(rules))
