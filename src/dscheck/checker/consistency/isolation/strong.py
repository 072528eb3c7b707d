"""Levels that depend on the order of versions, where it is not, or not wholly, known.

The order of the writers of a key is a choice; a level is kept exactly where all choices can be made
without a circle (polygraphs: Papadimitriou 1979; Cobra, OSDI 2020; PolySI, VLDB 2023; Viper, EuroSys 2023).
The problem is NP-complete: the engine decides what is forced over the clocks of the sessions, and the rest
by a conflict-driven search; within the deadline the answer is complete.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.isolation.circles import anomaly_of
from dscheck.checker.consistency.isolation.recorded import Recorded, demand, recorded
from dscheck.checker.consistency.isolation.steps import Telling
from dscheck.checker.consistency.isolation.weak import broken_by_reads, conclude
from dscheck.checker.consistency.judgement import Judgement, Limits
from dscheck.histories.history import History

LEVELS: Final = ("serializable", "repeatable-read", "snapshot-isolation", "prefix", "parallel-snapshot")
"""What can be judged; each also as strong-session-... and strong-... (strict-serializable is strong)."""

_ALGORITHM = (
    "polygraph: pruning over session clocks, conflict-driven search (after Cobra, PolySI, VeriStrong)"
)
_STOPS = {
    "deadline": "the time was up",
    "memory": "the memory was used up",
    "interrupted": "it was interrupted",
}
_EXPLAINING = 5.0
"""Seconds for making a witness small."""


def judge(
    subject: History | Recorded, levels: Sequence[str], limits: Limits | None = None
) -> list[Judgement]:
    """Judges each of these promises: names of LEVELS, also with `strong-session-`, `strong-`, `strict-`.

    Raises DscheckError for a history that has no transactions over registers, and ValueError for other names.
    """
    known = subject if isinstance(subject, Recorded) else recorded(subject)
    end = None if limits is None or limits.seconds is None else time.monotonic() + limits.seconds
    judgements = []
    for promise in levels:
        left = None if end is None else max(0.0, end - time.monotonic())
        judgements.append(_judge(known, promise, left, None if limits is None else limits.memory))
    return judgements


def _judge(known: Recorded, promise: str, seconds: float | None, memory: int | None) -> Judgement:
    asked = demand(promise)
    if asked.level not in LEVELS:
        raise ValueError(f"not a level that depends on the order of versions: {promise}")
    begin = time.process_time()
    anomalies = broken_by_reads(known, asked.level)
    stopped = None
    if not anomalies:
        # without predicates, repeatable reads are serializable
        level = "serializable" if asked.level == "repeatable-read" else asked.level
        explaining = _EXPLAINING if seconds is None else min(_EXPLAINING, seconds)
        found = _engine.judge_strong(
            known.facts, level, asked.base, seconds=seconds, memory=memory, explain=explaining
        )
        if found.answer == "violated":
            anomalies = (anomaly_of(Telling(known), found.core, found.cases, minimal=found.minimal),)
        elif found.answer != "kept":
            left = f"{plural(found.open, 'pair')} of writers in no certain order"
            stopped = f"{_STOPS[found.answer]} with {left}, after {plural(found.conflicts, 'conflict')}"
    return conclude(known, promise, anomalies, stopped, _ALGORITHM, time.process_time() - begin)
