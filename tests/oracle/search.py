"""Breadth-first search over states, level by level, in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from functools import partial

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.properties import WATCHED
from oracle.judge import Refinement, holds
from oracle.state import State, initial_states
from oracle.steps import steps


@dataclass(frozen=True)
class Finding:
    """Something that must not be, and the length of the shortest way there."""

    kind: str
    name: str
    depth: int


@dataclass
class Answer:
    """All that the engine's result is compared with."""

    levels: list[int] = field(default_factory=list)
    transitions: int = 0
    taken: Counter[str] = field(default_factory=Counter)
    ended: int = 0
    pruned: int = 0
    frontier: int = 0
    reached: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    @property
    def states(self) -> int:
        return sum(self.levels)

    @property
    def depth_of_finding(self) -> int | None:
        return min((finding.depth for finding in self.findings), default=None)

    @property
    def shortest(self) -> set[tuple[str, str]]:
        """Kind and name of the findings that no other comes before: any of them may be reported."""
        return {(f.kind, f.name) for f in self.findings if f.depth == self.depth_of_finding}


def search(
    model: Model, *, depth: int | None = None, states: int | None = None, deadlock: bool = False
) -> Answer:
    """Visit every reachable state, up to `depth` or, level by level, until `states` have been found.

    A finding ends the search, too.
    """
    return Search(model, deadlock).run(depth, states)


class Search:
    """One search: the states seen so far, and what has been noted about them."""

    def __init__(self, model: Model, deadlock: bool):
        self.model, self.deadlock = model, deadlock
        self.refinements = [Refinement(model, declared) for declared in model.declared("refines")]
        self.seen: set[Hashable] = set()
        self.answer = Answer()

    def run(self, depth: int | None, states: int | None) -> Answer:
        level, at = initial_states(self.model), 0
        self.seen |= {state.identity() for state in level}
        while level:
            self.answer.levels.append(len(level))
            open_states = [state for state in level if self.judge(state, at)]
            if at == depth or (states is not None and self.answer.states >= states):
                self.answer.frontier = len(open_states)
                break
            level, at = [new for state in open_states for new in self.expand(state, at)], at + 1
            if self.answer.findings and self.answer.depth_of_finding != at:
                break  # all that could be found as early has been
        return self.answer

    def judge(self, state: State, depth: int) -> bool:
        """Note what holds in a state; say whether the search goes on from it."""
        for kind in ("always", *WATCHED):
            for name, answer in self.ask(kind, state, depth):
                if answer is False:
                    self.find(kind, name, depth)
        self.answer.reached |= {name for name, answer in self.ask("sometimes", state, depth) if answer}
        if depth == 0:
            for refinement in self.refinements:
                self.guard("initial", refinement.declared.name, 0, partial(refinement.may_start, state))
        self.ask("ends", state, depth)
        pruned = any(answer is False for _, answer in self.ask("bound", state, depth))
        self.answer.pruned += pruned
        return not pruned

    def ask(self, kind: str, state: State, depth: int) -> list[tuple[str, bool | None]]:
        """What every instance of every property of one kind says; None where it raises."""
        return [
            (declared.name, self.attempt(declared.name, depth, partial(holds, state, declared, args)))
            for declared in self.model.declared(kind)
            for args in self.model.instances_of(declared)
        ]

    def expand(self, state: State, depth: int) -> list[State]:
        """The states that are new behind this one."""
        new: list[State] = []
        enabled = 0
        for step in steps(state):
            enabled += 1
            if step.after is None:
                self.find("fault", step.name, depth)
                continue
            self.answer.transitions += 1
            self.answer.taken[step.name] += 1
            for refinement in self.refinements:
                mapped = partial(refinement.allows, state, step.after)
                self.guard("refines", refinement.declared.name, depth + 1, mapped)
            if step.after.identity() not in self.seen:
                self.seen.add(step.after.identity())
                new.append(step.after)
        if not enabled:
            self.answer.ended += 1
            said = [answer for _, answer in self.ask("ends", state, depth)]
            if self.deadlock and not (said and all(said)):
                self.find("deadlock", "deadlock", depth)
        return new

    def guard(self, kind: str, name: str, depth: int, holds: Callable[[], bool]) -> None:
        """Note it if this does not hold."""
        if self.attempt(name, depth, holds) is False:
            self.find(kind, name, depth)

    def attempt(self, name: str, depth: int, question: Callable[[], bool]) -> bool | None:
        """The answer to a question; None, and a finding, where the model raises instead."""
        try:
            return question()
        except ModelError:
            raise
        except Exception:
            self.find("fault", name, depth)
            return None

    def find(self, kind: str, name: str, depth: int) -> None:
        self.answer.findings.append(Finding(kind, name, depth))
