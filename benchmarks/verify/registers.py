"""Recordings of transactions over registers with unique writes, as arrays: big ones in a second."""

from __future__ import annotations

import numpy as np

from dscheck.histories.history import OK, READ, WRITE, History, MicroOperations
from dscheck.histories.values import NIL, Values


def serializable(
    *,
    transactions: int,
    sessions: int,
    operations: int,
    keys: int,
    writes: float = 0.5,
    skew: float = 0.0,
    seed: int = 1,
) -> History:
    """Transactions of a serial execution; those of different sessions overlap in time.

    Keys are uniform, or Zipf-like where `skew` is the exponent; a fraction `writes` of the operations writes.
    """
    rng = np.random.default_rng(seed)
    count = transactions * operations
    kind = np.where(rng.random(count) < writes, WRITE, READ).astype(np.uint8)
    key = _keys(rng, count, keys, skew)
    return executed(
        process=rng.integers(0, sessions, transactions),
        offsets=np.arange(0, count + 1, operations),
        kind=kind,
        key=key,
        sessions=sessions,
    )


def orders(*, transactions: int, sessions: int, warehouses: int = 10, seed: int = 1) -> History:
    """Transactions like those of TPC-C: new orders read and write a district and up to 15 items of the stock,
    payments a warehouse, a district and a customer.  Few keys are hot, and none is written blindly."""
    rng = np.random.default_rng(seed)
    is_order = rng.random(transactions) < 0.5
    lengths = np.where(is_order, 2 * (1 + rng.integers(5, 16, transactions)), 6)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    place = _ramp(lengths) // 2
    within = np.repeat(is_order, lengths)
    home = np.repeat(rng.integers(0, warehouses, transactions), lengths)
    district = 1000 + 10 * home + np.repeat(rng.integers(0, 10, transactions), lengths)
    stock = 10_000 + (np.repeat(rng.integers(0, 100_000, transactions), lengths) + 7919 * place) % 100_000
    customer = 200_000 + np.repeat(rng.integers(0, 3000 * warehouses, transactions), lengths)
    bought = np.where(place == 0, district, stock)
    paid = np.select([place == 0, place == 1], [home, district], customer)
    return executed(
        process=rng.integers(0, sessions, transactions),
        offsets=offsets,
        kind=np.tile(np.array([READ, WRITE], np.uint8), len(within) // 2),
        key=np.where(within, bought, paid),
        sessions=sessions,
    )


def executed(
    *, process: np.ndarray, offsets: np.ndarray, kind: np.ndarray, key: np.ndarray, sessions: int
) -> History:
    """Transactions one after the other: each write has a value of its own, each read gives the last one."""
    count = len(kind)
    value = np.where(kind == WRITE, np.arange(1, count + 1), 0).astype(np.int64)
    order = np.lexsort((np.arange(count), key))
    last = np.maximum.accumulate(np.where(kind[order] == WRITE, np.arange(count), -1))
    first = np.concatenate([[True], key[order][1:] != key[order][:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(count), 0))
    value[order] = np.where(last >= start, value[order][np.maximum(last, 0)], NIL)
    return history_of(process=process, offsets=offsets, kind=kind, key=key, value=value, sessions=sessions)


def _keys(rng: np.random.Generator, count: int, keys: int, skew: float) -> np.ndarray:
    if skew == 0.0:
        return rng.integers(0, keys, count)
    weights = 1.0 / np.arange(1, keys + 1) ** skew
    return np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(count)).astype(np.int64)


def history_of(
    *,
    process: np.ndarray,
    offsets: np.ndarray,
    kind: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    sessions: int,
) -> History:
    """Columns of transactions in serial order; each takes effect in the middle of its interval, and the
    interval reaches to the middle of its session's transactions before and after it."""
    count = len(process)
    order = np.lexsort((np.arange(count), process))
    same = process[order][1:] == process[order][:-1]
    place = order * 4.0
    begin = np.concatenate(
        [
            [place[0] - 2 * sessions],
            np.where(same, (place[1:] + place[:-1]) / 2 + 0.6, place[1:] - 2 * sessions),
        ]
    )
    end = np.concatenate(
        [
            np.where(same, (place[1:] + place[:-1]) / 2 + 0.4, place[:-1] + 2 * sessions),
            [place[-1] + 2 * sessions],
        ]
    )
    invoked, returned = np.empty(count), np.empty(count)
    invoked[order], returned[order] = begin, end
    rank = np.empty(2 * count, np.int64)
    rank[np.argsort(np.concatenate([invoked, returned]), kind="stable")] = np.arange(2 * count)
    rows = np.argsort(rank[:count])
    lengths = np.diff(offsets)[rows]
    inside = np.repeat(offsets[:-1][rows], lengths) + _ramp(lengths)
    nothing = np.full(count, NIL)
    return History(
        process=process[rows].astype(np.int64),
        function=np.zeros(count, np.uint16),
        outcome=np.full(count, OK, np.uint8),
        key=nothing,
        argument=nothing,
        result=nothing,
        invoked=rank[:count][rows],
        returned=rank[count:][rows],
        functions=("txn",),
        values=Values(),
        line=np.arange(1, count + 1),
        begin_stamp=2 * rows,
        commit_stamp=2 * rows + 1,
        micro=MicroOperations(
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            kind=kind[inside],
            key=key[inside].astype(np.int64),
            value=value[inside],
        ),
    )


def _ramp(lengths: np.ndarray) -> np.ndarray:
    """0, 1, ..., n - 1 for each n."""
    starts = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) - np.repeat(starts, lengths)
