"""Jepsen's drains of queues, which dequeue until nothing is left, as the dequeues that they stand for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from dscheck.histories.history import NEVER, OK, Event, History
from dscheck.histories.values import COMPOUND, LIST

DRAIN: Final = "drain"
_DEQUEUE: Final = "dequeue"


def drained(history: History) -> History:
    """Every drain that is ok becomes a dequeue of each of its elements, all of them as long as the drain.

    When each of them was taken is unknown, so each has a process of its own.  Drains with other outcomes stay
    what they are: nobody knows how many elements they have taken.
    """
    if DRAIN not in history.functions or history.micro is not None:
        return history
    is_drain = (history.function == history.functions.index(DRAIN)) & (history.outcome == OK)
    values = history.values
    lists = {int(code) for code in np.unique(history.result[is_drain])}
    lists = {code for code in lists if code >= COMPOUND and code - COMPOUND < len(values.kinds)}
    lists = {code for code in lists if values.kinds[code - COMPOUND] == LIST}
    is_drain &= np.isin(history.result, np.array(sorted(lists), np.int64))
    taken = [values.item_codes(int(code)).tolist() for code in history.result[is_drain]]
    counts = np.ones(len(history), np.int64)
    counts[is_drain] = [len(items) for items in taken]
    rows = np.repeat(np.arange(len(history)), counts)
    columns = ("process", "function", "outcome", "key", "argument", "result", "line")
    optional = ("invoke_time", "return_time", "begin_stamp", "commit_stamp")
    found: dict[str, Any] = {name: getattr(history, name)[rows] for name in columns}
    found |= {name: getattr(history, name)[rows] for name in optional if getattr(history, name) is not None}
    names = dict.fromkeys([*history.functions, _DEQUEUE])
    places = np.flatnonzero(is_drain[rows])
    found["result"][places] = [item for items in taken for item in items]
    found["function"][places] = list(names).index(_DEQUEUE)
    for place in places:
        who = values.value(int(found["process"][place]))
        found["process"][place] = values.code(f"{who} drains {place}")
    return _placed(history, rows, found, tuple(names))


def _placed(history: History, rows: np.ndarray, found: dict[str, Any], names: tuple[str, ...]) -> History:
    """With positions that are distinct again, in the order that they had."""
    invoked, returned = history.invoked[rows], history.returned[rows]
    done = np.flatnonzero(returned != NEVER)
    moments = np.concatenate([invoked, returned[done]])
    order = np.argsort(moments, kind="stable")
    rank = np.empty(len(moments), np.int64)
    rank[order] = np.arange(len(moments))
    ends = np.full(len(rows), NEVER, np.int64)
    ends[done] = rank[len(rows) :]
    where = np.sort(moments)

    def moved(position: int) -> int:
        return NEVER if position == NEVER else int(np.searchsorted(where, position))

    events = tuple(Event(e.name, moved(e.begin), moved(e.end), e.detail) for e in history.events)
    return replace(history, **found, invoked=rank[: len(rows)], returned=ends, functions=names, events=events)
