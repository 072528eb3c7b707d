"""Why an operation does not fit, in one sentence; only what the recording shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dscheck.checker.amounts import shortened
from dscheck.checker.consistency.linearizability import families
from dscheck.checker.consistency.wording import plain
from dscheck.histories.history import FAIL, NEVER, OK, History, Operation
from dscheck.histories.values import ATOM, COMPOUND

_SHOWN = 4
_ARE_REGISTERS = frozenset({"read", "write", "cas", "get", "put"})
"""The functions after which a register holds what was written to it, and nothing else."""


def told(history: History, row: int) -> str:
    """An operation within a sentence, without the middle of long values."""
    return shortened(families.told(history, row), 150)


def sentence(history: History, stuck: int, rows: Sequence[int], states: Sequence[str]) -> str:
    """Why the row `stuck` fits nowhere, given the rows of its witness and the states possible at its
    return."""
    operation = history.operation(stuck)
    found = _found(operation) if _ARE_REGISTERS.issuperset(history.functions) else None
    if found is None:
        return _generic(history, stuck, states)
    writers = _writers(history, operation.key, found[0])
    early = [row for row in writers if history.invoked[row] < history.returned[stuck]]
    value = shortened(plain(found[0]), 100)
    if not early:
        if writers:
            return f"{told(history, stuck)} found {value}, which nobody had begun to write when it returned"
        return (
            f"{told(history, stuck)} found {value}, which nobody wrote and which was not there at the start"
        )
    covering = _covering(history, stuck, rows, early, found[0])
    if covering is None:
        return _generic(history, stuck, states)
    return (
        f"{told(history, stuck)} found {value} after {told(history, covering)} had completed, "
        f"and nobody wrote {value} since"
    )


def _covering(
    history: History, stuck: int, rows: Sequence[int], writers: Sequence[int], value: Any
) -> int | None:
    """A write of the witness that had returned before `stuck` began, and began after all these had
    returned."""
    latest = max(int(history.returned[row]) for row in writers)
    if latest == NEVER:
        return None
    others = [row for row in rows if row != stuck and history.outcome[row] == OK]
    return next(
        (
            row
            for row in reversed(others)
            if _written(history.operation(row)) not in (None, (value,))
            and latest < history.invoked[row]
            and history.returned[row] < history.invoked[stuck]
        ),
        None,
    )


def _found(operation: Operation) -> tuple[Any] | None:
    """The value that an operation on a register found there, if its result says so."""
    if operation.function in ("read", "get") and not isinstance(operation.result, dict | frozenset):
        return None if operation.result is None else (operation.result,)
    if (
        operation.function == "cas"
        and operation.result is not False
        and isinstance(operation.argument, tuple)
    ):
        return (operation.argument[0],)
    return None


def _written(operation: Operation) -> tuple[Any] | None:
    """The value that an operation left in a register."""
    if operation.function in ("write", "put"):
        return (operation.argument,)
    if (
        operation.function == "cas"
        and operation.result is not False
        and isinstance(operation.argument, tuple)
    ):
        return (operation.argument[1],)
    return None


def _writers(history: History, key: Any, value: Any) -> list[int]:
    """The rows that may have left this value in the register of this key."""
    code = history.values.code
    mine = (history.outcome != FAIL) & (history.key == code(key))
    names = [number for number, name in enumerate(history.functions) if name in ("write", "put")]
    rows = mine & np.isin(history.function, names) & (history.argument == code(value))
    if "cas" in history.functions:
        swaps = mine & (history.function == history.functions.index("cas"))
        asked = [int(pair) for pair in np.unique(history.argument[swaps]) if COMPOUND <= pair < ATOM]
        fits = [pair for pair in asked if list(history.values.item_codes(pair))[1:] == [code(value)]]
        rows |= swaps & np.isin(history.argument, fits)
    return [int(row) for row in np.flatnonzero(rows)]


def _generic(history: History, stuck: int, states: Sequence[str]) -> str:
    if not states:
        return f"{told(history, stuck)} fits in no order of the operations up to its return"
    listed = "; ".join(states[:_SHOWN]) + ("; ..." if len(states) > _SHOWN else "")
    some = "the state that is" if len(states) == 1 else "any of the states that are"
    return f"{told(history, stuck)} does not fit {some} possible by its return: {listed}"


def starts(history: History, name: str, rows: Sequence[int]) -> tuple[str, ...]:
    """What to say where a row found what nobody had begun to write: it may have been there from the start."""
    if name not in _REGISTERS:
        return ()
    for row in rows:
        for place, value in _seen(history.operation(row)):
            if value is not None and not _could_be_written(history, row, place, value):
                start = shortened(plain(value), 40)
                return (f"if {start} was there from the start, say so: --model {name}:initial={value!r}",)
    return ()


_REGISTERS = ("register", "cas-register", "multi-register")


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
    found = _found(operation)
    return [] if found is None else [(operation.key, found[0])]


def _could_be_written(history: History, row: int, key: Any, value: Any) -> bool:
    """Whether somebody had begun to write this value when the row returned."""
    earlier = (history.outcome != FAIL) & (history.invoked < history.returned[row])
    if "txn" not in history.functions:
        return any(earlier[writer] for writer in _writers(history, key, value))
    arguments = map(history.values.value, np.unique(history.argument[earlier]))
    return any(("w", key, value) in argument for argument in arguments)
