"""Whether the steps of whole sets are steps of the abstract model, or change nothing there.

engine/src/symbolic/refinement.rs says how.  Python is asked about abstract states that the steps of a set
begin in, until either every step is explained, or one that is not begins in a state about which nothing is
left to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dscheck.checker.rules.instances import STEPS

if TYPE_CHECKING:
    from dscheck._engine import StateSet
    from dscheck._engine import Step as Numbers
    from dscheck.checker.search.symbolic.lessons import Lessons


class Refinement:
    """The abstract model beside the diagrams of the concrete one."""

    def __init__(self, lessons: Lessons) -> None:
        assert lessons.system.spec is not None, "only a model with a mapping has an abstract one"
        self._lessons, self._spec = lessons, lessons.system.spec
        self._asked: set[tuple[int, ...]] = set()
        lessons.diagrams.attach(self._spec.rules)

    def odd_start(self, initial: list[list[int]]) -> list[int] | None:
        """An initial state that stands for no initial state of the abstract model."""
        starts = {_trimmed(state) for state in self._spec.initial}
        odd = (state for state in initial if _trimmed(self._lessons.system.abstract(state)) not in starts)
        return next(odd, None)

    def offence(self, states: StateSet) -> tuple[list[int], Numbers] | None:
        """A state of a studied set, and a step out of it that the abstract model does not allow."""
        lessons, diagrams = self._lessons, self._lessons.diagrams
        self._learn_images(lessons.next(states))
        before = diagrams.mapped(states, 0)
        lessons.prepare(stops=False)  # slots have moved
        both = diagrams.mapped(lessons.next(before), 1)
        pair = self._unexplained(both)
        if pair is None:
            return None
        after = diagrams.pick(diagrams.with_pair(both, pair))
        assert after is not None, "what is left comes from the states that were mapped"
        found = diagrams.before(before, after, [0 if at % 2 else value for at, value in enumerate(pair)])
        assert found is not None, "what was mapped comes from these states"
        tree, picks, state = found
        return state, (tree, picks, after)

    def _unexplained(self, both: StateSet) -> list[int] | None:
        """Two abstract states of a step that the abstract model does not allow."""
        diagrams = self._lessons.diagrams
        left = diagrams.changes(both)
        self._lessons.check()
        while True:
            left = diagrams.unexplained(left)
            self._lessons.check()
            pair = diagrams.pick_pair(left)
            if self._learn_updates():
                continue
            if pair is None or not self._learn(pair[::2]):
                return pair

    def _learn_images(self, states: StateSet) -> None:
        """What states stand for; where the mapping raises, a search finds that by itself, one step later."""
        self._lessons.fill(states, self._lessons.system.trees("refines"))

    def _learn_updates(self) -> bool:
        missing = self._lessons.diagrams.missing_in_spec()
        self._spec.operate(missing)
        return bool(missing)

    def _learn(self, abstract: list[int]) -> bool:
        """Ask what can happen in a state of the abstract model; False: that was asked before."""
        if _trimmed(abstract) in self._asked:
            return False
        self._asked.add(_trimmed(abstract))
        state = [*abstract, *[0] * (self._spec.rules.slot_count() - len(abstract))]
        self._spec.learn([(tree, state, []) for tree in self._spec.trees(*STEPS)])
        return True


def _trimmed(state: list[int]) -> tuple[int, ...]:
    """A state without the zeros at its end, which say nothing."""
    length = max((at + 1 for at, value in enumerate(state) if value), default=0)
    return tuple(state[:length])
