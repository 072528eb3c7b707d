"""The four session guarantees, each session on its own, with the operations that break them.

    read-your-writes      a read sees what its session wrote before
    monotonic-reads       a read sees what its session's earlier reads saw
    monotonic-writes      a session's writes take effect in its order
    writes-follow-reads   a session's writes come after what it had read

(Terry, Demers, Petersen, Spreitzer, Theimer, Welch: Session guarantees for weakly consistent replicated data,
PDIS 1994; Viotti and Vukolic, ACM CSUR 49(1), 2016, section 3.2.)  What counts as a version order, and who
has to agree on it, is said in docs/decisions/0018.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from dscheck import _engine
from dscheck.checker.consistency.judgement import Anomaly, Edge, Limits
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.telling import Telling

GUARANTEES: Final = ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads")
ALGORITHM: Final = (
    "one pass over each session with what is known of version orders (Terry et al. 1994; Viotti and Vukolic "
    "2016); near-linear, and per session and key linear in its writes where an order is known in part"
)
_Breach = tuple[int, int, int, list[int], list[tuple[int, int] | None], int]
_ORDERED: Final = "what was recorded of the order of versions is another part of the proof"
_SHOWN: Final = 10
"""Sessions of which the breach is told."""
_EVERYDAY: Final = {
    "read-your-writes": "a session did not see its own write",
    "monotonic-reads": "a session went back in time",
    "monotonic-writes": "writes of a session took effect in another order",
    "writes-follow-reads": "a write came before what its session had read",
}


def guarantee(world: _engine.Accesses, telling: Telling, promise: str, limits: Limits) -> Finding:
    """Which sessions break a guarantee; exact in a world where every read has one source."""
    found, stop = world.breaches(promise, seconds=limits.seconds, memory=limits.memory)
    if stop:
        return Finding(stop=stop)
    doubt = None
    if promise in GUARANTEES[:2] and dict(world.counts())["contradictory"]:
        doubt = "some keys have no version order that agrees with all that was recorded"
    source = _sources(world) if found else {}
    anomalies = tuple(_anomaly(telling, promise, breach, source) for breach in found[:_SHOWN])
    if found and not dict(world.counts())["evidence"]:
        anomalies = tuple(map(_by_sessions, anomalies))
    broken = [telling.process(session) for session, *_ in found]
    operations = sum(count for *_, count in found)
    return Finding(
        anomalies, doubt=doubt, measures={"sessions": broken, "operations": operations} if found else {}
    )


def _sources(world: _engine.Accesses) -> dict[int, int]:
    """Of each access the write that it returned; less than nothing for none."""
    origin, source = (np.frombuffer(part, np.int64).tolist() for part in world.sources())
    return dict(zip(origin, source, strict=True))


def _by_sessions(anomaly: Anomaly) -> Anomaly:
    """Where nothing but sessions orders versions: the operations prove it by themselves."""
    witness = anomaly.witness
    return replace(anomaly, witness=replace(witness, details=(), minimal=not witness.edges))


def _anomaly(telling: Telling, promise: str, breach: _Breach, source: Mapping[int, int]) -> Anomaly:
    _, access, prior, cycle, asked, count = breach
    who, later = telling.who(access), telling.did(access)
    first = f"{who} {telling.did(prior)}"
    match promise:
        case "read-your-writes":
            sentence = f"{first} and then {later}, which is older"
        case "monotonic-reads":
            sentence = f"{first} and then {later}, which is older"
        case "monotonic-writes":
            sentence = f"{first} and then {later}, but the later one took effect first"
        case _:
            sentence = f"{first} and then {later}, but what it wrote is older than what it had read"
    steps = zip(cycle, [*cycle[1:], *cycle[:1]], asked, strict=True) if len(cycle) > 1 else ()
    edges = tuple(_edge(telling, *step) for step in steps)
    shown = [prior, access, *cycle, *(one for pair in asked if pair for one in pair)]
    shown += [source[one] for one in (prior, access) if source.get(one, -1) >= 0]
    is_known = not edges and source.get(access, -1) >= 0 and access not in cycle
    by_lists = telling.recording.appends and any(edge.kind == "version" for edge in edges)
    details = (_ORDERED,) if is_known or by_lists else ()
    witness = telling.witness(shown, sentence, edges=edges, details=details, minimal=not (edges or details))
    key = telling.key(access)
    return Anomaly(name=promise, everyday=_EVERYDAY[promise], witness=witness, key=key, count=count)


def _edge(telling: Telling, source: int, target: int, asked: tuple[int, int] | None) -> Edge:
    """Why one version comes before another: what the session did, or what was recorded of versions."""
    if asked is not None:
        prior, read = asked
        return telling.edge(source, target, "session", f"{telling.told(prior)} and then {telling.did(read)}")
    kind, reason = telling.reason(source, target)
    return telling.edge(source, target, kind, reason)
