"""Judges what clients may expect of their sessions, and how stale reads may be."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import (
    INTERRUPTED,
    TIME_WAS_OVER,
    Anomaly,
    Judgement,
    Limits,
    not_reached,
)
from dscheck.checker.consistency.sessions import (
    asking,
    bounds,
    causality,
    contradictions,
    convergence,
    guarantees,
    implied,
    prefixes,
)
from dscheck.checker.consistency.sessions.asking import Asked
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.moments import Ways
from dscheck.checker.consistency.sessions.presets import COSMOS, parts
from dscheck.checker.consistency.sessions.telling import Telling
from dscheck.checker.consistency.sessions.worlds import Worlds
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History

STALENESS: Final = ("bounded-staleness", "consistent-prefix", "eventual")
PROMISES: Final = (*causality.CAUSAL, *guarantees.GUARANTEES, *STALENESS, *COSMOS)
"""The names that `check` judges; bounded-staleness, eventual and their presets take bounds (see `asking`)."""

UNBOUNDED: Final = PROMISES[: -len(COSMOS)]
"""Those that make sense without bounds, and are judged if none is named."""
IMPLICATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "linearizable": ("cosmos-strong",),
    "sequentially-consistent": ("causal-memory", "causal-convergence", "consistent-prefix"),
    "causal-memory": ("pram", "causal-consistency", "writes-follow-reads"),
    "causal-convergence": ("causal-consistency", *guarantees.GUARANTEES),
    "pram": ("read-your-writes", "monotonic-reads", "monotonic-writes"),
    "cosmos-strong": ("bounded-staleness:k=1",),
    "bounded-staleness:k=1": ("bounded-staleness:t=0ns",),
    "bounded-staleness:t=0ns": ("bounded-staleness:k=1",),
    "consistent-prefix": ("cosmos-consistent-prefix",),
    "cosmos-session": (*guarantees.GUARANTEES, "cosmos-consistent-prefix"),
    "cosmos-consistent-prefix": ("consistent-prefix",),
}
"""Of a promise those that follow from it directly, for operations on one register each."""

_CHEAP_FIRST: Final = (*guarantees.GUARANTEES, *STALENESS, *reversed(causality.CAUSAL))


@dataclass(frozen=True, slots=True)
class _Method:
    algorithm: str
    run: Callable[[_engine.Accesses, Telling, Limits], Finding]
    explains: bool
    """Whether the promise says that what is read was written."""


def check(
    history: History, promises: Sequence[str] | None = None, limits: Limits | None = None
) -> list[Judgement]:
    """A judgement per promise, in their order; None asks for all that make sense without bounds.

    What is not reached, as the time is over or after Ctrl-C, is undecided and says why.

    Raises DscheckError for promises that are not known, and for histories that are not about registers.
    """
    limits = limits or Limits()
    began = time.perf_counter()
    names = UNBOUNDED if promises is None else promises
    asked = [asking.asked(name) for name in names]
    needed = dict.fromkeys(part for one in asked for part in _parts(one))
    methods = {one: _method(one) for one in needed}
    worlds: Worlds | None = None
    stopped = ""
    found: dict[Asked, Judgement] = {}
    for one in sorted(needed, key=lambda one: _CHEAP_FIRST.index(one.name)):
        spent = time.perf_counter() - began
        left = None if limits.seconds is None else max(limits.seconds - spent, 0.0)
        if left == 0.0:
            stopped = stopped or TIME_WAS_OVER
        if not stopped:
            try:
                worlds = worlds or Worlds.of(history)
                of = replace(limits, seconds=left)
                judge = _in_some_way if one.name == "bounded-staleness" else _judge
                found[one] = judge(worlds, one, methods[one], of)
                continue
            except KeyboardInterrupt:
                stopped = INTERRUPTED
        is_ctrl_c = stopped == INTERRUPTED
        found[one] = not_reached(str(one), stopped, algorithm=methods[one].algorithm, interrupted=is_ctrl_c)
    if not stopped:
        spent = time.perf_counter() - began
        left = None if limits.seconds is None else max(limits.seconds - spent, 0.0)
        found = implied.settled(found, history, IMPLICATIONS, replace(limits, seconds=left))
    return [
        found[one] if one in found else _joined(one, [found[part] for part in _parts(one)]) for one in asked
    ]


def knows(name: str) -> bool:
    """Whether `check` judges promises of this name, with or without bounds."""
    return asking.plain(name) in PROMISES


def canonical(name: str) -> str:
    """A promise as its judgement names it.  Raises DscheckError for bounds that are none."""
    return str(asking.asked(name))


def _parts(asked: Asked) -> tuple[Asked, ...]:
    return parts(asked) if asked.name in COSMOS else (asked,)


def _method(asked: Asked) -> _Method:
    name = asked.name
    bounded = name in ("bounded-staleness", "eventual")
    if name not in PROMISES:
        raise DscheckError(f"no promise is called {name}; there are {', '.join(PROMISES)}")
    if (asked.versions is not None or asked.time is not None) and not bounded:
        raise DscheckError(f"{name} takes no bounds: {asked}")
    if name in guarantees.GUARANTEES:
        return _Method(
            guarantees.ALGORITHM,
            lambda world, telling, limits: guarantees.guarantee(world, telling, name, limits),
            False,
        )
    if name in causality.CAUSAL:
        algorithm = causality.ALGORITHMS[name]
        return _Method(
            algorithm, lambda world, telling, limits: causality.causality(world, telling, name, limits), True
        )
    if name == "bounded-staleness":
        return _Method(
            bounds.ALGORITHM,
            lambda world, telling, limits: bounds.bounds(world, telling, asked, limits),
            True,
        )
    if name == "consistent-prefix":
        return _Method(prefixes.ALGORITHM, prefixes.consistent_prefix, True)
    return _Method(
        convergence.ALGORITHM,
        lambda world, telling, limits: convergence.eventual(world, telling, asked, limits),
        True,
    )


def _in_some_way(worlds: Worlds, asked: Asked, method: _Method, limits: Limits) -> Judgement:
    """Where processes go on at the instant of their return: kept if it is for one order of that."""
    ways = Ways.of(worlds.recording.history)
    each = ways.each()
    first = _judge(worlds.at(next(each)), asked, method, limits)
    if ways.is_one:
        return first
    loosely = _judge(worlds.at(worlds.recording.history), asked, method, limits)
    if loosely.verdict is not Verdict.HOLDS:
        return loosely
    least = {name: value for name, value in loosely.measures.items() if name.startswith("least")}
    began, verdicts, judged = time.perf_counter(), set(), first
    while True:
        verdicts.add(judged.verdict)
        if judged.verdict is Verdict.HOLDS:
            return replace(judged, measures={**judged.measures, **least})
        way = next(each, None)
        is_over = limits.seconds is not None and time.perf_counter() - began > limits.seconds
        if way is None or is_over:
            break
        judged = _judge(worlds.at(way), asked, method, limits)
    if verdicts == {Verdict.VIOLATED} and ways.are_all and way is None:
        return replace(judged, measures={**bounds.none_enough(judged.measures), **least})
    return replace(
        loosely,
        verdict=Verdict.UNDECIDED,
        covered=f"{loosely.covered}; several processes went on at the instant of their return, and which was "
        "first is not known",
        measures=bounds.none_enough(loosely.measures),
    )


def _judge(worlds: Worlds, asked: Asked, method: _Method, limits: Limits) -> Judgement:
    began = time.perf_counter()
    telling = Telling(worlds.recording, worlds.shown)
    certain = method.run(worlds.certain, telling, limits)
    verdict, reason, anomalies, measures = (
        certain.verdict,
        certain.reason,
        certain.anomalies,
        dict(certain.measures),
    )
    if verdict is Verdict.VIOLATED and asked.name == "eventual" and worlds.may_be_later:
        verdict, anomalies = Verdict.UNDECIDED, ()
        reason = "a write of unknown outcome, of a value written more than once, may have been the last"
    if verdict is Verdict.HOLDS and worlds.has_doubts:
        likely = method.run(worlds.likely, telling, limits)
        measures = bounds.none_enough(measures)
        measures.update((name, value) for name, value in likely.measures.items() if name.startswith("enough"))
        if likely.verdict is not Verdict.HOLDS:
            verdict = Verdict.UNDECIDED
            reason = likely.reason or "it depends on what the reads saw that do not say it"
    elif worlds.has_doubts:
        measures = bounds.none_enough(measures)
    known = verdict
    if verdict is Verdict.HOLDS and asked.name in ("bounded-staleness", "consistent-prefix"):
        reason = contradictions.torn_inside(worlds.likely, telling) or ""
        verdict = Verdict.UNDECIDED if reason else verdict
    if verdict is Verdict.HOLDS:
        reason = worlds.strange_items or worlds.no_initial or ""
        verdict = Verdict.UNDECIDED if reason else verdict
    if verdict is not Verdict.VIOLATED and len(worlds.thin):
        verdict, reason, anomalies = _unexplained(worlds, telling, method, verdict, reason)
    if verdict is not known:
        measures = bounds.none_enough(measures)
    broken = verdict is Verdict.VIOLATED
    counts = worlds.counts
    covered = f"{plural(counts['reads'], 'read')} and {plural(counts['writes'], 'write')}"
    where = f"of {plural(counts['keys'], 'key')} in {plural(counts['sessions'], 'session')}"
    return Judgement(
        promise=str(asked),
        verdict=verdict,
        covered=f"{covered} {where}" + (f"; {reason}" if reason else ""),
        algorithm=method.algorithm,
        anomalies=anomalies,
        warnings=worlds.warnings(asked.name, broken=broken),
        vacuous=not broken and worlds.is_vacuous(asked.name),
        measures=measures,
        seconds=time.perf_counter() - began,
    )


def _unexplained(
    worlds: Worlds, telling: Telling, method: _Method, verdict: Verdict, reason: str
) -> tuple[Verdict, str, tuple[Anomaly, ...]]:
    """Reads of what nobody wrote: they break what explains reads; of the rest they leave something open."""
    partial = bool(worlds.recording.history.hints.get("partial"))
    if partial or not method.explains:
        return Verdict.UNDECIDED, reason or "which version was seen is unknown where nobody wrote it", ()
    read = int(worlds.thin[0])
    aborted = worlds.aborted(read)
    why = "which only an operation that failed meant to write" if aborted else "which nobody wrote"
    anomaly = Anomaly(
        name="ThinAirRead",
        everyday="aborted read" if aborted else "a value out of thin air",
        witness=telling.witness([read], f"{telling.told(read)}, {why}", minimal=True),
        key=telling.key(read),
        count=len(worlds.thin),
    )
    return Verdict.VIOLATED, reason, (anomaly,)


def _joined(asked: Asked, judged: list[Judgement]) -> Judgement:
    """A preset holds if all that it stands for holds."""
    verdicts = {one.verdict for one in judged}
    verdict = next((v for v in (Verdict.VIOLATED, Verdict.UNDECIDED) if v in verdicts), Verdict.HOLDS)
    told = "; ".join(f"{one.promise}: {one.verdict}" for one in judged)
    return Judgement(
        promise=str(asked),
        verdict=verdict,
        covered=f"{told}; {judged[0].covered}",
        algorithm="; ".join(dict.fromkeys(one.algorithm for one in judged)),
        anomalies=tuple(anomaly for one in judged for anomaly in one.anomalies),
        warnings=tuple(dict.fromkeys(text for one in judged for text in one.warnings)),
        vacuous=all(one.vacuous for one in judged),
        interrupted=any(one.interrupted for one in judged),
        measures={name: value for one in judged for name, value in one.measures.items()},
        seconds=sum(one.seconds for one in judged),
    )
