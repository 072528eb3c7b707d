"""Eventual convergence: once writes have stopped, reads agree on a version that may be the last.

A finite recording does not refute "eventually".  So `eventual` holds if at the end of the recording all
agree: of every key that was read after its last write had returned, each process's last read gave one
version, and that version may be the last.  If they do not agree yet, that is undecided.  `eventual:t=5s`
says how long it may take: reads that begin more than 5 s after the last write of their key all have to
agree.

A version may be the last if nothing that is known of versions puts another after it: not the initial one
where something was written, and no write that its own session followed by another.  Real time does not
count: a store that lets the greatest timestamp win may keep what was written first.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck import _engine
from dscheck.checker.consistency.judgement import Anomaly, Limits
from dscheck.checker.consistency.sessions.asking import Asked, span
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.recording import PENDING, Numbers
from dscheck.checker.consistency.sessions.telling import Telling

ALGORITHM: Final = (
    "the reads of each key after its last write, O(n log n) (Vogels 2009; Burckhardt 2014, section 5.1)"
)


def eventual(world: _engine.Accesses, telling: Telling, asked: Asked, limits: Limits) -> Finding:
    """Whether reads agree in the end."""
    history = telling.recording.history
    if not history.ordered_in_time:
        return Finding(doubt="the recording does not say what happened after the last write")
    if asked.time is not None and history.invoke_time is None:
        return Finding(doubt="the recording has no clock")
    columns = telling.recording.columns
    origin, source = (np.frombuffer(part, np.int64) for part in world.sources())
    key = columns["key"][origin].astype(np.int64)
    pending = columns["flags"][origin].astype(np.int64) & PENDING != 0
    clock = ("started", "ended") if asked.time is not None else ("begin", "end")
    begin, end = columns[clock[0]][origin].astype(np.int64), columns[clock[1]][origin].astype(np.int64)
    quiet = _quiet(key, pending, columns["row"][origin].astype(np.int64), (origin, source), end)
    late = np.flatnonzero((source != -2) & (begin > quiet + (asked.time or 0)) & (quiet >= 0))
    if not len(late):
        after = f"more than {span(asked.time)} after" if asked.time else "after"
        return Finding(doubt=f"nothing was read {after} the last write of its key")
    late = late[np.lexsort((begin[late], key[late]))]
    ends = np.append(np.diff(key[late]) != 0, True)
    final = late[ends][np.searchsorted(key[late][ends], key[late])]
    wrong = source[late] != source[final]
    if asked.time is None:
        order = np.lexsort((begin[late], columns["session"][origin[late]], key[late]))
        whose = columns["session"][origin[late]][order].astype(np.int64)
        last = np.append((np.diff(whose) != 0) | (np.diff(key[late][order]) != 0), True)
        wrong &= np.isin(np.arange(len(late)), order[last])
    keys = len(np.unique(key[late]))
    measures = {"keys_read_in_the_end": keys}
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        return _split(telling, asked, int(origin[late[at]]), int(origin[final[at]]), measures)
    superseded = _superseded(world, telling, np.unique(source[final]), key[final[source[final] == -1]])
    if superseded is not None:
        old, new = superseded
        read = (
            int(origin[final[source[final] == old][0]])
            if old >= 0
            else int(origin[final[source[final] == -1][0]])
        )
        sentence = f"{telling.told(read)} in the end, though {telling.told(new)}"
        return _verdict(asked, telling, [read, new], sentence, "a write was lost", measures)
    contradictory = dict(world.counts())["contradictory"] > 0
    doubt = "what was recorded of the order of versions contradicts itself" if contradictory else None
    return Finding(doubt=doubt, measures=measures)


def _quiet(
    key: Numbers,
    pending: npt.NDArray[np.bool_],
    row: Numbers,
    sources: tuple[Numbers, Numbers],
    end: Numbers,
) -> Numbers:
    """Per access: when the last write of its key had surely taken effect; -1 if it was never written.  What
    nobody saw return had taken effect once somebody had read what it wrote, a transaction as a whole."""
    origin, source = sources
    write = source == -2
    effect = np.where(write, end, 0)
    place = np.full(int(origin.max(initial=0)) + 1, -1, np.int64)
    place[origin] = np.arange(len(origin))
    seen = np.flatnonzero(source >= 0)
    first = np.full(len(key), 2**63 - 1, np.int64)
    np.minimum.at(first, place[source[seen]], end[seen])
    together = np.full(int(row.max(initial=0)) + 1, 2**63 - 1, np.int64)
    np.minimum.at(together, row, first)
    effect = np.where(pending & write, together[row], effect)
    names, number = np.unique(key, return_inverse=True)
    last = np.full(len(names), -1, np.int64)
    np.maximum.at(last, number[write], effect[write])
    return last[number]


def _superseded(
    world: _engine.Accesses, telling: Telling, sources: Numbers, initial: Numbers
) -> tuple[int, int] | None:
    """A version that was read in the end, and a write that came after it for sure; -1 is the initial
    version."""
    columns = telling.recording.columns
    origin, source = (np.frombuffer(part, np.int64) for part in world.sources())
    writes = origin[source == -2]
    certain = writes[columns["flags"][writes].astype(np.int64) & PENDING == 0]
    if len(initial):
        lost = certain[np.isin(columns["key"][certain], initial)]
        if len(lost):
            return -1, int(lost[0])
    later = world.later(sources[sources >= 0].tolist())
    return next(((old, new) for old, new in later if columns["flags"][new] & PENDING == 0), None)


def _split(telling: Telling, asked: Asked, read: int, final: int, measures: dict[str, int]) -> Finding:
    sentence = f"after the last write, {telling.told(read)}, and {telling.told(final)}"
    return _verdict(asked, telling, [read, final], sentence, "replicas did not converge", measures)


def _verdict(
    asked: Asked, telling: Telling, shown: list[int], sentence: str, everyday: str, measures: dict[str, int]
) -> Finding:
    if asked.time is None:
        return Finding(doubt=f"the recording ends before all agree: {sentence}", measures=measures)
    witness = telling.witness(shown, f"more than {span(asked.time)} {sentence}")
    anomaly = Anomaly(name="not converged", everyday=everyday, witness=witness, key=telling.key(shown[0]))
    return Finding((anomaly,), measures=measures)
