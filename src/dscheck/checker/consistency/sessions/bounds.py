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

from collections.abc import Mapping, Sequence
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
_SHOWN: Final = 20
"""Newer versions that are shown at most."""
_Range = tuple[int, int, int, str, Sequence[Sequence[int]]]
"""Of a key, by its number: the least and the greatest bound that may be enough, and what asks for the least:
which kind of proof, and of its versions, the one that was read late first, the write, who returned first of
it and its reads, and its last read."""
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
    if circle is not None:
        measures = none_enough(measures)
    if circle is not None and circle.anomalies:
        measures.update({name: None for name in measures if name.startswith("least")})
    return Finding(
        tuple(anomaly for found in findings for anomaly in found.anomalies),
        next((found.stop for found in findings if found.stop), None),
        next((found.doubt for found in findings if found.doubt), None),
        measures,
    )


def none_enough(measures: Mapping[str, Any]) -> dict[str, Any]:
    """The measures where no bound is known to be enough."""
    return {name: None if name.startswith("enough") else value for name, value in measures.items()}


def _bound(
    world: _engine.Accesses, telling: Telling, measure: str, bound: int | None, limits: Limits
) -> Finding:
    ranges, stop = world.staleness(measure, seconds=limits.seconds, memory=limits.memory)
    if stop:
        return Finding(stop=stop)
    least = 1 if measure == "versions" else 0
    lower = max([least, *(found[1] for found in ranges)])
    upper = max([least, *(found[2] for found in ranges)])
    name = "k" if measure == "versions" else "t"
    enough = upper + 1 if upper == least and _has_chains(telling) else upper
    measures = {
        f"least_{name}": None if lower == NONE_ENOUGH else lower,
        f"enough_{name}": None if upper == NONE_ENOUGH else enough,
    }
    limit = NONE_ENOUGH - 1 if bound is None else bound
    broken = [found for found in ranges if found[1] > limit]
    if broken:
        worst = max(broken, key=lambda found: found[1])
        assert bound is not None or worst[1] == NONE_ENOUGH
        anomaly = _anomaly(telling, measure, worst, limit, len(broken))
        return Finding((anomaly,), measures=measures)
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
    if strict and _has_chains(telling):
        return "a compare-and-set was judged as a read and a write, not as one: ask for linearizable"
    return None


def _has_chains(telling: Telling) -> bool:
    return bool((np.asarray(telling.recording.columns["flags"], np.int64) & CHAINED).any())


def _anomaly(telling: Telling, measure: str, worst: _Range, limit: int, keys: int) -> Anomaly:
    _, lower, _, kind, versions = worst
    if lower == NONE_ENOUGH:
        return _impossible(telling, worst, keys)
    if kind == "orders":
        return _in_no_order(telling, measure, worst, limit, keys)
    is_time = measure == "time"
    is_touching = is_time and lower == 1
    how_much = span(lower) if is_time else plural(lower - 1, "version")
    (older, _, read), (newer, seen, other) = versions[0], versions[-1]
    shown, details = _shown(kind, versions, limit)
    was = "was no longer current" if is_touching else f"was at least {how_much} old"
    if kind == "either":
        was = was if is_time else "did not return the newest"
        sentence = (
            f"{telling.told(read)} after {telling.value(newer)} had taken effect, and {telling.told(other)} "
            f"after {telling.value(older)} had: whichever was the newer, one of the reads {was}"
        )
    else:
        first = telling.told(newer)
        if seen not in (newer, -1):
            first = f"{first}, and that had taken effect when {telling.told(seen)}"
        is_oldest = is_time or lower > 2
        was = f"which {was}" if is_oldest else "and no order of the writes makes that the newest"
        sentence = f"{first}; {telling.told(read)}, {was}"
    accesses = _needed(telling, kind, shown, exactly=is_time)
    name = "stale read" if is_time else f"not {limit}-atomic"
    everyday = "a read was stale" if is_touching else f"a read was at least {how_much} behind"
    witness = telling.witness(accesses, sentence, details=(*_beyond(measure, limit, lower), *details))
    return Anomaly(name=name, everyday=everyday, witness=witness, key=telling.key(read), count=keys)


