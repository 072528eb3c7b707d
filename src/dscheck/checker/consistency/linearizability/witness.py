"""Why a history is not linearizable: few operations that prove it, and how far an order goes.

An operation may not simply be left out: without the write of 3, a read of 3 is wrong, and the history as
recorded need not be.  So an operation that a witness does not need stays in as one that *may* have happened,
as it was recorded, or not at all.  Whoever has an order of the recorded history has one of the history that
is weakened like this, the same one.  So if the operations of a witness, together with any choice of the
others, have no order, then the recorded history has none either: the witness proves it.  As one choice is
none of the others, the witness alone has no order, too.

Weakening more never takes an order away.  So the operations that are needed are found by bisection, one after
the other, beginning at the operation that does not fit and going back in time (as QuickXplain, Junker 2004);
what is found is minimal: without any of its operations there would be an order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from dscheck._engine import Prefix
from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.linearizability import sentences
from dscheck.checker.consistency.linearizability.clock import Clock
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.histories.history import OK, History
from dscheck.histories.values import NIL

_MOST_STATES: Final = 12
"""States that a witness lists."""
_ONE_TRY: Final = 0.25
"""Seconds that one question of the bisection may take, as a part of what there is for all."""

_MANY: Final = 30
"""Operations of which a proof is worth another try with another method."""

Violates = Callable[[Sequence[int]], bool | None]
"""Whether these rows, with all others optional, have no order; None if it was not found out."""


def needed(violates: Violates, candidates: Sequence[int]) -> tuple[list[int], bool]:
    """Of the candidates, which violate together, few that do; and whether they are certainly minimal.

    The first candidates are tried first.  A question without an answer counts as "there is an order".
    """
    kept: list[int] = []
    rest = list(candidates)
    certain = True
    while True:
        answer = violates(kept) if kept else False
        if answer:
            return kept, certain
        count, answered = _fewest(violates, kept, rest)
        certain &= answered and answer is not None
        if count == len(rest) and not certain:
            return [*kept, *rest], False
        kept.append(rest[count - 1])
        rest = rest[: count - 1]


def _fewest(violates: Violates, kept: Sequence[int], rest: Sequence[int]) -> tuple[int, bool]:
    """How many of the rest, together with those kept, violate; and whether every question was answered."""
    low, high, step = 0, len(rest), 4
    answered = True
    while low + step < high:  # doubling first: what matters is mostly close to what does not fit
        answer = violates([*kept, *rest[: low + step]])
        if answer:
            high = low + step
            break
        if answer is None:
            return high, False
        low, step = low + step, 2 * step
    while low + 1 < high:
        middle = (low + high) // 2
        answer = violates([*kept, *rest[:middle]])
        answered &= answer is not None
        low, high = (low, middle) if answer else (middle, high)
    return high, answered


def explain(search: Search, object_: int, stuck: int, clock: Clock, seconds: float) -> Witness:
    """The witness for one object, at whose row `stuck` no order is left; takes about that many seconds."""
    history = search.history
    end = int(history.returned[stuck])
    started = clock.passed()
    changes: list[int] = []

    def left() -> float:
        return max(started + seconds / 2 - clock.passed(), 0.0)

    def violates(rows: Sequence[int]) -> bool | None:
        if not left():
            return None
        weak = np.ones(len(history), np.uint8)
        weak[changes] = 0
        weak[list(rows)] = 0
        limits = clock.left(min(left(), _ONE_TRY * seconds))
        found = search.linearize(limits, objects=[object_], weak=weak.tobytes(), until=end)
        return None if found.stop != "done" else bool(found.broken)

    proof = sentences.stale_read(history, [stuck])
    if proof is not None:  # it needs no search, however long the recording is
        prefix = search.longest_prefix(clock.left(_ONE_TRY * seconds), object_)
        return _with_order(search, stuck, proof, prefix)
    candidates = _back_in_time(search, object_, stuck)
    rows, certain = needed(violates, candidates)
    if not certain and len(rows) > _MANY:
        # Too many ways in which optional operations could have changed the state: let them all have happened.
        started = clock.passed()
        changes = [row for row in candidates if not search.is_pure(row)]
        looks = [row for row in candidates if search.is_pure(row)]
        rows = [*changes, *needed(violates, looks)[0]] if looks else rows
    prefix = search.longest_prefix(clock.left(max(left(), _ONE_TRY * seconds)), object_)
    text, argued = sentences.explained(history, stuck, rows, described(search, prefix))
    shown = sorted({*rows, *argued}, key=lambda row: int(history.invoked[row]))
    details = () if certain else ("there may be a smaller proof: the time for looking was over",)
    proof = Witness(
        operations=tuple(shown), sentence=text, details=details, minimal=certain and len(shown) == len(rows)
    )
    return _with_order(search, stuck, proof, prefix)


def _with_order(search: Search, stuck: int, proof: Witness, prefix: Prefix | None) -> Witness:
    """The witness, with how far an order of the operations goes."""
    if prefix is None:
        note = "how far an order goes was not recorded: the time for it was over"
        return replace(proof, details=(*proof.details, note), stuck=(stuck,))
    return replace(proof, order=tuple(prefix.order), states=described(search, prefix), stuck=(stuck,))


def described(search: Search, prefix: Prefix | None) -> tuple[str, ...]:
    """The states that are possible after a prefix, for people; a dozen of them."""
    numbers = () if prefix is None else prefix.states[:_MOST_STATES]
    return tuple(search.learned.describe(number) for number in numbers)


def _back_in_time(search: Search, object_: int, stuck: int) -> list[int]:
    """The object's operations that had returned when `stuck` did, last return first."""
    history = search.history
    mine = (history.outcome == OK) & (history.returned <= history.returned[stuck])
    if search.learned.specification.keyed:
        mine &= history.key == search.operations.keys[object_]
    rows = np.flatnonzero(mine)
    return [int(row) for row in rows[np.argsort(-history.returned[rows], kind="stable")]]


def says_something(history: History) -> bool:
    """Whether any operation returned a result that could be wrong."""
    return bool(((history.outcome == OK) & (history.result != NIL)).any())
