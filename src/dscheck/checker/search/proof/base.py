"""The bounded search beside a proof: the base case, the values of each slot, and what can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dscheck._engine import Search
from dscheck.checker.search.proof.solving import Limits, OutOf
from dscheck.checker.traces.evidence import find
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.tell import tell
from dscheck.checker.traces.trace import Trace

if TYPE_CHECKING:
    from dscheck._engine import Report
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the search came."""

    states: int
    depth: int
    """The deepest level of which every state was judged."""
    is_complete: bool
    """Whether these are all reachable states."""


class Base:
    """A search of the first states of a model."""

    def __init__(self, system: System, states: int, steps: int, limits: Limits, memory: int | None) -> None:
        """Up to so many states, but all that are at most so many steps away in any case: the base case."""
        self._system, self._limits, self._memory = system, limits, memory
        self._search, self.report = self._run(states=states)
        if self.report.stop == "states" and self.report.depth < steps:
            self._search, self.report = self._run(depth=steps)
        self.reach = Reach(self.report.states, self.report.depth, self._is_complete)

    def _run(self, *, states: int | None = None, depth: int | None = None) -> tuple[Search, Report]:
        system = self._system
        search = Search(system.rules, system, system.initial)
        report = search.breadth_first(
            states=states, depth=depth, seconds=self._limits.left, memory=self._memory
        )
        if report.stop == "interrupted":
            raise KeyboardInterrupt
        if report.stop in ("time", "memory"):
            raise OutOf(report.stop)
        return search, report

    @property
    def _is_complete(self) -> bool:
        return self.report.stop == "exhausted" and not self.report.pruned

    def values(self) -> list[list[int]]:
        """The values seen, slot by slot."""
        return self._search.values()

    def violation(self) -> tuple[Finding, Trace] | None:
        """What the search found wrong, and a run that leads there."""
        if self.report.finding is None:
            return None
        path, judged = self.report.trace, self.report.finding
        return find(self._system, path, judged), tell(self._system, path, judged)

    def way_to(self, state: State) -> list[Numbers] | None:
        """A shortest run to a state, if the search has seen it."""
        for index in range(self.report.states):
            if same(self._search.state(index), state):
                return self._search.path(index)
        return None


def same(one: State, other: State) -> bool:
    """Whether two states are equal, though one may be older than some slots."""
    length = min(len(one), len(other))
    return list(one[:length]) == list(other[:length]) and not any((*one[length:], *other[length:]))
