"""What a near-linear check found, in as few operations as prove it, and how far an order goes.

A near-linear check refutes the operations on few values, whatever happened to others: with others there is no
order either.  So of the operations on these values, few enough are looked for that the rest of them may be
missing or not; as in `witness`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.linearizability import sentences
from dscheck.checker.consistency.linearizability.clock import Clock
from dscheck.checker.consistency.linearizability.learning import Learned
from dscheck.checker.consistency.linearizability.near_linear import Outcome
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.consistency.linearizability.witness import described, needed
from dscheck.histories.history import FAIL, INFO, OK, History
from dscheck.histories.values import ATOM, COMPOUND, NIL

_Rows = npt.NDArray[np.int64]
_MOST: Final = 300
"""Operations of which few are looked for."""
_SHRINKING: Final = 0.2
"""Seconds for that."""
_LONGEST: Final = 5_000
"""Operations of one object of which an order is looked for."""
_ORDERING: Final = 0.1
"""Seconds for that."""
_PUTS: Final = ("write", "put", "enqueue", "push", "insert")
_PUT_ONCE: Final = (
    *sentences.REGISTERS,
    *("queue", "unordered-queue", "stack", "priority-queue"),
)
"""Data types of which a near-linear check knows who put there what was found."""
_COLUMNS: Final = (
    *("process", "function", "outcome", "key", "argument", "result", "invoked", "returned", "line"),
)


def explained(history: History, learned: Learned, key: int, outcome: Outcome, clock: Clock) -> Witness:
    """The witness of a violated outcome for the object with this code, with all that is worth its time."""
    assert outcome.witness is not None
    rows = np.flatnonzero((history.key == key) & (history.outcome != FAIL))
    name = learned.specification.name
    proof = None
    if name in sentences.REGISTERS:
        proof = sentences.stale_read(history, sorted({*outcome.witness.operations, *outcome.argued}))
    if proof is None:
        proof = _shrunk(history, learned, rows, outcome.witness, clock)
        proof = _with_argued(history, name, rows, proof, outcome.argued)
    proof = replace(proof, details=outcome.witness.details)
    if outcome.position is not None:
        rows = rows[history.invoked[rows] <= outcome.position]
    return _with_order(history, learned, rows, proof, clock)


def _shrunk(history: History, learned: Learned, rows: _Rows, proof: Witness, clock: Clock) -> Witness:
    has_values = learned.specification.name != "mutex"
    related = _without_unequal(history, _related(history, rows, proof.operations)) if has_values else rows
    if len(related) > _MOST:
        return replace(proof, minimal=False)
    search = Search.of(_part(history, related), learned)
    end = clock.passed() + _SHRINKING

    def violates(places: Sequence[int]) -> bool | None:
        weak = np.ones(len(related), np.uint8)
        weak[list(places)] = 0
        found = search.linearize(clock.left(max(end - clock.passed(), 0.0)), weak=weak.tobytes())
        return None if found.stop != "done" else bool(found.broken)

    place = {int(row): at for at, row in enumerate(related)}
    told = [row for row in proof.operations if row in place and history.outcome[row] == OK]
    others = [row for row in place if history.outcome[row] == OK and row not in told]
    candidates = [place[row] for one in (told, others) for row in sorted(one, key=_return(history))]
    if not violates(candidates):
        return replace(proof, minimal=False)
    places, certain = needed(violates, candidates)
    kept = sorted(int(related[at]) for at in places)
    return replace(proof, operations=tuple(kept), minimal=certain)


def _with_argued(history: History, name: str, rows: _Rows, proof: Witness, argued: Sequence[int]) -> Witness:
    """The witness, with all that its sentence is about, and who put there what is found in it."""
    shown = {*proof.operations, *argued}
    if name in _PUT_ONCE:
        codes = history.values.code
        found = {code for row in shown for code in map(codes, sentences.found(history.operation(row)))}
        puts = [at for at, function in enumerate(history.functions) if function in _PUTS]
        if found:
            mine = np.isin(history.function[rows], puts)
            mine &= np.isin(history.argument[rows], np.fromiter(found, np.int64))
            shown.update(rows[mine].tolist())
        if "cas" in history.functions:
            shown.update(writer for code in found for writer in sentences.swaps(history, rows, code))
    operations = tuple(sorted(shown, key=lambda row: int(history.invoked[row])))
    return replace(
        proof, operations=operations, minimal=proof.minimal and len(shown) == len(proof.operations)
    )


def _return(history: History) -> Any:
    return lambda row: -int(history.returned[row])


def _with_order(history: History, learned: Learned, rows: _Rows, proof: Witness, clock: Clock) -> Witness:
    """The witness, with how far an order of the operations goes, where it is soon found."""
    if len(rows) > _LONGEST:
        return proof
    search = Search.of(_part(history, rows), learned)
    prefix = search.longest_prefix(clock.left(_ORDERING), 0)
    if prefix is None or prefix.stuck is None:
        return proof
    order = tuple(int(rows[at]) for at in prefix.order)
    return replace(proof, order=order, states=described(search, prefix), stuck=(int(rows[prefix.stuck]),))


def _related(history: History, rows: _Rows, members: Sequence[int]) -> _Rows:
    """The rows that are about the values of these, or of others that compare-and-sets connect with them; and
    what may have taken any.  All rows if there are no values, as of locks."""
    about = np.where(history.argument == NIL, history.result, history.argument)[rows]
    related = np.array(sorted(members), np.int64)
    values: set[int] = set()
    while len(related) <= _MOST:
        more = _values(history, about[np.searchsorted(rows, related)])
        if not more:
            return rows
        if more == values:
            break
        values = more
        found = rows[np.isin(about, _with_compounds(history, values))]
        related = np.union1d(related, found)
    takes = rows[(history.outcome[rows] == INFO) & (history.argument[rows] == NIL)]
    return np.union1d(related, takes)


def _without_unequal(history: History, rows: _Rows) -> _Rows:
    """The rows but for compare-and-sets that compared unequal: they depend on values that are left out, and a
    history without them has no fewer orders."""
    if "cas" not in history.functions:
        return rows
    is_swap = history.function[rows] == history.functions.index("cas")
    left: _Rows = rows[~(is_swap & (history.result[rows] == history.values.code(False)))]
    return left


def _values(history: History, codes: _Rows) -> set[int]:
    """These values, and what lists and sets among them contain; nil is none."""
    inside = history.values.item_codes
    whole = (inside(code) if COMPOUND <= code < ATOM else (code,) for code in codes.tolist())
    return {code for codes in whole for code in codes if code != NIL}


def _with_compounds(history: History, values: set[int]) -> _Rows:
    """These values, and the lists and sets that contain one of them."""
    codes = np.fromiter(values, np.int64)
    at = np.flatnonzero(np.isin(np.frombuffer(history.values.items, np.int64), codes))
    owners = np.searchsorted(np.frombuffer(history.values.offsets, np.int64), at, "right") - 1
    return np.union1d(codes, COMPOUND + owners)


def _part(history: History, rows: _Rows) -> History:
    """Some rows of a history, as one."""
    columns = {name: getattr(history, name)[rows] for name in _COLUMNS}
    return replace(history, **columns, micro=None, invoke_time=None, return_time=None)
