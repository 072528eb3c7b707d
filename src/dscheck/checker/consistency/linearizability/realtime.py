"""Linearizability (Herlihy and Wing, TOPLAS 1990): near-linear algorithms first, search for what they
leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck._engine import Orders
from dscheck.checker.amounts import plural
from dscheck.checker.consistency import wording
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Limits
from dscheck.checker.consistency.linearizability import instants, near_linear, sentences, shrinking, witness
from dscheck.checker.consistency.linearizability.clock import Clock
from dscheck.checker.consistency.linearizability.learning import Learned, OutOfTimeError
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import SPECIFICATIONS
from dscheck.checker.specifications.equality import same
from dscheck.checker.specifications.key_value import KeyValue
from dscheck.checker.specifications.queue import PriorityQueue
from dscheck.checker.specifications.specification import Specification
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import FAIL, History

_SHOWN: Final = 3
"""Broken keys of which the witness is worked out."""
_EXPLAINING: Final = 2.0
"""Seconds for a witness, unless the limits leave less."""
_STOPS: Final = {
    "time": "time was over",
    "memory": "memory was full",
    "width": "more operations of one object are open at once than the search can hold, 16,384",
}
GENERAL: Final = "search over configurations (Wing and Gong 1993, Lowe 2017), key by key"
"""What the general search is called in a judgement."""


def judge(history: History, learned: Learned, limits: Limits) -> Judgement:
    """Whether every object of the history is linearizable."""
    if not history.ordered_in_time:
        raise DscheckError(
            f"{history.name} ({history.format}) does not record what happened before what in real time, so "
            "nothing can be said about linearizability: ask for sequentially-consistent"
        )
    clock = Clock(limits)
    touching = instants.touching(history)
    if touching is None or not len(touching.first):
        return _judged(history, learned, clock)
    return _in_some_way(history, touching, learned, clock)


def _in_some_way(history: History, touching: instants.Touching, learned: Learned, clock: Clock) -> Judgement:
    """Where a process goes on at the instant at which it was told: for one order within these instants."""
    ways = touching.resolved()
    judgement = _judged(next(ways), learned, clock)
    if judgement.verdict is Verdict.HOLDS or touching.is_one_way:
        return judgement
    loosely = _judged(history, learned, clock)
    if loosely.verdict is Verdict.VIOLATED:
        return loosely
    verdicts: set[Verdict] = {judgement.verdict}
    for way in ways:
        if loosely.verdict is Verdict.UNDECIDED:
            return loosely
        judgement = _judged(way, learned, clock)
        verdicts.add(judgement.verdict)
        if judgement.verdict is Verdict.HOLDS:
            return judgement
    if verdicts == {Verdict.VIOLATED} and touching.all_ways:
        note = (
            "several processes went on at the instant at which they were told: every order of that was tried"
        )
        return replace(judgement, warnings=(*judgement.warnings, note))
    open_ = "several processes went on at the instant at which they were told: which was first is not known"
    return replace(judgement, verdict=Verdict.UNDECIDED, anomalies=(), covered=f"{loosely.covered}; {open_}")


def _judged(history: History, learned: Learned, clock: Clock) -> Judgement:
    """The judgement by positions alone."""
    decided = _near_linear(history, learned, clock.left())
    late = False
    try:
        search = _search_for_the_rest(history, learned, decided, clock.left())
    except OutOfTimeError:
        search, late = None, True
    found = None if search is None else search.linearize(clock.left())
    undecided = [] if found is None else found.undecided
    broken: list[tuple[int, near_linear.Outcome | int]] = [
        (by, outcome) for by, outcome in decided.items() if outcome.witness is not None
    ]
    if search is not None and found is not None:
        broken += [(search.operations.keys[number], row) for number, row in found.broken]
    keys = len(decided) + (0 if search is None else len(search.operations.keys))
    verdict = Verdict.UNDECIDED if undecided or late else Verdict.HOLDS
    measures = {"keys": keys, "broken keys": len(broken)}
    if found is not None:
        measures |= {"steps": found.effort, "peak": found.peak}
    return Judgement(
        promise="linearizable",
        verdict=Verdict.VIOLATED if broken else verdict,
        covered=_covered(history, keys, search, found, late),
        algorithm=_algorithm(learned.specification.name, len(decided), keys - len(decided)),
        anomalies=_anomalies(history, learned, search, broken, clock),
        warnings=() if broken else _warnings(history),
        vacuous=not broken and not witness.says_something(history),
        interrupted=found is not None and found.stop == "interrupted" and not broken,
        measures=measures,
        seconds=clock.passed(),
    )


def holds(history: History, learned: Learned, limits: Limits) -> tuple[bool, str]:
    """Whether it is certainly linearizable, and so in the order of each process, and how the search ended; no
    reasons are looked for."""
    touching = instants.touching(history)
    if touching is not None:
        if touching.overlapping:
            return False, "done"
        history = next(touching.resolved())
    clock = Clock(limits)
    decided = _near_linear(history, learned, limits)
    if any(outcome.witness is not None for outcome in decided.values()):
        return False, "done"
    try:
        search = _search_for_the_rest(history, learned, decided, clock.left())
    except OutOfTimeError:
        return False, "time"
    found = None if search is None else search.linearize(clock.left())
    return (True, "done") if found is None else (not (found.broken or found.undecided), found.stop)


def _near_linear(history: History, learned: Learned, limits: Limits) -> dict[int, near_linear.Outcome]:
    """What the algorithms for this data type decide, by the code of the key."""
    specification = learned.specification
    applies = specification.name in near_linear.DATATYPES
    applies &= type(specification) is SPECIFICATIONS.get(specification.name)
    if not applies or not _is_as_recorded(history, specification):
        return {}
    outcomes = near_linear.judge(history, specification.name, seconds=limits.seconds, reasons=False)
    code = history.values.code
    return {code(outcome.key): outcome for outcome in outcomes if outcome.verdict is not None}


def _is_as_recorded(history: History, specification: Specification) -> bool:
    """Whether the specification is what near-linear algorithms take from the hints of the history."""
    if isinstance(specification, PriorityQueue):
        return specification.largest_first is (history.hints.get("order") != "min")
    if isinstance(specification, KeyValue) and not near_linear.means_one_thing(history):
        return False
    has_value = specification.name in ("register", "cas-register", "kv")
    return not has_value or same(specification.initial(), history.hints.get("initial"))


def _search_for_the_rest(
    history: History, learned: Learned, decided: Mapping[int, object], limits: Limits
) -> Search | None:
    """The general search for the keys that are not decided; None if there are none."""
    if not decided:
        return Search.of(history, learned, limits)
    left = ~np.isin(history.key, np.fromiter(decided, np.int64)) & (history.outcome != FAIL)
    return Search.of(_only(history, left), learned, limits) if left.any() else None


def _only(history: History, rows: npt.NDArray[np.bool_]) -> History:
    """A history with these rows alone; the others count as failed, so that rows keep their numbers."""
    return replace(history, outcome=np.where(rows, history.outcome, np.uint8(FAIL)).astype(np.uint8))


def _anomalies(
    history: History,
    learned: Learned,
    search: Search | None,
    broken: Sequence[tuple[int, near_linear.Outcome | int]],
    clock: Clock,
) -> tuple[Anomaly, ...]:
    found = []
    for at, (by, what) in enumerate(broken[:_SHOWN]):
        seconds = clock.left(_EXPLAINING).seconds or 0.0
        if isinstance(what, near_linear.Outcome):
            proof = shrinking.explained(history, learned, by, what, clock)
        else:
            assert search is not None
            proof = witness.explain(search, search.operations.keys.index(by), what, clock, seconds)
        hints = sentences.starts(history, learned.specification.name, proof.operations)
        proof = replace(proof, details=(*proof.details, *hints))
        anomaly = Anomaly(
            name="not linearizable",
            everyday="no order fits what clients saw",
            witness=proof,
            key=history.values.value(by),
            count=len(broken) - at if at == _SHOWN - 1 else 1,
        )
        found.append(anomaly)
    return tuple(found)


def _covered(history: History, keys: int, search: Search | None, found: Orders | None, late: bool) -> str:
    """How much was looked at, and where it stopped if it did."""
    count = plural(int((history.outcome != FAIL).sum()), "operation")
    whole = count if keys == 1 else f"{plural(keys, 'key')}, {count}"
    if late:
        return f"{count}; time was over before the search began"
    if search is None or found is None or not found.undecided:
        return whole
    number, events, of_events, _ = min(found.undecided, key=lambda key: key[1] / max(key[2], 1))
    why = _STOPS.get(found.stop, found.stop)
    far = f"{events:,} of {of_events:,} invocations and returns"
    if keys > 1:
        name = wording.plain(history.values.value(search.operations.keys[number]))
        open_ = f"{plural(len(found.undecided), 'key')} undecided"
        far = f"{open_}, the furthest from its end is {name} after {far}"
    return f"{whole}; {why}: {far}"


def _algorithm(name: str, decided: int, searched: int) -> str:
    fast = f"near-linear algorithm for a {name}"
    if not decided:
        return GENERAL
    return (
        fast if not searched else f"{fast} ({plural(decided, 'key')}); {GENERAL} ({plural(searched, 'key')})"
    )


def _warnings(history: History) -> tuple[str, ...]:
    if witness.says_something(history):
        return ()
    return ("no operation returned anything that could be wrong: the verdict says little",)
