"""Recordings of transactions that append to lists, as Elle's generator makes them, of any size."""

from __future__ import annotations

import random

import numpy as np

from dscheck.histories.history import APPEND, OK, READ, History, MicroOperations
from dscheck.histories.values import COMPOUND, LIST, NIL, Values


def serializable(
    *,
    transactions: int,
    clients: int = 50,
    keys: int = 10,
    appends: int = 32,
    stale: bool = False,
    seed: int = 1,
) -> History:
    """Transactions of one to four reads and appends over so many keys at a time, each of which is replaced by
    a new key after so many appends; strictly serializable, but for one stale read where asked for."""
    rng = random.Random(seed)
    values = Values()
    codes: dict[tuple[int, int], int] = {}
    lengths = [0] * keys
    names = list(range(keys))
    offsets, kind, key, value = [0], [], [], []
    victim = transactions // 2 if stale else -1
    for at in range(transactions):
        for _ in range(rng.randint(1, 4)):
            slot = rng.randrange(keys)
            if rng.random() < 0.5:
                if lengths[slot] == appends:
                    names[slot], lengths[slot] = max(names) + 1, 0
                lengths[slot] += 1
                record = (APPEND, names[slot], lengths[slot])
            else:
                length = lengths[slot]
                if at >= victim >= 0 and length > 1:
                    length, victim = length - 1, -1
                record = (READ, names[slot], _list(values, codes, names[slot], length))
            kind.append(record[0])
            key.append(record[1])
            value.append(record[2])
        offsets.append(len(kind))
    return _history(values, np.array(offsets), (kind, key, value), transactions, clients, rng)


def _list(values: Values, codes: dict[tuple[int, int], int], key: int, length: int) -> int:
    """The code of [1, ..., length]; the same for every key."""
    if length == 0:
        return NIL
    if (0, length) not in codes:
        codes[0, length] = COMPOUND + len(values.kinds)
        values.kinds.append(LIST)
        values.items.extend(range(1, length + 1))
        values.offsets.append(len(values.items))
    return codes[0, length]


def _history(
    values: Values,
    offsets: np.ndarray,
    micro: tuple[list[int], list[int], list[int]],
    transactions: int,
    clients: int,
    rng: random.Random,
) -> History:
    """Each transaction takes effect at its place; clients are busy around that, one transaction at a time."""
    process = np.array([rng.randrange(clients) for _ in range(transactions)], np.int64)
    order = np.lexsort((np.arange(transactions), process))
    before = np.full(transactions, -1.0)
    after = np.full(transactions, float(transactions))
    same = process[order][1:] == process[order][:-1]
    middle = (order[1:] + order[:-1]) / 2.0
    before[order[1:][same]] = middle[same]
    after[order[:-1][same]] = middle[same]
    began = np.maximum(before + 0.1, np.arange(transactions) - clients / 2)
    ended = np.minimum(after - 0.1, np.arange(transactions) + clients / 2)
    rank = np.empty(2 * transactions, np.int64)
    rank[np.argsort(np.concatenate([began, ended]), kind="stable")] = np.arange(2 * transactions)
    rows = np.argsort(rank[:transactions])
    sizes = np.diff(offsets)[rows]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    places = np.repeat(offsets[:-1][rows] - starts[:-1], sizes) + np.arange(starts[-1])
    kind, key, value = (np.array(column)[places] for column in micro)
    nothing = np.full(transactions, NIL)
    return History(
        process=process[rows],
        function=np.zeros(transactions, np.uint16),
        outcome=np.full(transactions, OK, np.uint8),
        key=nothing,
        argument=nothing,
        result=nothing,
        invoked=rank[:transactions][rows],
        returned=rank[transactions:][rows],
        functions=("txn",),
        values=values,
        line=np.arange(1, transactions + 1),
        micro=MicroOperations(
            starts.astype(np.int64), kind.astype(np.uint8), key.astype(np.int64), value.astype(np.int64)
        ),
        name=f"{transactions} transactions on lists",
        hints={"datatype": "list-append"},
    )
