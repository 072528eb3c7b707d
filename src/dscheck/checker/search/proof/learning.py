"""Footprints, learned one state after the other: of each tree, what was seen and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dscheck.checker.errors import HiddenState, ModelError
from dscheck.checker.rules.footprint import DISABLED, Footprint
from dscheck.checker.rules.instances import QUESTIONS
from dscheck.checker.rules.slot import Group, Observation, Slot
from dscheck.checker.search.proof.symbols import Cube

if TYPE_CHECKING:
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System


@dataclass(frozen=True, eq=False)
class Rule:
    """What one run of a tree says about every state that looks the same to it."""

    tree: int
    cube: Cube
    picks: tuple[int, ...]
    holds: bool = False
    """Of a property: whether it does."""
    enabled: bool = False
    """Of a step: whether it can happen."""
    writes: Mapping[int, int] | None = None
    operators: tuple[int, ...] = ()
    error: Exception | None = None
    """What the model raised."""


@dataclass(frozen=True, eq=False)
class Known:
    """All that a tree does in the states of a cube, one rule for each way that its choices can go."""

    cube: Cube
    rules: tuple[Rule, ...]


class _Branch:
    """The observation that a tree makes next, and how it goes on after each answer."""

    def __init__(self, observation: Observation) -> None:
        self.observation = observation
        self.answers: dict[int, _Branch | Known] = {}


class Knowledge:
    """The footprints of a system's trees as far as they are known."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._roots: dict[int, _Branch | Known] = {}
        self._known: dict[int, list[Known]] = {}

    def of(self, tree: int) -> Sequence[Known]:
        """What is known of a tree, in the order of learning."""
        if tree not in self._known:
            self._known[tree] = []
            delivery = self.system.instances[tree].delivery
            if delivery is not None:  # where the network holds nothing for it, there is nothing to run
                cube = ((delivery.nothing, 0),)
                self._keep(tree, Known(cube, (Rule(tree, cube, ()),)))
        return self._known[tree]

    def at(self, tree: int, state: State) -> Known:
        """What a tree does in a state: remembered, or found out."""
        return self._find(tree, state) or self._learn(tree, state)

    def _find(self, tree: int, state: State) -> Known | None:
        self.of(tree)
        at = self._roots.get(tree)
        while isinstance(at, _Branch):
            at = at.answers.get(at.observation.answer(state))
        return at

    def holds(self, tree: int, state: State) -> bool:
        """Whether a property does in a state; one that raises does not."""
        return self.at(tree, state).rules[0].holds

    def vary(self, tree: int, state: State, domains: Mapping[int, Sequence[int]], most: int) -> None:
        """Learn what a property says where something that it looks at is otherwise, with a limit."""
        todo = [list(state)]
        while todo and len(self.of(tree)) < most:
            varied = todo.pop()
            for observation, _ in self.at(tree, varied).cube:
                slot = slot_of(observation)
                if slot is None:
                    continue
                for number in domains.get(slot, ()):
                    other = [*varied, *[0] * (slot + 1 - len(varied))]
                    other[slot] = number
                    if self._find(tree, other) is None:
                        self._learn(tree, other)
                        todo.append(other)

    def is_complete(self, tree: int, domains: Mapping[int, Sequence[int]]) -> bool:
        """Whether what is known covers every state within the domains, whatever Z3 would say."""
        todo: list[_Branch | Known | None] = [self._roots.get(tree)]
        while todo:
            at = todo.pop()
            if isinstance(at, _Branch):
                slot = slot_of(at.observation)
                if slot is None:
                    return False
                states = ([0] * slot + [number] for number in domains.get(slot, (0,)))
                todo += [at.answers.get(at.observation.answer(state)) for state in states]
            elif at is None:
                return False
        return True

    @property
    def count(self) -> int:
        """How many footprints are known."""
        return sum(len(known.rules) for all_known in self._known.values() for known in all_known)

    def _learn(self, tree: int, state: State) -> Known:
        seen: dict[int, tuple[Observation, int]] = {}
        rules: list[Rule] = []
        picks: Sequence[int] | None = ()
        while picks is not None:
            rule, picks = self._run(tree, state, picks, seen)
            rules.append(rule)
        known = Known(tuple(seen.values()), tuple(rules))
        self._keep(tree, known)
        return known

    def _run(
        self, tree: int, state: State, picks: Sequence[int], seen: dict[int, tuple[Observation, int]]
    ) -> tuple[Rule, Sequence[int] | None]:
        """One run, and the picks of the next one."""
        asked: dict[int, tuple[Observation, int]] = {}

        def ask(observation: Observation) -> int:
            answer = observation.answer(state)
            asked[observation.number] = seen[observation.number] = observation, answer
            return answer

        system = self.system
        system.python_calls += 1
        try:
            footprint = system.run(tree, ask, picks)
        except HiddenState:
            raise
        except ModelError as error:  # in a state that is never reached, misuse is as good as any exception
            return Rule(tree, tuple(asked.values()), tuple(picks), error=error), None
        system.remember(tree, footprint)
        return _rule(system, tree, tuple(asked.values()), footprint), footprint.next_picks(0)

    def _keep(self, tree: int, known: Known) -> None:
        self._known[tree].append(known)
        if not known.cube:
            self._roots[tree] = known
            return
        at = self._roots.setdefault(tree, _Branch(known.cube[0][0]))
        for (_, answer), (following, _) in pairwise(known.cube):
            assert isinstance(at, _Branch), "a run that ended goes on"
            at = at.answers.setdefault(answer, _Branch(following))
        assert isinstance(at, _Branch), "a run that ended goes on"
        at.answers[known.cube[-1][1]] = known


def slot_of(observation: Observation) -> int | None:
    """The slot that an observation is about; None where it is about several."""
    about = observation.about
    if isinstance(about, Slot):
        return about.number
    return None if isinstance(about, Group) else about.slot.number


def _rule(system: System, tree: int, cube: Cube, footprint: Footprint) -> Rule:
    picks = tuple(picked for asked, picked in footprint.path if asked < 0)
    if footprint.error is not None:
        return Rule(tree, cube, picks, error=footprint.error)
    if system.instances[tree].kind in QUESTIONS:
        return Rule(tree, cube, picks, holds=bool(footprint.leaf))
    if footprint.leaf == DISABLED:
        return Rule(tree, cube, picks)
    writes, operators = footprint.effects
    return Rule(tree, cube, picks, enabled=True, writes=dict(writes), operators=tuple(operators))
