"""A symbolic search from start to end."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Final

from dscheck.checker.search.symbolic.closure import Closure
from dscheck.checker.search.symbolic.layers import Layers
from dscheck.checker.search.symbolic.lessons import Halted, Lessons
from dscheck.checker.search.symbolic.paths import path_to, retake
from dscheck.checker.search.symbolic.refinement import Refinement
from dscheck.checker.search.symbolic.report import SymbolicReport
from dscheck.checker.search.symbolic.warmup import warm_up

if TYPE_CHECKING:
    from dscheck._engine import StateSet
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System
    from dscheck.checker.search.request import Request

_CHEAP: Final = 3_000_000
"""Nodes times footprints that are counted through without being asked for."""


class SymbolicSearch:
    """One search; layered where depths are asked for, by saturation where they are not."""

    def __init__(self, system: System, request: Request) -> None:
        self._system, self._request = system, request
        self._tell: Callable[[dict[str, int]], None] | None = None
        self._deadline: float | None = None
        self._memory: int | None = None

    def run(
        self, seconds: float | None, memory: int | None, tell: Callable[[dict[str, int]], None] | None
    ) -> SymbolicReport:
        """Search, within a time and until the process takes so much memory."""
        self._tell, self._memory = tell, memory
        self._deadline = None if seconds is None else monotonic() + seconds
        is_layered = self._is_layered()
        try:
            depth, share = self._request.depth, None if seconds is None else seconds / 4
            is_wrong = warm_up(self._system, self._system.initial, share, memory, depth)
            lessons = self._lessons()
            return self._layered(lessons, depth) if is_layered or is_wrong else self._closed(lessons)
        except KeyboardInterrupt:
            return self._not_begun("interrupted")
        except Halted as halted:
            return self._not_begun(halted.why)

    def _lessons(self) -> Lessons:
        return Lessons(self._system, self._deadline, self._memory, self._told if self._tell else None)

    def _is_layered(self) -> bool:
        request, model = self._request, self._system.model
        if request.layers is False and model.declared("bound"):
            raise ValueError(f"{model} has a @bound, which needs layers: leave out layers=False")
        if request.layers is not None:
            return request.layers
        asked = request.depth is not None or request.states is not None or request.coverage
        return asked or bool(model.declared("bound"))

    def _told(self, nodes: int) -> None:
        assert self._tell is not None
        self._tell({"nodes": nodes})

    # -- breadth first

    def _layered(self, lessons: Lessons, depth: int | None) -> SymbolicReport:
        layers = Layers(lessons, self._refinement(lessons), deadlock=self._request.deadlock)
        stop = _until_halted(lambda: layers.run(depth, self._request.states))
        lessons.unlimit()
        trace: list[Numbers] = []
        if layers.finding is not None:
            trace = path_to(lessons.diagrams, layers.sets, layers.state)
            if layers.after is not None:
                trace.append(layers.after)
            trace = retake(self._system, trace)
        goals = [(tree, layers.goals[tree]) for tree in sorted(layers.goals)]

        def path(index: int) -> list[Numbers]:
            tree, level = goals[index]
            return path_to(lessons.diagrams, layers.sets[: level + 1], lessons.reached[tree])

        return self._report(
            lessons,
            layers.all,
            layers.expanded,
            stop=stop,
            finding=layers.finding,
            trace=trace,
            depth=layers.judged,
            levels=layers.levels,
            frontier=layers.frontier,
            pruned=layers.pruned,
            reached=[(tree, index) for index, (tree, _) in enumerate(goals)],
            path=path,
        )

    # -- all at once

    def _closed(self, lessons: Lessons) -> SymbolicReport:
        refinement = self._refinement(lessons)
        if refinement is not None and refinement.odd_start(self._system.initial) is not None:
            return self._layered(lessons, None)
        closure = Closure(lessons)
        stop = _until_halted(closure.run)
        if stop == "exhausted":
            stop = _until_halted(lambda: self._judge(lessons, closure.states, refinement))
        if stop == "violation":
            return self._layered(self._lessons(), None)  # for a shortest way to it
        lessons.unlimit()
        return self._report(
            lessons,
            closure.states,
            closure.states,
            stop=stop,
            finding=None,
            trace=[],
            depth=None,
            levels=(),
            frontier=0,
            pruned=0,
            reached=[(tree, -1) for tree in sorted(lessons.reached)],
            path=lambda index: [],
        )

    def _judge(self, lessons: Lessons, states: StateSet, refinement: Refinement | None) -> str:
        """What saturation does not see by itself: ends, and steps that the abstract model does not allow."""
        lessons.prepare(stops=False)
        if self._request.deadlock and lessons.stuck(states):
            return "violation"
        if refinement is not None and refinement.offence(states) is not None:
            return "violation"
        lessons.check()
        return "exhausted"

    # -- together

    def _not_begun(self, why: str) -> SymbolicReport:
        """It was broken off before the first set."""
        lessons = self._lessons()
        lessons.unlimit()
        states = lessons.initial()
        count = lessons.count(states)
        return self._report(
            lessons,
            states,
            lessons.diagrams.states([]),
            stop=why,
            finding=None,
            trace=[],
            depth=-1 if self._is_layered() else None,
            levels=(count,) if self._is_layered() else (),
            frontier=count,
            pruned=0,
            reached=[],
            path=lambda index: [],
        )

    def _refinement(self, lessons: Lessons) -> Refinement | None:
        return Refinement(lessons) if self._system.spec is not None else None

    def _report(
        self, lessons: Lessons, states: StateSet, expanded: StateSet, **found: object
    ) -> SymbolicReport:
        diagrams = lessons.diagrams
        nodes, _, size = diagrams.size(states)
        happened = {tree for tree, _ in self._system.rules.dependencies()}
        taken = [None if tree in happened else 0 for tree, _ in enumerate(self._system.instances)]
        enabled, ended = list(taken), None  # Python runs on reachable states alone
        if found["stop"] not in ("time", "memory", "interrupted"):
            try:
                lessons.prepare(stops=False)
                taken, enabled = self._counts(lessons, expanded, nodes)
                ended = diagrams.count(lessons.ended(expanded))
            except Halted as halted:  # no room, and then nothing is said; or Ctrl-C
                if halted.why == "interrupted":
                    raise KeyboardInterrupt from None
        counts = [count for count in taken if count is not None]
        report: dict[str, object] = {
            "states": lessons.count(states),
            "transitions": sum(counts) if len(counts) == len(taken) else None,
            "ended": ended,
            "taken": taken,
            "enabled": enabled,
            "bytes": size,
            "nodes": nodes,
            "values": lambda: diagrams.values(states),
        }
        return SymbolicReport(**report, **found)  # type: ignore[arg-type]

    def _counts(
        self, lessons: Lessons, expanded: StateSet, nodes: int
    ) -> tuple[list[int | None], list[int | None]]:
        """By tree, how often it was taken, and in how many states; None: at least once.

        Raises:
            Halted: there was no room, or it was interrupted.
        """
        diagrams = lessons.diagrams
        dependencies = self._system.rules.dependencies()
        is_cheap = nodes * len(dependencies) <= _CHEAP
        taken: list[int | None] = [0 for _ in self._system.instances]
        enabled = list(taken)
        for tree in {tree for tree, _ in dependencies}:
            if is_cheap or self._request.coverage:
                taken[tree], enabled[tree] = diagrams.count_steps(expanded, tree)
            elif diagrams.is_possible(expanded, tree):
                taken[tree] = enabled[tree] = None
        lessons.check()
        return taken, enabled


def _until_halted(work: Callable[[], str]) -> str:
    """Why some work ended, or was broken off."""
    try:
        return work()
    except Halted as halted:
        return halted.why
    except KeyboardInterrupt:  # while Python ran
        return "interrupted"
