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

from typing import Final

from dscheck import _engine
from dscheck.checker.consistency.judgement import Anomaly, Limits
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.telling import Telling

GUARANTEES: Final = ("read-your-writes", "monotonic-reads", "monotonic-writes", "writes-follow-reads")
ALGORITHM: Final = (
    "one pass over each session with what is known of version orders (Terry et al. 1994; Viotti and Vukolic "
    "2016); near-linear, and per session and key linear in its writes where an order is known in part"
)
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
    anomalies = tuple(
        _anomaly(telling, promise, access, prior, cycle, count)
        for _, access, prior, cycle, count in found[:_SHOWN]
    )
    broken = [telling.process(session) for session, *_ in found]
    operations = sum(count for *_, count in found)
    return Finding(
        anomalies, doubt=doubt, measures={"sessions": broken, "operations": operations} if found else {}
    )


def _anomaly(
    telling: Telling, promise: str, access: int, prior: int, cycle: list[int], count: int
) -> Anomaly:
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
    edges = tuple(
        telling.edge(source, target, "version", _because(telling, source, target))
        for source, target in zip(cycle, [*cycle[1:], *cycle[:1]], strict=True)
        if len(cycle) > 1
    )
    shown = [prior, access, *cycle]
    witness = telling.witness(shown, sentence, edges=edges, minimal=len(cycle) < 2)
    key = telling.key(access)
    return Anomaly(name=promise, everyday=_EVERYDAY[promise], witness=witness, key=key, count=count)


def _because(telling: Telling, source: int, target: int) -> str:
    columns = telling.recording.columns
    if columns["session"][source] == columns["session"][target]:
        return "the order of its session"
    if not telling.is_write(target):
        return "it returned what was written"
    return "the order of versions that was recorded"
