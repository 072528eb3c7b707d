"""Transactions by session, for the writers of formats that hold nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import MICRO_KINDS, OK, OUTCOMES, READ, WRITE, History, MicroOperations
from dscheck.histories.values import COMPOUND, NIL


class Transaction(NamedTuple):
    """One transaction on registers."""

    row: int
    outcome: int
    micro: list[tuple[int, int, int]]
    """(kind, key, value): READ or WRITE."""


def sessions(history: History, format: str, *, outcomes: tuple[int, ...]) -> list[list[Transaction]]:
    """The sessions in the order of their first transaction, and their transactions in order.

    Raises HistoryError where the history has anything but transactions of reads and writes, with whole
    numbers as keys and values, or has outcomes that the format does not know.
    """
    micro = check_transactions(history, format, (READ, WRITE))
    if (wrong := np.flatnonzero(~np.isin(history.outcome, outcomes))).size:
        word = OUTCOMES[history.outcome[wrong[0]]]
        raise cannot(format, f"a transaction whose outcome is {word}", int(history.line[wrong[0]]))
    found: dict[int, list[Transaction]] = {}
    columns = (
        micro.kind.tolist(),
        _numbers(history, micro, format, "key"),
        _numbers(history, micro, format, "value"),
    )
    for row in np.argsort(history.invoked, kind="stable").tolist():
        inside = slice(micro.offsets[row], micro.offsets[row + 1])
        steps = list(zip(*(column[inside] for column in columns), strict=True))
        transaction = Transaction(row, int(history.outcome[row]), steps)
        found.setdefault(int(history.process[row]), []).append(transaction)
    return list(found.values())


def check_transactions(history: History, format: str, kinds: tuple[int, ...]) -> MicroOperations:
    """The micro-operations of a history that has nothing else.  Raises HistoryError for another."""
    micro = history.micro
    if micro is None or any(name != "txn" for name in history.functions):
        raise cannot(format, "anything but transactions")
    if (wrong := np.flatnonzero(~np.isin(micro.kind, kinds))).size:
        raise cannot(format, f"the micro-operation {MICRO_KINDS[micro.kind[wrong[0]]]!r}")
    return micro


def _numbers(history: History, micro: MicroOperations, format: str, what: str) -> list[int]:
    """The keys or values, which must be whole numbers, as such; NIL for reads that nobody knows."""
    column = micro.key if what == "key" else micro.value
    numbers: list[int] = column.tolist()
    odd = np.flatnonzero((column >= COMPOUND) | (column == NIL))
    for at in odd if what == "key" else odd[~_is_unknown(history, micro, odd)]:
        held = history.values.value(numbers[at])
        if type(held) is not int:
            raise cannot(format, f"the {what} {str(held)[:40]!r}, only for whole numbers")
        numbers[at] = held
    return numbers


def _is_unknown(history: History, micro: MicroOperations, at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether what was read is not known, as the transaction is not known to have happened."""
    rows = np.searchsorted(micro.offsets, at, side="right") - 1
    unknown: npt.NDArray[np.bool_] = (
        (micro.kind[at] == READ) & (micro.value[at] == NIL) & (history.outcome[rows] != OK)
    )
    return unknown


def steps_of(transaction: Transaction) -> Iterator[tuple[str, int, int]]:
    """Letter, key and value of each step; reads whose result is not known are left out."""
    for kind, key, value in transaction.micro:
        if value != NIL:
            yield "w" if kind == WRITE else "r", key, value


def cannot(format: str, what: str, line: int | None = None) -> HistoryError:
    """That a format has no place for something."""
    return HistoryError(f"{format} has no place for {what}", line=line, fix="choose another format")
