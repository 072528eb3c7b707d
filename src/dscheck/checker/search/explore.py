"""The search for what can go wrong in a model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Final

from dscheck._engine import Report, Search
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.notation.model import Model
from dscheck.checker.rules.system import System
from dscheck.checker.search.coverage import count_actions, reached_goals, survey
from dscheck.checker.search.graph import StateGraph
from dscheck.checker.search.limits import default_memory, default_workers
from dscheck.checker.search.promises import empty_promises, promises
from dscheck.checker.search.race import race
from dscheck.checker.search.request import Audit, Engine, Request, demand_model
from dscheck.checker.search.result import Origin, Result
from dscheck.checker.search.simplest import simplest
from dscheck.checker.search.symbolic.explore import SymbolicSearch
from dscheck.checker.search.symbolic.report import SymbolicReport
from dscheck.checker.traces.evidence import find
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.tell import tell
from dscheck.checker.traces.trace import Trace
from dscheck.checker.traces.witness import witness
from dscheck.checker.verdict import Verdict

Progress = Callable[[Mapping[str, float]], None]
"""Told from time to time: states, transitions, depth, frontier, bytes, python_calls, seconds."""

SAMPLE: Final = 200
"""Footprints that the audit of a sample runs again: a few milliseconds."""
KEPT_FOR_AUDIT: Final = 0.03
"""Of a time limit, so that a search that uses up its time is still audited."""


@interrupts_kept()
def explore(
    model: Model,
    *,
    depth: int | None = None,
    states: int | None = None,
    time: float | None = None,
    memory: int | None = None,
    workers: int | None = None,
    walks: int | None = None,
    length: int = 100,
    seed: int = 0,
    audit: Audit = "sample",
    deadlock: bool | None = None,
    properties: Collection[str] | None = None,
    coverage: bool = False,
    engine: Engine = "explicit",
    layers: bool | None = None,
    progress: Progress | None = None,
) -> Result:
    """Visit the reachable states of a model, and see whether they keep its promises.

    Args:
        model: what to explore: ``explore(Raft(nodes=3))``.
        depth: go no further than so many steps from an initial state.
        states: stop, undecided, after so many distinct states.
        time: stop, undecided, after so many seconds, audit included.
        memory: stop, undecided, before the process takes more bytes; default: 80 % of what is available.
        workers: threads; default: all usable cores.  Counts, verdict and trace do not depend on it.
        walks: instead of visiting every state, take so many random walks.
        length: steps of a random walk.
        seed: of random walks, and of the audit's sample.
        audit: how many of the remembered runs of the model to repeat: one that does something else then
            depends on more than its variables, and that is an error.
        deadlock: whether a state in which nothing can happen is a violation, unless @ends allows it;
            default: only in a model that has @ends, or that is a mutant with breaks="deadlock".
        properties: check only these of the model's promises.
        coverage: also say how often each action was possible and taken, which values each variable had, and
            how each goal is reached.
        engine: "explicit" visits state by state; "symbolic" works on sets of states as decision diagrams;
            "auto" does both side by side, and the first conclusive verdict counts.
        layers: of a symbolic search: go breadth first, for depths and shortest ways, or find the whole set at
            once; default: breadth first where a depth, a number of states, or coverage is asked for, or the
            model has a @bound.
        progress: called from time to time with what has been covered so far.
    """
    demand_model(model, "explore")
    if deadlock is None:
        deadlock = bool(model.declared("ends")) or model.breaks == "deadlock"
    request = Request(
        depth=depth,
        states=states,
        time=time,
        memory=default_memory() if memory is None else memory,
        walks=walks,
        length=length,
        seed=seed,
        audit=audit,
        deadlock=deadlock,
        properties=None if properties is None else tuple(properties),
        coverage=coverage,
        engine=engine,
        layers=layers,
    )
    workers = workers or default_workers()
    if engine == "auto":
        return race(model, request, partial(_explore, workers=workers), progress)
    return _explore(model, request, progress, workers=workers)


def _explore(model: Model, request: Request, progress: Progress | None, *, workers: int) -> Result:
    """One search with one engine."""
    return _Exploration(model, request, workers).run(progress)


class _Exploration:
    """One search from start to end."""

    def __init__(self, model: Model, request: Request, workers: int) -> None:
        self._started = monotonic()
        self._request = request
        self._system = System(model, properties=request.properties, seed=request.seed)
        spec = self._system.spec
        abstract = (spec.rules, spec, spec.initial) if spec is not None else None
        self._search: Search | None = None
        if request.engine != "symbolic":
            self._search = Search(
                self._system.rules, self._system, self._system.initial, workers=workers, spec=abstract
            )

    def run(self, progress: Progress | None) -> Result:
        """Search, audit, and judge."""

        def tell_progress(numbers: dict[str, int]) -> None:
            assert progress is not None
            progress({**numbers, "python_calls": self._python_calls, "seconds": self._seconds})

        report = self._run_engine(tell_progress if progress else None)
        audited = self._audit()
        return self._judge(report, audited)

    @property
    def _seconds(self) -> float:
        return monotonic() - self._started

    @property
    def _python_calls(self) -> int:
        spec = self._system.spec
        return self._system.python_calls + (spec.python_calls if spec is not None else 0)

    def _run_engine(self, progress: Callable[[dict[str, int]], None] | None) -> Report | SymbolicReport:
        request = self._request
        seconds = None
        if request.time is not None:
            kept = 0.0 if request.audit == "none" else KEPT_FOR_AUDIT * request.time
            seconds = max(0.0, request.time - kept - self._seconds)
        if self._search is None:
            return SymbolicSearch(self._system, request).run(seconds, request.memory, progress)
        if request.walks is not None:
            return self._search.walks(
                walks=request.walks,
                length=request.length,
                seed=request.seed,
                seconds=seconds,
                memory=request.memory,
                deadlock=request.deadlock,
                progress=progress,
            )
        return self._search.breadth_first(
            depth=request.depth,
            states=request.states,
            seconds=seconds,
            memory=request.memory,
            deadlock=request.deadlock,
            progress=progress,
        )

    def _audit(self) -> tuple[int, bool]:
        """How many footprints were run again, and whether that is as many as were asked for."""
        time, audit = self._request.time, self._request.audit
        if audit == "none":
            return 0, True
        left = None if time is None else max(0.0, time - self._seconds)
        try:
            audited = self._system.audit(SAMPLE if audit == "sample" else None, left)
        except KeyboardInterrupt:  # what the search has found is still true
            return 0, False
        return audited, time is None or self._seconds < time

    def _judge(self, report: Report | SymbolicReport, audited: tuple[int, bool]) -> Result:
        system, request, seconds = self._system, self._request, self._seconds
        store = report if isinstance(report, SymbolicReport) else self._search
        assert store is not None
        goals = reached_goals(system, store, report, request.properties)
        missed = [goal.name for goal in goals if not goal.reached]
        trace, finding = self._evidence(report)
        if finding is None and missed and report.stop == "exhausted":
            finding = Finding("sometimes", missed[0])
        promised = promises(system, request.properties)
        kept = None if request.walks is not None else store
        graph = StateGraph(system, kept, report.states) if isinstance(kept, Search) else None
        return Result(
            verdict=_verdict(finding, report.stop),
            origin=origin_of(type(system.model)),
            params=system.model.params,
            request=request,
            stop=report.stop,
            finding=finding,
            trace=trace,
            states=report.states,
            transitions=report.transitions,
            depth=report.depth,
            levels=tuple(report.levels),
            frontier=report.frontier,
            pruned=report.pruned,
            ended=report.ended,
            actions=count_actions(system, report.taken),
            promises=promised,
            goals=goals,
            empty=empty_promises(system, promised),
            coverage=survey(system, kept, report, goals) if request.coverage else None,
            python_calls=self._python_calls,
            audited=audited[0],
            audit_is_complete=audited[1],
            seconds=seconds,
            store_bytes=report.bytes,
            nodes=report.nodes if isinstance(report, SymbolicReport) else None,
            graph=graph,
        )

    def _evidence(self, report: Report | SymbolicReport) -> tuple[Trace, Finding] | tuple[None, None]:
        """What was found, and a run that leads there."""
        if report.finding is None:
            return None, None
        system, path, judged = self._system, report.trace, report.finding
        time = self._request.time
        if self._request.walks is None and (time is None or self._seconds < time):
            with suppress(KeyboardInterrupt):  # a trace that reads less well is better than none
                system, path, judged = simplest(system, report)
        trace = tell(system, path, judged)
        return trace, witness(find(system, path, judged), trace)


def _verdict(finding: Finding | None, stop: str) -> Verdict:
    """Never HOLDS after a search that was cut short."""
    if finding is not None:
        return Verdict.AT_FAULT if finding.kind == "fault" else Verdict.VIOLATED
    return Verdict.HOLDS if stop in ("exhausted", "depth") else Verdict.UNDECIDED


def origin_of(model: type[Model]) -> Origin:
    """Where a model comes from."""
    try:
        file = inspect.getsourcefile(model)
    except TypeError:  # defined at a prompt
        file = None
    return Origin(model.__qualname__, model.__module__, file)
