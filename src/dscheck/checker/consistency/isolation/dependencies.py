"""Histories of transactions, handed to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from dscheck import _engine
from dscheck.checker.errors import DscheckError
from dscheck.histories.history import APPEND, MICRO_KINDS, OK, READ, WRITE, History, MicroOperations
from dscheck.histories.values import ATOM, COMPOUND, LIST, NIL


def transactions(history: History) -> _engine.Transactions:
    """The engine's copy of a history's transactions.  Raises DscheckError where there are none."""
    micro = micro_operations(history)
    return _engine.Transactions(
        history.process.data,
        history.outcome.data,
        history.invoked.data,
        history.returned.data,
        (micro.offsets.data, micro.kind.data, micro.key.data, micro.value.data),
        (_numbers(history.values.offsets), _numbers(history.values.items)),
        timed=history.ordered_in_time,
    )


def _numbers(column: Sequence[int]) -> memoryview:
    """What the engine can read even if it is empty."""
    return np.asarray(column, np.int64).data if len(column) else np.zeros(0, np.int64).data


def micro_operations(history: History) -> MicroOperations:
    """The columns of what transactions did.  Raises DscheckError where there are none."""
    if history.micro is None:
        raise DscheckError(f"{history.name} has no transactions: levels of isolation say nothing about it")
    return history.micro


def kinds(history: History) -> frozenset[int]:
    """The kinds of micro-operations that occur."""
    return frozenset(int(kind) for kind in np.unique(micro_operations(history).kind))


def check_lists(history: History) -> None:
    """Every read gave a list or nothing.  Raises DscheckError that names the first that did not."""
    micro = micro_operations(history)
    known = np.repeat(history.outcome == OK, np.diff(micro.offsets))
    values = micro.value[(micro.kind == READ) & known]
    lists = np.asarray(history.values.kinds, np.uint8) == LIST
    inside = (values >= COMPOUND) & (values < ATOM)
    fits = values == NIL
    fits[inside] = lists[values[inside] - COMPOUND]
    if fits.all():
        return
    at = int(np.flatnonzero((micro.kind == READ) & known)[np.argmin(fits)])
    row = int(np.searchsorted(micro.offsets, at, "right")) - 1
    value = history.values.value(int(micro.value[at]))
    raise DscheckError(
        f"{history.name}, line {history.line[row]}: a read of key {shown(history, micro.key[at])} gave "
        f"{value!r}, but transactions append to it: a list was expected"
    )


def reads_lists(history: History) -> bool:
    """Whether a read gave a list, so that transactions that only read are on lists."""
    micro = micro_operations(history)
    values = micro.value[micro.kind == READ]
    rows = values[(values >= COMPOUND) & (values < ATOM)] - COMPOUND
    return bool((np.asarray(history.values.kinds, np.uint8)[rows] == LIST).any())


def shown(history: History, code: int) -> str:
    """A key or value as people want to read it."""
    return str(history.values.value(int(code)))


def names(found: frozenset[int]) -> str:
    """Kinds of micro-operations, for messages."""
    return ", ".join(MICRO_KINDS[kind] for kind in sorted(found))


LISTS: Final = frozenset({READ, APPEND})
"""The kinds of a list-append history."""
REGISTERS: Final = frozenset({READ, WRITE})
"""The kinds of a history of registers."""
