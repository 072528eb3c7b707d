"""Sets of states of one model, and Python taught about every state that the rules do not cover."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from dscheck._engine import Diagrams, StateSet
from dscheck.checker.search.symbolic.order import order_by
from dscheck.checker.search.symbolic.warmup import MANY_WALKS, left_until, warm_up
from dscheck.checker.traces.slicing import Judged

if TYPE_CHECKING:
    from dscheck.checker.rules.system import System

_SHARE_OF_NODES: Final = 0.3
"""Of the memory; tables of results take their share, and what grows is there twice for a moment."""
_UNLIMITED: Final = 1 << 33

Seen = list[tuple[str, int, list[int], list[int]]]
"""What was seen in a set: broken, raised or reached; the tree, its picks, a state."""


class Halted(Exception):  # noqa: N818 - not an error
    """Work was broken off: time, memory or interrupted."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Lessons:
    """The diagrams of a model, which never say anything about a state without knowing what happens there."""

    def __init__(
        self,
        system: System,
        deadline: float | None,
        memory: int | None,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """`deadline` is a time of the monotonic clock; `progress` is told how many nodes there are."""
        self.system = system
        self._deadline, self._memory = deadline, memory
        room = _UNLIMITED if memory is None else int(memory * _SHARE_OF_NODES)
        self.diagrams = Diagrams(system.rules, order_by(system.rules), room)
        self.reached: dict[int, list[int]] = {}
        """Of each goal's tree that was seen to be true: a state."""
        self.peak = 0
        """The most nodes that all sets had together, as far as was looked."""
        self.diagrams.limit(seconds=left_until(deadline), memory=memory, progress=progress)

    def unlimit(self) -> None:
        """For what is left to do after the search, which is little."""
        self._deadline = None
        self.diagrams.take_halt()
        self.diagrams.limit()

    def initial(self) -> StateSet:
        """The states in which the model may start."""
        return self._whole(self.diagrams.states(self.system.initial))

    # -- lessons

    def prepare(self, *, questions_only: bool = False, stops: bool = True) -> None:
        """Take in what is known by now.

        Raises:
            Halted: time, memory or interrupted.
        """
        self.diagrams.prepare(questions_only=questions_only, stops_at_findings=stops)
        self.check()

    def study(self, states: StateSet, *, questions_only: bool = False) -> Seen:
        """Learn all that happens in a set, or only what its promises are; what is seen that should not be."""
        while True:
            self.prepare(questions_only=questions_only, stops=False)
            self.diagrams.probe(states)
            self.check()
            seen = self.diagrams.seen(states)
            if not self.learn(states, seen):
                return [one for one in seen if one[0] in ("broken", "raised")]

    def learn(self, states: StateSet, seen: Seen) -> bool:
        """Have Python run on what the rules do not cover, and note goals; whether there was anything."""
        for judgement, tree, _, state in seen:
            if judgement == "reached":
                self.diagrams.retire(tree)
                self.reached.setdefault(tree, state)
        gaps = [(tree, state, picks) for judgement, tree, picks, state in seen if judgement == "gap"]
        self.system.learn(gaps)
        self.fill(states, sorted({tree for tree, _, _ in gaps}))
        missing = self.diagrams.missing()
        self.system.operate(missing)
        return bool(gaps or missing)

    def fill(self, states: StateSet, trees: list[int]) -> None:
        """Have Python run until some trees cover a whole set."""
        while trees and (gaps := self.diagrams.gaps_of(states, trees)):
            self.check()
            self.system.learn(gaps)
            trees = sorted({tree for tree, _, _ in gaps})

    def follow(self, states: list[list[int]]) -> bool:
        """Learn more from what comes after states of which too little was known; whether it is wrong."""
        left = left_until(self._deadline)
        states = states + self.system.initial
        share = None if left is None else left / 4
        return warm_up(self.system, states, share, self._memory, many=MANY_WALKS)

    def check(self) -> None:
        """Stop where a limit was reached.

        Raises:
            Halted: time, memory or interrupted.
        """
        why = self.diagrams.take_halt()
        if self._deadline is not None and monotonic() >= self._deadline:
            why = why or "time"
        if why is not None:
            raise Halted(why)

    # -- what can be asked of a set

    def closed(self, states: StateSet) -> StateSet:
        """Those of a studied set in which a bound is false."""
        return self._whole(self.diagrams.select(states, self.system.trees("bound"), 0))

    def stuck(self, states: StateSet) -> StateSet:
        """Those of a studied set in which nothing can happen, and which are no proper ends."""
        ended = self.ended(states)
        ends = self.system.trees("ends")
        return self._whole(self.diagrams.select(ended, ends, 0)) if ends else ended

    def ended(self, states: StateSet) -> StateSet:
        """Those of a studied set in which nothing can happen."""
        return self._whole(self.diagrams.minus(states, self.diagrams.enabled(states)))

    def next(self, states: StateSet) -> StateSet:
        """What all steps make of a studied set."""
        while True:
            made = self.diagrams.next(states)
            self.check()
            missing = self.diagrams.missing()
            if not missing:
                return made
            self.system.operate(missing)
            self.prepare(stops=False)

    def new(self, made: StateSet, known: StateSet) -> StateSet:
        """What is in one set and not in another."""
        return self._whole(self.diagrams.minus(made, known))

    def union(self, one: StateSet, other: StateSet) -> StateSet:
        """What is in either set."""
        return self._whole(self.diagrams.union(one, other))

    def _whole(self, states: StateSet) -> StateSet:
        """A result, if its making was not broken off."""
        self.check()
        return states

    def count(self, states: StateSet) -> int:
        """How many states there are in a set."""
        self.peak = max(self.peak, self.diagrams.size(states)[1])
        return self.diagrams.count(states)


def first_wrong(seen: Seen) -> tuple[Judged, list[int]] | None:
    """Of what should not be, the first in canonical order: what it is, and the state."""
    if not seen:
        return None
    judgement, tree, picks, state = min(seen, key=lambda one: (one[1], one[2]))
    return ("always" if judgement == "broken" else "fault", tree, picks), state
