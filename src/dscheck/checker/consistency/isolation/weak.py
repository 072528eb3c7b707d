"""Levels up to causal consistency, for known and unknown version orders: complete, in near-linear time.

AWDIT (Møldrup and Pavlogiannis, PLDI 2025) over the axioms of Biswas and Enea (OOPSLA 2019).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dscheck import _engine
from dscheck.checker.consistency.isolation.recorded import SESSIONS, TIME, Demand, Recorded, demand, recorded
from dscheck.checker.consistency.isolation.steps import Link, Telling
from dscheck.checker.consistency.judgement import INTERRUPTED, Anomaly, Judgement, Limits, Witness, because
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History

LEVELS: Final = ("causal", "read-atomic", "monotonic-atomic-view", "read-committed", "read-uncommitted")
"""What can be judged, strongest first; each also as strong-session-... and strong-..."""

_ALGORITHM = "AWDIT (PLDI 2025)"
_STOPS = {
    "deadline": "the time was up",
    "memory": "the memory was used up",
    "interrupted": "it was interrupted",
}


def judge(
    subject: History | Recorded, levels: Sequence[str], limits: Limits | None = None
) -> list[Judgement]:
    """Judges each of these promises: names of LEVELS, with or without `strong-session-` or `strong-`.

    Raises DscheckError for a history that has no transactions over registers, and ValueError for other names.
    """
    known = subject if isinstance(subject, Recorded) else recorded(subject)
    end = None if limits is None or limits.seconds is None else time.monotonic() + limits.seconds
    judgements = []
    for promise in levels:
        left = None if end is None else max(0.0, end - time.monotonic())
        rest = Limits(seconds=left, memory=None if limits is None else limits.memory)
        judgements.append(_judge(known, promise, rest))
    return judgements


def _judge(known: Recorded, promise: str, limits: Limits) -> Judgement:
    asked = demand(promise)
    if asked.level not in LEVELS:
        raise ValueError(f"not a weak level: {promise}")
    begin = time.process_time()
    anomalies = broken_by_reads(known, asked.level)
    stopped = None
    if asked.level != "read-uncommitted" and not anomalies:
        anomalies, stopped = _search(known, asked, limits)
    return conclude(known, promise, anomalies, stopped, _ALGORITHM, time.process_time() - begin)


def broken_by_reads(known: Recorded, level: str) -> tuple[Anomaly, ...]:
    """The reads that break a level by themselves."""
    if level == "read-uncommitted":
        return tuple(found for found in known.findings if found.name == "garbage read")
    return known.findings


def conclude(
    known: Recorded,
    promise: str,
    anomalies: tuple[Anomaly, ...],
    stopped: str | None,
    algorithm: str,
    seconds: float,
) -> Judgement:
    """The verdict that follows; it is HOLDS only if nothing was cut short, unknown or unordered."""
    gaps = list(known.gaps)
    if demand(promise).base == TIME and not known.history.ordered_in_time:
        gaps.append("the recording does not say what happened before what in different sessions")
    doubts = [*gaps, *([] if stopped is None else [f"it was given up, as {stopped}"])]
    verdict = Verdict.VIOLATED if anomalies else Verdict.UNDECIDED if doubts else Verdict.HOLDS
    return Judgement(
        promise=promise,
        verdict=verdict,
        covered=because(known.covered, doubts if verdict is Verdict.UNDECIDED else ()),
        algorithm=algorithm,
        anomalies=anomalies,
        warnings=tuple(gaps),
        vacuous=verdict is Verdict.HOLDS and not len(known.facts.reads),
        interrupted=verdict is Verdict.UNDECIDED and (stopped or "").startswith(INTERRUPTED),
        seconds=seconds,
    )


def _search(known: Recorded, asked: Demand, limits: Limits) -> tuple[tuple[Anomaly, ...], str | None]:
    answer, circle, minimal = _engine.judge_weak(
        known.facts, asked.level, asked.base, seconds=limits.seconds, memory=limits.memory
    )
    if answer == "violated":
        return (_anomaly(Telling(known), asked, circle, minimal=minimal),), None
    return (), _STOPS.get(answer)


def _anomaly(
    telling: Telling, asked: Demand, circle: list[tuple[Link, list[Link]]], *, minimal: bool
) -> Anomaly:
    """The circle of commits, or, where one read is to blame, the circle that leads through it."""
    overwritten = [(link, seen) for link, seen in circle if link[2] == "version"]
    if len(overwritten) != 1:
        links = [link for link, _ in circle]
        name, everyday = ("G1c", "circular information flow")
        if overwritten:
            name, everyday = _NAMES[asked.level]
        sights = [end for _, seen in overwritten for link in seen for end in link[:2]]
        what = f"{', '.join(telling.name(link[0]) for link in links)} have to commit before each other."
        witness = _witness(telling, links, what, sights, minimal=minimal)
        return Anomaly(name=name, everyday=everyday, witness=witness)
    (newer, older, _, key, reader), seen = overwritten[0]
    at = [link for link, _ in circle].index(overwritten[0][0])
    between = [link for link, _ in circle[at + 1 :] + circle[:at]]
    links = [(reader, newer, "rw", key, -1), *seen]
    name, everyday = _named(asked, links, key)
    value = telling.written(older, key)
    what = (
        f"{telling.name(reader)} read {value} from key {telling.key(key)!r} although it had to see "
        f"{telling.name(newer)}, which wrote {telling.written(newer, key)} to it later."
    )
    details = tuple(telling.sentence(link) for link in between)
    if older and details:
        details = (f"{telling.name(older)}'s write is the older one:", *details)
    others = [end for link in between for end in link[:2]]
    witness = replace(_witness(telling, links, what, others, minimal=minimal), details=details)
    return Anomaly(name=name, everyday=everyday, witness=witness, key=telling.key(key))


_NAMES = {
    "monotonic-atomic-view": ("OTV", "observed transaction vanishes"),
    "read-atomic": ("fractured reads", "a transaction seen in part"),
    "causal": ("causality violation", "an effect without its cause"),
}


def _named(asked: Demand, links: list[Link], key: int) -> tuple[str, str]:
    kinds = {link[2] for link in links[1:]}
    if kinds == {"wr"} and len(links) == 2:
        if links[1][3] == key:
            return "non-repeatable read", "two versions of one key in one transaction"
        return _NAMES[asked.level if asked.level != "causal" else "read-atomic"]
    if kinds == {"session"} and asked.base in (SESSIONS, TIME):
        return "G-single-session", "stale read of what the own session wrote"
    if kinds == {"real-time"}:
        return "G-single-realtime", "stale read"
    return _NAMES[asked.level]


def _witness(telling: Telling, links: list[Link], what: str, others: list[int], *, minimal: bool) -> Witness:
    numbers = {end for link in links for end in (*link[:2], link[4])} | set(others)
    return Witness(
        operations=tuple(sorted(telling.row(number) for number in numbers if number > 0)),
        sentence=what,
        edges=tuple(telling.edge(link) for link in links),
        minimal=minimal,
    )
