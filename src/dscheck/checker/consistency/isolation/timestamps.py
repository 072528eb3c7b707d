"""Transactions with the database's own start and commit timestamps, executed in their order: O(n log n).

After Chronos ("Online Timestamp-based Transactional Isolation Checking of Database Systems", ICDE 2025,
arXiv 2504.01477).  What is judged is the database's claim: that each transaction read at its start timestamp
and wrote at its commit timestamp.  A history that keeps it keeps the level of the same name without
`timestamped-`, too; one that breaks it may still have another order that explains it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.isolation.levels import named
from dscheck.checker.consistency.judgement import Anomaly, Edge, Judgement, Limits, Witness
from dscheck.checker.consistency.wording import transaction
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import APPEND, FAIL, MICRO_KINDS, NEVER, READ, WRITE, History
from dscheck.histories.values import Codes

LEVELS: Final = tuple(
    f"{prefix}timestamped-{level}"
    for level in ("serializable", "snapshot-isolation")
    for prefix in ("strong-", "strong-session-", "")
)
"""What can be judged, strongest first of each."""

IMPLICATIONS: Final = {
    f"{prefix}timestamped-{level}": (named(level, prefix), *weaker)
    for level in ("serializable", "snapshot-isolation")
    for prefix, weaker in (
        ("strong-", (f"strong-session-timestamped-{level}",)),
        ("strong-session-", (f"timestamped-{level}",)),
        ("", ()),
    )
}
"""Who keeps the claim keeps the level, and the claim of the weaker variant."""

_ALGORITHM = "execution in the order of the database's timestamps (Chronos, arXiv 2504.01477)"
_NAMES: Final = {
    "external": ("EXT", "read of another version than its timestamp says"),
    "internal": ("INT", "own write not seen"),
    "conflict": ("NOCONFLICT", "concurrent writes of one key"),
    "session": ("SESSION", "session out of order"),
    "time": ("REALTIME", "timestamps against real time"),
    "stamps": ("timestamps", "commit before start"),
}

Finding = tuple[str, int, int, int]
"""What is wrong, row, micro-operation or -1, row of another transaction or -1."""


def judge(history: History, levels: Sequence[str] = LEVELS, limits: Limits | None = None) -> list[Judgement]:
    """Judges these promises, names of LEVELS; it takes microseconds per transaction, and no limits.

    Raises DscheckError where there are no timestamps, or other operations than reads, writes and appends.
    """
    del limits
    if history.micro is None or history.begin_stamp is None or history.commit_stamp is None:
        raise DscheckError(f"{history.name} has no transactions with start and commit timestamps")
    strange = {
        MICRO_KINDS[kind] for kind in np.unique(history.micro.kind) if kind not in (READ, WRITE, APPEND)
    }
    if strange:
        raise DscheckError(
            f"timestamped transactions read, write and append; here they also {', '.join(strange)}"
        )
    return [_judge(history, promise) for promise in levels]


def _judge(history: History, promise: str) -> Judgement:
    if promise not in LEVELS:
        raise ValueError(f"not a timestamped level: {promise}")
    begin = time.process_time()
    micro, values = history.micro, history.values
    assert micro is not None
    assert history.begin_stamp is not None
    assert history.commit_stamp is not None
    findings, counts, (transactions, reads, unknown, unstamped) = _engine.execute_stamped(
        (
            history.process,
            history.outcome,
            history.invoked,
            history.returned,
            history.begin_stamp,
            history.commit_stamp,
        ),
        (micro.offsets, micro.kind, micro.key, micro.value),
        (np.array(values.offsets, np.int64), np.array(values.items, np.int64)),
        initial=values.code(history.hints.get("initial")),
        serializable=promise.endswith("serializable"),
        sessions=promise.startswith("strong-"),
        time=promise.startswith("strong-timestamped") and history.ordered_in_time,
    )
    anomalies = _anomalies(history, findings, dict(counts))
    has_ties = _has_ties(history, at_start=promise.endswith("snapshot-isolation"))
    if has_ties:  # what one order of the equal ones breaks, another may keep
        anomalies = ()
    gaps = []
    if unknown:
        gaps.append(f"{plural(unknown, 'read')} may show writes of transactions without timestamps")
    if unstamped:
        gaps.append(f"{plural(unstamped, 'committed transaction')} without timestamps left out")
    if has_ties:
        gaps.append("timestamps repeat: which of equal ones came first is unknown")
    if promise.startswith("strong-timestamped") and not history.ordered_in_time:
        gaps.append("the recording does not say what happened before what in different sessions")
    return Judgement(
        promise=promise,
        verdict=Verdict.VIOLATED if anomalies else Verdict.UNDECIDED if gaps else Verdict.HOLDS,
        covered=f"{plural(transactions, 'transaction')} with timestamps, {plural(reads, 'read')}",
        algorithm=_ALGORITHM,
        anomalies=anomalies,
        warnings=tuple(gaps),
        seconds=time.process_time() - begin,
    )


def _has_ties(history: History, *, at_start: bool) -> bool:
    """Whether transactions that committed at the same timestamp have anything to do with each other: then it
    matters which came first, and nobody knows.  `at_start`: reads happen at the start, not at the commit."""
    assert history.commit_stamp is not None
    rows = np.flatnonzero((history.outcome != FAIL) & (history.commit_stamp != NEVER))
    rows = rows[np.argsort(history.commit_stamp[rows], kind="stable")]
    stamps = history.commit_stamp[rows]
    bounds = np.flatnonzero(np.concatenate([[True], stamps[1:] != stamps[:-1], [True]]))
    groups = (rows[begin:end] for begin, end in pairwise(bounds) if end - begin > 1)
    return any(_meet(history, group, at_start) for group in groups)


def _meet(history: History, rows: Codes, at_start: bool) -> bool:
    """Whether two of these transactions are of one session, or one writes what another reads or writes."""
    assert history.micro is not None
    assert history.begin_stamp is not None
    assert history.commit_stamp is not None
    if len(np.unique(history.process[rows])) < len(rows):
        return True
    touched: set[int] = set()
    written: set[int] = set()
    for row in rows:
        inside = slice(history.micro.offsets[row], history.micro.offsets[row + 1])
        keys, kinds = history.micro.key[inside], history.micro.kind[inside]
        writes = set(keys[kinds != READ].tolist())
        reads_then = not at_start or history.begin_stamp[row] == history.commit_stamp[row]
        ours = set(keys.tolist()) if reads_then else writes
        if ours & written or writes & touched:
            return True
        touched |= ours
        written |= writes
    return False


def _anomalies(history: History, findings: list[Finding], counts: dict[str, int]) -> tuple[Anomaly, ...]:
    first: dict[str, Finding] = {}
    for finding in findings:
        first.setdefault(finding[0], finding)
    return tuple(_anomaly(history, finding, counts[finding[0]]) for finding in first.values())


def _anomaly(history: History, finding: Finding, count: int) -> Anomaly:
    wrong, row, at, other = finding
    name, everyday = _NAMES[wrong]
    micro = history.micro
    assert micro is not None
    key = None if at < 0 else history.values.value(int(micro.key[at]))
    sentence = _sentence(history, finding)
    rows = tuple(sorted({row, other} - {-1}))
    kinds = {"session": "session", "time": "real-time", "conflict": "ww"}
    edges: tuple[Edge, ...] = ()
    if wrong in kinds and other >= 0:
        edges = (Edge(other, row, kinds[wrong], sentence, key),)
    witness = Witness(operations=rows, sentence=sentence, edges=edges, minimal=True)
    return Anomaly(name=name, everyday=everyday, witness=witness, key=key, count=count)


def _sentence(history: History, finding: Finding) -> str:
    wrong, row, at, other = finding
    this, that = transaction(history, row), "" if other < 0 else transaction(history, other)
    assert history.micro is not None
    assert history.begin_stamp is not None
    assert history.commit_stamp is not None
    when = f"{this}, {history.begin_stamp[row]} to {history.commit_stamp[row]},"
    key = f"key {history.values.value(int(history.micro.key[at]))!r}" if at >= 0 else ""
    value = repr(history.values.value(int(history.micro.value[at]))) if at >= 0 else ""
    until = "" if other < 0 else f", who committed at {history.commit_stamp[other]}"
    match wrong:
        case "external":
            last = f"{that} wrote it last{until}" if that else "nobody had written it"
            return f"{when} read {value} from {key}, but at its timestamp {last}."
        case "internal":
            return f"{when} read {value} from {key}, which is not what it had itself written to it."
        case "conflict":
            return f"{when} wrote {key} although {that}{until}, had written it meanwhile."
        case "session":
            return f"{when} came after {that}{until}, in the same session, but its timestamp does not."
        case "time":
            return f"{when} was invoked after {that}{until}, had returned, but its timestamp is earlier."
        case _:
            return f"{when} commits before it starts."
