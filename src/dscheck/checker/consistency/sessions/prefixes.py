"""Consistent prefix: what is read was left by some prefix of one order of all writes.

(Terry: Replicated data consistency explained through baseball, CACM 56(12), 2013.)  The order contains each
session's own order of writes, and what is known of versions.  An operation that reads one key asks little: a
prefix that ends with the write it saw.  It is transactions that read several keys that show the others.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from dscheck import _engine
from dscheck.checker.consistency.judgement import Anomaly, Limits
from dscheck.checker.consistency.sessions import contradictions
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.recording import SHADOWED
from dscheck.checker.consistency.sessions.telling import Telling

ALGORITHM: Final = (
    "acyclicity where the orders of versions that are read together are known, O(n log n); else saturation "
    "for violations and one order near real time for the opposite (deciding is NP-complete: Biswas and Enea "
    "2019)"
)


def consistent_prefix(world: _engine.Accesses, telling: Telling, limits: Limits) -> Finding:
    """Whether there is such an order."""
    if (read := _inside(world, telling)) is not None:
        return Finding((read,))
    kept, circle, stop = world.prefix(seconds=limits.seconds, memory=limits.memory)
    if stop:
        return Finding(stop=stop)
    if kept is None:
        contradictory = contradictions.no_order(world, telling)
        return contradictory or Finding(
            doubt="no order of the writes was found that fits, and no proof that there is none"
        )
    if kept:
        return contradictions.no_order(world, telling) or Finding()
    sentence = (
        f"{telling.told(circle[0])}: no order of the writes has a prefix for what was read, as each of "
        f"{len(circle)} operations had to come before the next, in a circle"
    )
    witness = telling.witness(circle, sentence)
    everyday = "writes were seen out of order"
    return Finding((Anomaly(name="not a prefix", everyday=everyday, witness=witness),))


def _inside(world: _engine.Accesses, telling: Telling) -> Anomaly | None:
    """A read of what its writer had overwritten by the time it took effect: no prefix leaves that."""
    columns = telling.recording.columns
    origin, source = (np.frombuffer(part, np.int64) for part in world.sources())
    reads = np.flatnonzero(source >= 0)
    row, flags = columns["row"], columns["flags"].astype(np.int64)
    inside = (flags[source[reads]] & SHADOWED != 0) & (row[source[reads]] != row[origin[reads]])
    if not inside.any():
        return None
    at = int(np.flatnonzero(inside)[0])
    read, write = int(origin[reads[at]]), int(source[reads[at]])
    sentence = f"{telling.told(read)}, which is not what the transaction left that wrote it"
    witness = telling.witness([write, read], sentence, minimal=True)
    everyday, count = "intermediate read", int(inside.sum())
    return Anomaly(
        name="not a prefix", everyday=everyday, witness=witness, key=telling.key(read), count=count
    )
