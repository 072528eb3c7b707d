"""Recordings of collections: clients of one object, each value put there once."""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush
from typing import Final

import numpy as np

from dscheck.histories.building import positions
from dscheck.histories.history import OK, History
from dscheck.histories.values import NIL, Values

FUNCTIONS: Final = {
    "queue": ("peek", "enqueue", "dequeue"),
    "stack": ("peek", "push", "pop"),
    "priority-queue": ("peek", "insert", "poll"),
}
"""Per kind: what looks, what puts and what takes."""


def recording(kind: str, operations: int, *, clients: int = 20, seed: int = 1) -> History:
    """A linearizable recording of a collection."""
    return _history(_columns(kind, operations, seed), FUNCTIONS[kind], clients, seed, kind)


def _history(
    columns: dict[str, np.ndarray], functions: tuple[str, ...], clients: int, seed: int, kind: str
) -> History:
    """Operations that take effect one after the other, each within an interval around its moment."""
    count = len(columns["function"])
    rng = np.random.default_rng(seed)
    moment = np.arange(count, dtype=np.float64)
    began = moment - rng.exponential(clients / 4, count)
    ended = moment + rng.exponential(clients / 4, count)
    order = np.argsort(began)
    moments = np.argsort(np.argsort(np.concatenate([began[order], ended[order]])))
    invoked, returned = positions(moments[:count].astype(np.int64), moments[count:].astype(np.int64))
    return History(
        process=order % clients,
        function=columns["function"][order].astype(np.uint16),
        outcome=np.full(count, OK, np.uint8),
        key=columns["key"][order],
        argument=columns["argument"][order],
        result=columns["result"][order],
        invoked=invoked,
        returned=returned,
        functions=functions,
        values=Values(),
        line=np.arange(1, count + 1),
        hints={"datatype": kind},
    )


def _columns(kind: str, count: int, seed: int) -> dict[str, np.ndarray]:
    """As many puts as takes, in the mean; some takes find nothing."""
    rng = np.random.default_rng(seed)
    what = 1 + (rng.random(count) < 0.5)
    value = rng.permutation(count)
    argument, result = np.full(count, NIL), np.full(count, NIL)
    inside: deque[int] = deque()
    heap: list[int] = []
    for at in range(count):
        new = int(value[at])
        if what[at] == 1:
            argument[at] = new
            heappush(heap, -new) if kind == "priority-queue" else inside.append(new)
        elif heap:
            result[at] = -(heappop(heap) if what[at] == 2 else heap[0])
        elif inside and what[at] == 2:
            result[at] = inside.popleft() if kind == "queue" else inside.pop()
        elif inside:
            result[at] = inside[0] if kind == "queue" else inside[-1]
    return {"function": what, "key": np.full(count, NIL), "argument": argument, "result": result}
