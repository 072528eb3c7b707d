"""Breadth first, set by set: exact depths, and the first violation is a shortest one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dscheck.checker.rules.instances import STEPS
from dscheck.checker.search.symbolic.lessons import Halted, Lessons, first_wrong

if TYPE_CHECKING:
    from dscheck._engine import StateSet
    from dscheck.checker.search.symbolic.refinement import Refinement
    from dscheck.checker.traces.slicing import Judged


class Layers:
    """A search that keeps the set of every depth.

    Raises:
        Halted: before the first set.
    """

    def __init__(self, lessons: Lessons, refinement: Refinement | None, *, deadlock: bool) -> None:
        self._lessons, self._refinement, self._deadlock = lessons, refinement, deadlock
        self.sets: list[StateSet] = []
        self.levels: list[int] = []
        """States by depth."""
        self.judged = -1
        """The deepest level of which every state was judged."""
        self.pruned = 0
        self.frontier = 0
        """States found but not expanded."""
        self.all: StateSet = lessons.initial()
        self.expanded: StateSet = lessons.diagrams.states([])
        self.goals: dict[int, int] = {}
        """The depth at which each goal's tree was first true."""
        self.finding: Judged | None = None
        self.state: list[int] = []
        """Where the finding is."""
        self.after: tuple[int, list[int], list[int]] | None = None
        """The step out of it that should not be."""

    def run(self, depth: int | None, most: int | None = None) -> str:
        """Go on until there is nothing new, or as deep as asked; why it ended."""
        lessons, new = self._lessons, self.all
        while new:
            self.sets.append(new)
            self.levels.append(lessons.count(new))
            level = len(self.sets) - 1
            self.frontier = self.levels[-1]
            if most is not None and sum(self.levels) > most:
                return "states"
            try:
                expands = depth is None or level < depth
                open_states = self._judge(new, level, expands)
                if self.finding is None and expands:
                    self._inspect(open_states, level)
                if self.finding is not None:
                    return "violation"
                self.judged = level
                if not expands:
                    self.frontier = lessons.count(open_states)
                    return "depth" if open_states else "exhausted"
                new = self._expand(open_states)
            except Halted as halted:
                return halted.why if self.finding is None else "violation"
        return "exhausted"

    def _expand(self, states: StateSet) -> StateSet:
        """Take all steps out of a level; what is new."""
        lessons = self._lessons
        new = lessons.new(lessons.next(states), self.all)
        everything, expanded = lessons.union(self.all, new), lessons.union(self.expanded, states)
        self.all, self.expanded, self.frontier = everything, expanded, 0
        return new

    def _judge(self, new: StateSet, level: int, expands: bool) -> StateSet:
        """Judge a level; those of its states that are to be expanded."""
        lessons = self._lessons
        has_bounds = bool(lessons.system.trees("bound"))
        wrong = first_wrong(lessons.study(new, questions_only=has_bounds or not expands))
        for tree in lessons.reached:
            self.goals.setdefault(tree, level)
        if wrong is not None and (wrong[0][0] == "always" or not self._is_step(wrong[0][1])):
            self.finding, self.state = wrong
            return new
        if level == 0 and self._refinement is not None:
            odd = self._refinement.odd_start(lessons.system.initial)
            if odd is not None:
                self.finding, self.state = ("initial", -1, []), odd
                return new
        if not has_bounds:
            return new
        closed = lessons.closed(new)
        self.pruned += lessons.count(closed)
        return lessons.new(new, closed)

    def _is_step(self, tree: int) -> bool:
        return self._lessons.system.instances[tree].kind in STEPS

    def _inspect(self, states: StateSet, level: int) -> None:
        """See what can happen in the states of a level."""
        lessons = self._lessons
        wrong = first_wrong(lessons.study(states))
        if wrong is not None:
            self.finding, self.state = wrong
            return
        if self._deadlock:
            stuck = lessons.stuck(states)
            state = lessons.diagrams.pick(stuck)
            if state is not None:
                self.finding, self.state = ("deadlock", -1, []), state
                return
        if self._refinement is not None:
            offence = self._refinement.offence(states)
            if offence is not None:
                self.state, self.after = offence
                self.finding = ("refines", self.after[0], self.after[1])
