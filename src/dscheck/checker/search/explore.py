"""The search for what can go wrong in a model."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from functools import partial
from time import monotonic
from typing import Literal

from dscheck._engine import Report, Search
from dscheck.checker.notation.model import Model
from dscheck.checker.rules.system import System
from dscheck.checker.search.coverage import count_actions, reached_goals
from dscheck.checker.search.graph import StateGraph
from dscheck.checker.search.limits import default_memory, default_workers
from dscheck.checker.search.result import Origin, Request, Result
from dscheck.checker.traces.evidence import find
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.tell import tell
from dscheck.checker.verdict import Verdict

Audit = Literal["sample", "all", "none"]
Progress = Callable[[Mapping[str, float]], None]
"""Told from time to time: states, transitions, depth, frontier, bytes, python_calls, seconds."""

SAMPLE = 200
"""Footprints that an audit of a sample runs again: a few milliseconds."""
KEPT_FOR_AUDIT = 0.02
"""Of a time limit, so that a search that uses up its time is still audited."""


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
        audit: how many of the remembered runs of the model to repeat: one that does something else then depends on
            more than its variables, and that is an error.
        deadlock: whether a state in which nothing can happen is a violation, unless @ends allows it; default:
            only in a model that has @ends, or that is a mutant with breaks="deadlock".
        properties: check only these of the model's promises.
        progress: called from time to time with what has been covered so far.
    """
    started = monotonic()
    _check(model, depth=depth, states=states, time=time, memory=memory, workers=workers, walks=walks, length=length)
    if deadlock is None:
        deadlock = bool(model.declared("ends")) or model.breaks == "deadlock"
    request = Request(
        depth=depth,
        states=states,
        time=time,
        memory=memory or default_memory(),
        walks=walks,
        length=length,
        seed=seed,
        audit=audit,
        deadlock=deadlock,
        properties=None if properties is None else tuple(properties),
    )
    system = System(model, properties=properties, seed=seed)
    spec = system.spec
    abstract = (spec.rules, spec, spec.initial) if spec is not None else None
    search = Search(system.rules, system, system.initial, workers=workers or default_workers(), spec=abstract)
    report = _search(search, request, started, partial(_tell, progress, system, started) if progress else None)
    audited, is_complete = _audit(system, request, started)
    return _result(system, search, report, request, (audited, is_complete), started)


def _check(model: object, **limits: float | None) -> None:
    """Refuse arguments that make no sense."""
    if not isinstance(model, Model):
        hint = f"; write explore({model.__name__}())" if isinstance(model, type) else ""
        raise TypeError(f"explore({model!r}): a model is an object of a subclass of Model{hint}")
    for name, value in limits.items():
        if value is not None and (value < 0 or (value == 0 and name != "depth")):
            raise ValueError(f"{name}={value!r}: write a number above 0, or None for no limit")


def _search(search: Search, request: Request, started: float, progress: Callable[[dict[str, int]], None] | None) -> Report:
    seconds = None
    if request.time is not None:
        kept = 0.0 if request.audit == "none" else KEPT_FOR_AUDIT * request.time
        seconds = max(0.0, request.time - kept - (monotonic() - started))
    if request.walks is not None:
        return search.walks(
            walks=request.walks,
            length=request.length,
            seed=request.seed,
            seconds=seconds,
            memory=request.memory,
            deadlock=request.deadlock,
            progress=progress,
        )
    return search.breadth_first(
        depth=request.depth,
        states=request.states,
        seconds=seconds,
        memory=request.memory,
        deadlock=request.deadlock,
        progress=progress,
    )


def _tell(progress: Progress, system: System, started: float, numbers: dict[str, int]) -> None:
    progress({**numbers, "python_calls": system.python_calls, "seconds": monotonic() - started})


def _audit(system: System, request: Request, started: float) -> tuple[int, bool]:
    """How many footprints were run again, and whether the time sufficed."""
    if request.audit == "none":
        return 0, True
    left = None if request.time is None else max(0.0, request.time - (monotonic() - started))
    audited = system.audit(SAMPLE if request.audit == "sample" else None, left)
    return audited, request.time is None or monotonic() - started < request.time


def _result(
    system: System, search: Search, report: Report, request: Request, audited: tuple[int, bool], started: float
) -> Result:
    model = type(system.model)
    goals = reached_goals(system, search, report)
    missed = [goal.name for goal in goals if not goal.reached]
    finding = find(system, report) if report.finding else None
    if finding is None and missed and report.stop == "exhausted":
        finding = Finding("sometimes", missed[0])
    return Result(
        verdict=_verdict(finding, report.stop),
        origin=Origin(model.__qualname__, model.__module__, _file(model)),
        params=system.model.params,
        request=request,
        stop=report.stop,
        finding=finding,
        trace=tell(system, report.trace) if report.trace else None,
        states=report.states,
        transitions=report.transitions,
        depth=report.depth,
        levels=tuple(report.levels),
        frontier=report.frontier,
        pruned=report.pruned,
        ended=report.ended,
        actions=count_actions(system, report),
        goals=goals,
        python_calls=system.python_calls + (system.spec.python_calls if system.spec else 0),
        audited=audited[0],
        audit_is_complete=audited[1],
        seconds=monotonic() - started,
        store_bytes=report.bytes,
        graph=None if request.walks is not None else StateGraph(system, search, report.states),
    )


def _verdict(finding: Finding | None, stop: str) -> Verdict:
    """Never HOLDS after a search that was cut short."""
    if finding is not None:
        return Verdict.AT_FAULT if finding.kind == "fault" else Verdict.VIOLATED
    return Verdict.HOLDS if stop in ("exhausted", "depth") else Verdict.UNDECIDED


def _file(model: type) -> str | None:
    try:
        return inspect.getsourcefile(model)
    except TypeError:  # defined in a notebook or at a prompt
        return None
