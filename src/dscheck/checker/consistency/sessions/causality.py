"""PRAM and the three causal consistencies, by bad patterns.

    causal-consistency   CC: every read has an order of its causal past that explains it alone
    causal-convergence   CCv: and all agree on one order of the writes
    causal-memory        CM: and every session has one order of its past that explains all of its reads
    pram                 every session has an order of all writes, each session's as made, and of its reads

(Bouajjani, Enea, Guerraoui, Hamza: On verifying causal consistency, POPL 2017; PRAM: Lipton and Sandberg
1988; causal memory: Ahamad, Neiger, Burns, Kohli, Hutto 1995.)  All four are decided exactly in a world
where every read has one source.  Compare-and-sets and lists are evidence of orders, which all but CC have
to respect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dscheck import _engine
from dscheck.checker.consistency.judgement import Anomaly, Edge, Limits
from dscheck.checker.consistency.sessions.findings import Finding
from dscheck.checker.consistency.sessions.telling import Telling

CAUSAL: Final = ("causal-memory", "causal-convergence", "causal-consistency", "pram")
"""The names, as `check` judges them."""
_PATTERNS: Final = "bad patterns (Bouajjani, Enea, Guerraoui, Hamza, POPL 2017)"
ALGORITHMS: Final = {
    "causal-memory": f"{_PATTERNS}: saturation of each session's view, O(k n) if few steps repeat, "
    "O(k n r) at worst",
    "causal-convergence": f"{_PATTERNS}: vector clocks and one acyclicity test, O(n k log n)",
    "causal-consistency": f"{_PATTERNS}: vector clocks, O(n k log n)",
    "pram": "saturation of each session's view, as for causal memory without others' reads (Lipton and "
    "Sandberg 1988), O(k n) if few steps repeat, O(k n r) at worst",
}
_EVERYDAY: Final = {
    "CyclicCO": "an effect before its cause",
    "WriteCOInitRead": "a write that the reader knew of was not there",
    "WriteCORead": "an overwritten value was read by one who knew of the newer one",
    "CyclicCF": "readers disagree on which write came last",
    "WriteHBInitRead": "a write that had to be there was not",
    "CyclicHB": "one session's reads fit no order of the writes",
}


def causality(world: _engine.Accesses, telling: Telling, promise: str, limits: Limits) -> Finding:
    """The first bad pattern that is found, if there is one."""
    found, stop = world.pattern(promise, seconds=limits.seconds, memory=limits.memory)
    if stop:
        return Finding(stop=stop)
    if found is None:
        return Finding()
    name, accesses, because, session, knew = found
    return Finding((_anomaly(telling, name, (accesses, because, knew), session),))


def _anomaly(
    telling: Telling, name: str, found: tuple[list[int], list[int], list[int]], session: int
) -> Anomaly:
    accesses, because, knew = found
    cyclic = name.startswith("Cyclic")
    steps = list(zip(accesses, [*accesses[1:], *accesses[:1]], because, strict=True))
    steps = steps if cyclic else steps[:-1]
    steps = _joined(telling, steps, _overwriting(telling, accesses) if name == "WriteCORead" else -1)
    edges = tuple(_edge(telling, *step) for step in steps)
    where = f"; in the view of {telling.process(session)}" if session >= 0 else ""
    first, last = telling.told(accesses[0]), telling.told(accesses[-1])
    if cyclic:
        sentence = f"each of {len(steps)} operations had to come before the next, in a circle{where}"
    elif name == "WriteCORead":
        sentence = f"{last}, though that was overwritten by what it knew of{where}"
    else:
        sentence = f"{last}, though {first}, of which it knew{where}"
    shown = [*knew, *(access for step in steps for access in step if access >= 0)]
    witness = telling.witness(shown, sentence, edges=edges)
    return Anomaly(name=name, everyday=_EVERYDAY[name], witness=witness, key=telling.key(accesses[-1]))


_Step = tuple[int, int, int]
"""An access that comes before another, and the read that shows it, or -1."""


def _overwriting(telling: Telling, accesses: Sequence[int]) -> int:
    """The first write of the same key between the write of a value and its read."""
    key = telling.recording.columns["key"]
    between = (at for at in accesses[1:-1] if telling.is_write(at) and key[at] == key[accesses[-1]])
    return next(between, -1)


def _joined(telling: Telling, steps: Sequence[_Step], kept: int) -> list[_Step]:
    """Steps through one session as one: what comes in between proves nothing, but for the access `kept`."""
    joined: list[_Step] = []
    for step in steps:
        inside = _within_session(telling, step) and step[0] != kept
        if joined and inside and _within_session(telling, joined[-1]):
            joined[-1] = (joined[-1][0], step[1], -1)
        else:
            joined.append(step)
    if len(joined) > 2 and joined[-1][1] == joined[0][0]:
        first, last = joined[0], joined[-1]
        if _within_session(telling, first) and _within_session(telling, last):
            joined[0] = (last[0], first[1], -1)
            del joined[-1]
    return joined


def _within_session(telling: Telling, step: _Step) -> bool:
    """Whether it is a step of a session's own order."""
    earlier, later, because = step
    return because < 0 and telling.in_session(earlier, later)


def _edge(telling: Telling, source: int, target: int, because: int) -> Edge:
    if because >= 0:
        reason = f"{telling.told(because)}, and had the other in its past"
        return telling.edge(source, target, "version", reason)
    return telling.edge(source, target, *telling.reason(source, target))
