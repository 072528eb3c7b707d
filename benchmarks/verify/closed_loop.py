"""Histories of registers as closed-loop clients record them, for the contests of linearizability."""

from __future__ import annotations

import numpy as np

from dscheck.histories.building import positions
from dscheck.histories.history import INFO, NEVER, OK, History
from dscheck.histories.values import NIL, Values

_MEAN_OPERATION = 100_000
_MEAN_THINKING = 20_000
"""Nanoseconds."""


def registers(
    *,
    operations: int,
    clients: int,
    keys: int = 1,
    values: int | None = None,
    reads: float = 0.5,
    stale: bool = False,
    info: float = 0.0,
    seed: int = 1,
) -> History:
    """Clients that think, read or write one of the registers, and think again.

    Writes are of `values` different values, or each of its own.  Each operation takes effect at a moment
    within its time, so the history is linearizable; with `stale`, one read about two thirds in returns what
    was overwritten before it began.  A share `info` of the writes was never seen to return, and half of those
    took effect.
    """
    draw = np.random.default_rng(seed)
    each = -(-operations // clients)
    thinking = draw.exponential(_MEAN_THINKING, (clients, each)).astype(np.int64) + 1
    taking = draw.exponential(_MEAN_OPERATION, (clients, each)).astype(np.int64) + 1
    ended = np.cumsum(thinking + taking, axis=1)
    order = np.argsort((ended - taking).ravel(), kind="stable")[:operations]
    began, ended = (ended - taking).ravel()[order], ended.ravel()[order]
    process = np.repeat(np.arange(clients), each)[order]
    key = draw.integers(0, keys, operations)
    is_read = draw.random(operations) < reads
    written = np.arange(1, operations + 1) if values is None else draw.integers(0, values, operations)
    moment = began + (draw.random(operations) * (ended - began)).astype(np.int64)
    lost = ~is_read & (draw.random(operations) < info)
    effective = ~lost | (draw.random(operations) < 0.5)
    found, writer = _values_at(moment, key, is_read, written, effective)
    if stale:
        _make_stale(found, writer, key, is_read, written, began, ended, operations * 2 // 3)
    invoked, returned = positions(began, np.where(lost, NEVER, ended))
    return History(
        process=process.astype(np.int64),
        function=np.where(is_read, 0, 1).astype(np.uint16),
        outcome=np.where(lost, INFO, OK).astype(np.uint8),
        key=key.astype(np.int64) if keys > 1 else np.full(operations, NIL),
        argument=np.where(is_read, NIL, written),
        result=np.where(is_read, found, NIL),
        invoked=invoked,
        returned=returned,
        functions=("read", "write"),
        values=Values(),
        line=np.arange(1, operations + 1),
        invoke_time=began,
        return_time=np.where(lost, NEVER, ended),
        hints={"datatype": "register"},
        name=f"{keys} keys, {clients} clients, {operations:,} operations",
    )


def _values_at(
    moment: np.ndarray, key: np.ndarray, is_read: np.ndarray, written: np.ndarray, effective: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """What is in each operation's register at its moment, and which operation wrote it (-1: none)."""
    order = np.lexsort((moment, key))
    at = np.arange(len(order))
    writes = (~is_read & effective)[order]
    last = np.maximum.accumulate(np.where(writes, at, -1))
    first = np.searchsorted(key[order], key[order])
    writer = np.empty(len(order), np.int64)
    writer[order] = np.where(last >= first, order[last], -1)
    return np.where(writer >= 0, written[writer], NIL), writer


def _make_stale(
    found: np.ndarray,
    writer: np.ndarray,
    key: np.ndarray,
    is_read: np.ndarray,
    written: np.ndarray,
    began: np.ndarray,
    ended: np.ndarray,
    after: int,
) -> None:
    """Gives the first possible read from row `after` on a value that was overwritten before it began."""
    for row in range(after, len(found)):
        if not is_read[row] or writer[row] < 0:
            continue
        before = np.flatnonzero((key == key[row]) & ~is_read & (ended < began[writer[row]]))
        recent = {int(value) for value in written[before[-50:]]} if ended[writer[row]] < began[row] else set()
        around = (key == key[row]) & ~is_read & (ended > began[writer[row]]) & (began < ended[row])
        old = recent - {int(value) for value in written[around]}
        if old:
            found[row] = min(old)
            return


__all__ = ["registers"]
