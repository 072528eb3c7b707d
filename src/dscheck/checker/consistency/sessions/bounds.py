"""Bounded staleness: by versions (k) and by time (t).

    bounded-staleness:k=2      some order of the operations contains real time, and each read returns one of
                               the 2 versions written last before it (k-atomicity: Aiyer, Alvisi, Bazzi,
                               DISC 2005)
    bounded-staleness:t=100ms  each read returns what was current at some time between 100 ms before its
                               invocation and its return (delta-atomicity: Golab, Li, Shah, PODC 2011)

k=1 and t=0 are linearizability of reads and writes.  t is computed exactly; so is k where the order of
versions is known or where few writes overlap, and otherwise lies between two bounds.  Every key is judged
alone, as an order for each is enough.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly, Limits, Witness
from dscheck.checker.consistency.sessions import contradictions, staleness
from dscheck.checker.consistency.sessions.asking import Asked, span
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.recording import CHAINED
from dscheck.checker.consistency.sessions.telling import Telling

ALGORITHM: Final = (
    "versions: known order, else bounds and a search over orders of overlapping writes (k-atomicity, Aiyer "
    "et al. 2005; Golab, Hurwitz, Li 2013); time: zones, O(n log n), exact (delta-atomicity, Golab, Li, "
    "Shah 2011)"
)
NONE_ENOUGH: Final = 2**63 - 1
"""A bound that says that no staleness explains the reads."""


def bounds(world: _engine.Accesses, telling: Telling, asked: Asked, limits: Limits) -> Finding:
    """Whether the asked bounds hold; the least ones are measured in any case."""
    history = telling.recording.history
    if not history.ordered_in_time:
        return Finding(doubt="the recording does not say what happened before what in time")
    timed = history.invoke_time is not None and history.return_time is not None
    findings = []
    if asked.versions is not None or asked.time is None:
        findings.append(_bound(world, telling, "versions", asked.versions, limits))
    if asked.time is not None and not timed:
        findings.append(Finding(doubt="the recording has no clock"))
    elif asked.time is not None or (asked.versions is None and timed):
        findings.append(_bound(world, telling, "time", asked.time, limits))
    if (circle := contradictions.no_order(world, telling)) is not None:
        findings.append(circle)
    measures: dict[str, Any] = {"staleness": staleness.measured(world, telling.recording)}
    for found in findings:
        measures.update(found.measures)
    return Finding(
        tuple(anomaly for found in findings for anomaly in found.anomalies),
        next((found.stop for found in findings if found.stop), None),
        next((found.doubt for found in findings if found.doubt), None),
        measures,
    )


def _bound(
    world: _engine.Accesses, telling: Telling, measure: str, bound: int | None, limits: Limits
) -> Finding:
    ranges, stop = world.staleness(measure, seconds=limits.seconds, memory=limits.memory)
    if stop:
        return Finding(stop=stop)
    least = 1 if measure == "versions" else 0
    lower = max([least, *(found[2] for found in ranges)])
    upper = max([least, *(found[3] for found in ranges)])
    name = "k" if measure == "versions" else "t"
    measures = {
        f"least_{name}": None if lower == NONE_ENOUGH else lower,
        f"enough_{name}": None if upper == NONE_ENOUGH else upper,
    }
    limit = NONE_ENOUGH - 1 if bound is None else bound
    broken = [found for found in ranges if found[2] > limit]
    if broken:
        worst = max(broken, key=lambda found: found[2])
        return Finding((_anomaly(telling, measure, worst, len(broken)),), measures=measures)
    return Finding(doubt=_doubt(telling, measure, (lower, upper), limit), measures=measures)


def _doubt(telling: Telling, measure: str, known: tuple[int, int], limit: int) -> str | None:
    """Why it is open whether so much is enough, if it is; the least that is lies in the known range."""
    lower, upper = known
    if upper > limit:
        told = span if measure == "time" else str
        most = "no known number" if upper == NONE_ENOUGH else told(upper)
        name = "t" if measure == "time" else "k"
        return f"the least {name} is between {told(lower)} and {most}: too many orders of writes are possible"
    strict = limit == (0 if measure == "time" else 1)
    if strict and bool((np.asarray(telling.recording.columns["flags"], np.int64) & CHAINED).any()):
        return "a compare-and-set was judged as a read and a write, not as one: ask for linearizable"
    return None


def _anomaly(
    telling: Telling, measure: str, worst: tuple[int, int, int, int, int, int], keys: int
) -> Anomaly:
    number, read, lower, _, older, newer = worst
    if lower == NONE_ENOUGH:
        return _impossible(telling, read, older, newer, keys)
    shown = [access for access in (older, newer, read) if access >= 0]
    if not shown:
        return _in_no_order(telling, number, lower, keys)
    first = telling.told(newer) if newer >= 0 else "the key was written"
    how_much = plural(lower - 1, "version") if measure == "versions" else span(lower)
    then = (
        f"{telling.told(read)}, which was at least {how_much} old"
        if read >= 0
        else "a read returned older ones"
    )
    if measure == "versions" and lower == 2:
        then = (
            f"{telling.told(read)}, and no order of the writes makes that the newest" if read >= 0 else then
        )
    witness = telling.witness(shown, f"{first}; {then}")
    name = "stale read" if measure == "time" else f"not {lower - 1}-atomic"
    everyday = f"a read was at least {how_much} behind"
    return Anomaly(name=name, everyday=everyday, witness=witness, key=telling.key(shown[0]), count=keys)


def _in_no_order(telling: Telling, number: int, lower: int, keys: int) -> Anomaly:
    """No two operations show it, but all orders of a key's were tried."""
    key = telling.recording.columns["key"]
    codes, first = np.unique(key, return_index=True)
    accesses = np.flatnonzero(key == codes[np.argsort(first)[number]])
    sentence = (
        f"no order of the {len(accesses):,} operations contains real time and has each read return one of "
        f"the {plural(lower - 1, 'version')} written last"
    )
    return Anomaly(
        name=f"not {lower - 1}-atomic",
        everyday=f"a read was at least {plural(lower - 1, 'version')} behind",
        witness=telling.witness(accesses.tolist(), sentence),
        key=telling.key(int(accesses[0])),
        count=keys,
    )


def _impossible(telling: Telling, read: int, older: int, newer: int, keys: int) -> Anomaly:
    shown = [access for access in (older, newer, read) if access >= 0]
    if newer < 0 and read >= 0:
        sentence = f"{telling.told(read)}, but that was written only after the read had returned"
        witness: Witness = telling.witness(shown, sentence, minimal=True)
        return Anomaly(
            name="future read", everyday="a value was read before it was written", witness=witness,
            key=telling.key(read), count=keys,
        )  # fmt: skip
    sentence = "the recorded order of versions contradicts real time: no bound explains the reads"
    if len(shown) >= 2:
        sentence = (
            f"{telling.told(older)} although {telling.told(newer)} had taken effect before, and the recorded "
            "order of versions has them the other way round"
        )
    key = telling.key(shown[0]) if shown else None
    return Anomaly(
        name="version order against real time", everyday="a newer write lost against an older one",
        witness=telling.witness(shown, sentence), key=key, count=keys,
    )  # fmt: skip