def _needed(telling: Telling, kind: str, shown: Sequence[Sequence[int]], *, exactly: bool) -> list[int]:
    """The accesses without which the versions would not prove it."""
    begin, end = (telling.recording.columns[name] for name in ("begin", "end"))
    older, read = shown[0][0], shown[0][2]
    first = min(int(begin[version[0]]) for version in shown[1:])
    late = int(begin[read])
    if kind == "either":
        first = int(begin[shown[1][2]])
    found = [older, read]
    for write, seen, other in shown[1:]:
        found += [write, seen] if exactly or int(end[write]) >= late else [write]
        found += [other] if kind == "either" else []
    if older >= 0 and int(end[older]) >= first:
        found.append(shown[0][1])
    return [access for access in found if access >= 0]


def _shown(
    kind: str, versions: Sequence[Sequence[int]], limit: int
) -> tuple[Sequence[Sequence[int]], tuple[str, ...]]:
    """The versions that a witness shows, and what it does not."""
    if kind == "known":
        return versions, ("what was recorded of the order of versions is another part of the proof",)
    newer = len(versions) - 1
    count = min(limit, _SHOWN)
    if kind != "many" or newer <= count:
        return versions, ()
    part = "a part of the proof" if count < limit else "as many as break the bound"
    return [versions[0], *versions[-count:]], (f"{count} of {newer} newer versions are shown: {part}",)


def _beyond(measure: str, limit: int, lower: int) -> tuple[str, ...]:
    """What was asked, and what there is, where they are further apart than by one version."""
    if measure == "time" or lower == limit + 1:
        return ()
    return (f"asked was k={limit}; the least that may explain the reads is k={lower}",)


def _in_no_order(telling: Telling, measure: str, worst: _Range, limit: int, keys: int) -> Anomaly:
    """No few operations show it, but all orders of a key's were tried."""
    number, lower, *_ = worst
    key = telling.recording.columns["key"]
    codes, first = np.unique(key, return_index=True)
    accesses = np.flatnonzero(key == codes[np.argsort(first)[number]])
    is_time = measure == "time"
    of = "the newest version" if is_time or lower == 2 else f"one of the {lower - 1:,} versions written last"
    sentence = (
        f"no order of the {len(accesses):,} operations contains real time and has each read return {of}"
    )
    everyday = "a read was stale" if is_time else f"a read was at least {plural(lower - 1, 'version')} behind"
    return Anomaly(
        name="stale read" if is_time else f"not {limit}-atomic",
        everyday=everyday,
        witness=telling.witness(accesses.tolist(), sentence, details=_beyond(measure, limit, lower)),
        key=telling.key(int(accesses[0])),
        count=keys,
    )


def _impossible(telling: Telling, worst: _Range, keys: int) -> Anomaly:
    number, _, _, kind, versions = worst
    shown = [access for version in versions for access in version if access >= 0]
    if kind == "future":
        read = versions[0][2]
        sentence = f"{telling.told(read)}, but that was written only after the read had returned"
        witness: Witness = telling.witness(shown, sentence, minimal=True)
        return Anomaly(
            name="future read", everyday="a value was read before it was written", witness=witness,
            key=telling.key(read), count=keys,
        )  # fmt: skip
    sentence = "the recorded order of versions contradicts real time: no bound explains the reads"
    if kind == "known":
        (older, _, _), (newer, _, _) = versions
        sentence = (
            f"{telling.told(older)} although {telling.told(newer)} had taken effect before, and the recorded "
            "order of versions has them the other way round"
        )
    else:
        key = telling.recording.columns["key"]
        codes, first = np.unique(key, return_index=True)
        shown = np.flatnonzero(key == codes[np.argsort(first)[number]]).tolist()
    return Anomaly(
        name="version order against real time", everyday="a newer write lost against an older one",
        witness=telling.witness(shown, sentence), key=telling.key(shown[0]), count=keys,
    )  # fmt: skip
