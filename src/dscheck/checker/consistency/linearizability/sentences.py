"""Why an operation does not fit, in one sentence; only what the recording shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.checker.amounts import shortened
from dscheck.checker.consistency.judgement import Witness
from dscheck.checker.consistency.linearizability import families
from dscheck.checker.consistency.wording import plain
from dscheck.checker.specifications.equality import same
from dscheck.histories.history import FAIL, NEVER, OK, History, Operation
from dscheck.histories.values import ATOM, COMPOUND

_SHOWN = 4
_MOST_WRITERS: Final = 3
"""Writers of a value that a witness shows."""
_ARE_REGISTERS = frozenset({"read", "write", "cas", "get", "put"})
"""The functions after which a register holds what was written to it, and nothing else."""
REGISTERS: Final = ("register", "cas-register", "kv")
"""Data types of which a read of a value is a read of what was written."""


def told(history: History, row: int) -> str:
    """An operation within a sentence, without the middle of long values."""
    return shortened(families.told(history, row), 150)


def explained(
    history: History, stuck: int, rows: Sequence[int], states: Sequence[str]
) -> tuple[str, tuple[int, ...]]:
    """Why the row `stuck` fits nowhere, given the rows of its witness and the states possible at its
    return; and the rows that the sentence is about."""
    operation = history.operation(stuck)
    found_there = found(operation) if _is_register(history, stuck) else ()
    if not found_there:
        return _generic(history, stuck, states), (stuck,)
    if (proof := stale_read(history, [stuck])) is not None:
        return proof.sentence, proof.operations
    writers = _writers(history, stuck, found_there[0])
    value = shortened(plain(found_there[0]), 100)
    if not writers and not _is_initial(history, found_there[0]):
        what = f"found {value}, which nobody wrote and which was not there at the start"
        return f"{told(history, stuck)} {what}", (stuck,)
    if writers and all(history.invoked[row] > history.returned[stuck] for row in writers):
        what = f"found {value}, which nobody had begun to write when it returned"
        return f"{told(history, stuck)} {what}", (stuck, *writers[:_MOST_WRITERS])
    return _generic(history, stuck, states), (stuck,)


def stale_read(history: History, reads: Sequence[int]) -> Witness | None:
    """The proof that one of these found what had been overwritten before it began: another write began after
    every write of that value had returned, and returned before the read began.  None if there is none."""
    for row in reads:
        seen = found(history.operation(row)) if history.outcome[row] == OK else ()
        if not seen or not _is_register(history, row):
            continue
        writers = [
            at for at in _writers(history, row, seen[0]) if history.invoked[at] < history.returned[row]
        ]
        was_there = _is_initial(history, seen[0])
        latest = max((int(history.returned[at]) for at in writers), default=-1 if was_there else NEVER)
        if latest == NEVER:
            continue
        between = _settled(history, row, latest)
        other = next((at for at in between if _left(history.operation(at)) not in ((), seen)), None)
        if other is None:
            continue
        value = shortened(plain(seen[0]), 100)
        return Witness(
            operations=tuple(sorted({*writers[-_MOST_WRITERS:], other, row}, key=_invocation(history))),
            sentence=f"{told(history, row)} found {value} after {told(history, other)} had completed, and "
            f"nobody wrote {value} since",
        )
    return None


def _is_initial(history: History, value: Any) -> bool:
    """Whether the recording says that this value was there at the start."""
    start = history.hints.get("initial")
    return start is not None and same(start, value)


def _invocation(history: History) -> Callable[[int], int]:
    return lambda row: int(history.invoked[row])


def _settled(history: History, row: int, begin: int) -> list[int]:
    """Operations on the same key that may write, that began after a position and returned before the row
    began; the last ones first."""
    may_write = [at for at, name in enumerate(history.functions) if name in ("write", "put", "cas")]
    mine = (history.outcome == OK) & (history.key == history.key[row]) & (history.invoked > begin)
    mine &= (history.returned < history.invoked[row]) & np.isin(history.function, may_write)
    rows = np.flatnonzero(mine)
    return [int(at) for at in rows[np.argsort(-history.returned[rows], kind="stable")]]


def _is_register(history: History, row: int) -> bool:
    """Whether the key of this row is only read and written."""
    used = np.unique(history.function[(history.key == history.key[row]) & (history.outcome != FAIL)])
    return _ARE_REGISTERS.issuperset(history.functions[at] for at in used)


def found(operation: Operation) -> tuple[Any, ...]:
    """The value that an operation found there, if its result says so; empty if not."""
    if operation.outcome != "ok":
        return ()
    if operation.function in ("write", "put"):
        return ()
    if operation.function == "cas":
        is_done = operation.result is not False and isinstance(operation.argument, tuple)
        return operation.argument[:1] if is_done else ()
    says = operation.argument is None and not isinstance(operation.result, dict | frozenset)
    empty = operation.result is None or (operation.function == "get" and operation.result == "")
    return (operation.result,) if says and not empty else ()


def _left(operation: Operation) -> tuple[Any, ...]:
    """The value that an operation left in a register; empty if it may have left it as it was."""
    if operation.function in ("write", "put"):
        return (operation.argument,)
    is_done = operation.result is not False and isinstance(operation.argument, tuple)
    return operation.argument[1:] if operation.function == "cas" and is_done else ()


def _writers(history: History, row: int, value: Any) -> list[int]:
    """The rows that may have left this value in the register that a row is about, by their invocation."""
    code = history.values.code(value)
    mine = (history.outcome != FAIL) & (history.key == history.key[row])
    names = [number for number, name in enumerate(history.functions) if name in ("write", "put")]
    writers = np.flatnonzero(mine & np.isin(history.function, names) & (history.argument == code)).tolist()
    if "cas" in history.functions:
        writers += swaps(history, np.flatnonzero(mine), code)
    return sorted(writers, key=_invocation(history))


def swaps(history: History, rows: npt.NDArray[np.int64], code: int) -> list[int]:
    """Of these rows those that are compare-and-sets to the value with this code."""
    mine = rows[history.function[rows] == history.functions.index("cas")]
    asked = [int(pair) for pair in np.unique(history.argument[mine]) if COMPOUND <= pair < ATOM]
    fits = [pair for pair in asked if list(history.values.item_codes(pair))[1:] == [code]]
    found: list[int] = mine[np.isin(history.argument[mine], fits)].tolist()
    return found


def _generic(history: History, stuck: int, states: Sequence[str]) -> str:
    if not states:
        return f"{told(history, stuck)} fits in no order of the operations up to its return"
    listed = "; ".join(states[:_SHOWN]) + ("; ..." if len(states) > _SHOWN else "")
    some = "the state that is" if len(states) == 1 else "any of the states that are"
    return f"{told(history, stuck)} does not fit {some} possible by its return: {listed}"


def starts(history: History, name: str, rows: Sequence[int]) -> tuple[str, ...]:
    """What to say where a row found what nobody had begun to write: it may have been there from the start."""
    if name not in _HAVE_A_START:
        return ()
    for row in rows:
        for place, value in _seen(history.operation(row)):
            known = value is None or _is_initial(history, value)
            if not known and not _could_be_written(history, row, place, value):
                start = shortened(plain(value), 40)
                return (f"if {start} was there from the start, say so: --model {name}:initial={value!r}",)
    return ()


_HAVE_A_START: Final = ("register", "cas-register", "multi-register")


def _seen(operation: Operation) -> list[tuple[Any, Any]]:
    """What an operation found where, if it said so."""
    if operation.outcome != "ok":
        return []
    if operation.function == "txn" and isinstance(operation.result, tuple):
        written: set[Any] = set()
        seen = []
        results = iter(operation.result)
        for kind, key, _ in operation.argument:
            if kind == "w":
                written.add(key)
            else:
                value = next(results)
                seen += [] if key in written else [(key, value)]
        return seen
    return [(operation.key, value) for value in found(operation)]


def _could_be_written(history: History, row: int, key: Any, value: Any) -> bool:
    """Whether somebody had begun to write this value when the row returned."""
    earlier = (history.outcome != FAIL) & (history.invoked < history.returned[row])
    if "txn" not in history.functions:
        return any(earlier[writer] for writer in _writers(history, row, value))
    arguments = map(history.values.value, np.unique(history.argument[earlier]))
    return any(("w", key, value) in argument for argument in arguments)
