"""Timestamped transactions from the definition: each read against all writers, each pair of transactions.

A transaction sees the commits up to its start (snapshot isolation), or before its commit (serializable).
    EXT         a read gives the last value among what it sees, unless the transaction wrote the key before
    INT         then it gives the own last write
    NOCONFLICT  no transaction that commits between another's start and commit writes a key of its writes
    SESSION     each transaction of a session sees the one before it
    REALTIME    each transaction sees those that had returned before it was invoked
Stamps are distinct, and all transactions are committed.
"""

from __future__ import annotations

from typing import Any

from dscheck.histories.history import History


def wrong(history: History, level: str) -> set[str]:
    """Which of the five rules are broken, for a name of timestamps.LEVELS."""
    assert history.begin_stamp is not None
    assert history.commit_stamp is not None
    snapshot = level.endswith("snapshot-isolation")
    rows = range(len(history))
    commit = [int(stamp) for stamp in history.commit_stamp]
    start = [int(stamp) for stamp in history.begin_stamp] if snapshot else commit
    writes = {row: _writes(history, row) for row in rows}
    found = set()
    for row in rows:
        own: dict[Any, list[tuple[str, Any]]] = {}
        for kind, key, value in history.operation(row).micro:
            if kind != "r":
                own.setdefault(key, []).append((kind, value))
                continue
            seen = sorted((commit[other], other) for other in rows if commit[other] < start[row])
            before = [step for _, other in seen for step in writes[other] if step[1] == key]
            there = _fold(history, [(kind, value) for kind, _, value in before])
            if value != _fold(history, [("is", there), *own.get(key, [])]):
                mine = own.get(key, [])
                is_list = isinstance(value, tuple)
                blamed = mine and (not is_list or list(value[-len(mine) :]) != [item for _, item in mine])
                found.add("INT" if blamed else "EXT")
    keys = {row: {key for _, key, _ in writes[row]} for row in rows}
    for a in rows:
        for b in rows:
            if snapshot and a != b and start[a] < commit[b] < commit[a] and keys[a] & keys[b]:
                found.add("NOCONFLICT")
            if (
                "strong-" in level
                and a < b
                and history.process[a] == history.process[b]
                and commit[a] > start[b]
            ):
                found.add("SESSION")
            if (
                level.startswith("strong-timestamped")
                and history.returned[a] < history.invoked[b]
                and commit[a] > start[b]
            ):
                found.add("REALTIME")
    return found


def _writes(history: History, row: int) -> list[tuple[str, Any, Any]]:
    return [step for step in history.operation(row).micro if step[0] != "r"]


def _fold(history: History, steps: list[tuple[str, Any]]) -> Any:
    value = history.hints.get("initial")
    for kind, new in steps:
        value = (*(value or ()), new) if kind == "append" else new
    return value
