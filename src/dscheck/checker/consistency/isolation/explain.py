"""Why one transaction came before another, in a sentence that names both and the values."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from dscheck.checker.consistency.judgement import Edge
from dscheck.checker.consistency.wording import transaction
from dscheck.histories.history import MICRO_KINDS, OK, READ, History, Operation

KINDS: Final = {1: "ww", 2: "wr", 4: "rw", 8: "predicate", 16: "session", 32: "real-time", 128: "ww"}
"""The engine's kinds of edges by their names."""

Step = tuple[int, int, int, int]
"""Row, row, kind and code of the key."""

_MOST = 8


class Explainer:
    """Makes sentences of what the engine found in one history."""

    def __init__(self, history: History, evidence: Callable[[int], int], *, is_set: bool = False) -> None:
        """`evidence` gives the row of a read that shows the order of a key's versions, or -1; of a set, the
        keys are its elements."""
        self._history = history
        self._evidence = evidence
        self._is_set = is_set

    def name(self, row: int) -> str:
        """What a transaction is called, with its place in the recording."""
        return transaction(self._history, row)

    def edge(self, step: Step) -> Edge:
        """An edge with its sentence."""
        source, target, kind, key = step
        of = None if kind in (16, 32) else self._history.values.value(key)
        return Edge(source, target, KINDS[kind], self._sentence(source, target, KINDS[kind], of, key), of)

    def _sentence(self, source: int, target: int, kind: str, key: Any, code: int) -> str:
        first, second = self._history.operation(source), self._history.operation(target)
        why = {
            "session": self._session,
            "real-time": self._time,
            "wr": self._read,
            "ww": self._wrote,
            "rw": self._missed,
            "predicate": self._unmatched,
        }[kind](first, second, key, code)
        return f"{why}: so T{source} came before T{target}."

    def _session(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        return f"process {first.process!r} ran {self.name(first.row)} and then {self.name(second.row)}"

    def _time(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        return f"{self.name(first.row)} had returned before {self.name(second.row)} was invoked"

    def _read(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        writer, reader = self.name(first.row), self.name(second.row)
        if self._is_set:
            return f"{reader} read a set with {key!r}, which {writer} had added"
        written = list(writes(first, key))
        for _, read in reads(second, key):
            if not isinstance(read, tuple | frozenset):
                if read in written:
                    return f"{reader} read {read!r} of key {key!r}, which {writer} had written"
                continue
            seen = [value for value in written if value in read]
            if seen:
                whole = around(read, seen[-1])
                how = f"{writer} had {verb(first, key)}"
                return f"{reader} read {whole} of key {key!r}, whose {seen[-1]!r} {how}"
        return f"{reader} read key {key!r} after {writer} had written it"

    def _wrote(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        one, two = self.name(first.row), self.name(second.row)
        earlier, later = list(writes(first, key)), list(writes(second, key))
        for row in self._readers(code):
            for _, read in reads(self._history.operation(row), key):
                pair = _in_order(read, earlier, later)
                if pair is not None:
                    whole = around(read, pair[1])
                    shown = f"{self.name(row)} read {whole} of key {key!r}"
                    return f"{shown}, where {pair[1]!r} of {two} follows {pair[0]!r} of {one}"
        for _, read in reads(second, key):
            if read in earlier:
                replaced = f"which {one} had written, and replaced it by {later[-1]!r}"
                return f"{two} read {read!r} of key {key!r}, {replaced}"
        return (
            f"nobody else read {later[-1]!r} of key {key!r} by {two}, but {earlier[-1]!r} by {one} was read"
        )

    def _missed(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        reader, writer = self.name(first.row), self.name(second.row)
        if self._is_set:
            return f"{reader} read a set without {key!r}, which {writer} added"
        written = list(writes(second, key))
        lacking = [
            (read, value) for _, read in reads(first, key) for value in written if not _has(read, value)
        ]
        if not lacking:
            return f"{reader} read key {key!r} before {writer} wrote it"
        read, value = lacking[0]
        if isinstance(read, tuple | frozenset) or (read is None and verb(second, key) != "written"):
            whole = around(read or (), None)
            lacks = f"which lacks {value!r}, {verb(second, key)} by {writer}"
            return f"{reader} read {whole} of key {key!r}, {lacks}"
        return f"{reader} read {read!r} of key {key!r}, which {writer} replaced by {written[-1]!r}"

    def _unmatched(self, first: Operation, second: Operation, key: Any, code: int) -> str:
        reader, writer = self.name(first.row), self.name(second.row)
        changed = list(writes(second, key))
        to = f" to {changed[-1]!r}" if changed else ""
        return f"{reader} looked for what matches and did not find key {key!r}, which {writer} changed{to}"

    def _readers(self, code: int) -> Iterator[int]:
        """Rows that read a key: first the one that shows its order."""
        best = self._evidence(code)
        if best >= 0:
            yield best
        micro = self._history.micro
        if micro is not None:
            found = np.flatnonzero((micro.key == code) & (micro.kind == READ))
            rows = np.searchsorted(micro.offsets, found, "right") - 1
            yield from (int(row) for row in rows if self._history.outcome[row] == OK and row != best)


def reads(operation: Operation, key: Any) -> Iterator[tuple[int, Any]]:
    """What an operation read of a key, with positions."""
    return ((at, v) for at, (kind, of, v) in enumerate(operation.micro) if kind == "r" and same(of, key))


def writes(operation: Operation, key: Any) -> Iterator[Any]:
    """What an operation wrote to a key, in order."""
    kinds = {MICRO_KINDS[READ], "scan"}
    return (v for kind, of, v in operation.micro if kind not in kinds and same(of, key))


def same(one: Any, other: Any) -> bool:
    """Whether two keys are the same, by type as well."""
    return type(one) is type(other) and bool(one == other)


def verb(operation: Operation, key: Any) -> str:
    """How an operation wrote a key."""
    words = {"append": "appended", "add": "added", "inc": "incremented", "delete": "deleted"}
    kinds = [kind for kind, of, _ in operation.micro if same(of, key) and kind in words]
    return words[kinds[-1]] if kinds else "written"


def around(read: Any, value: Any) -> str:
    """A list or set; of a long one only what is near a value, or its end."""
    items = sorted(read, key=repr) if isinstance(read, frozenset) else list(read)
    if len(items) <= _MOST:
        return f"[{' '.join(map(repr, items))}]"
    at = items.index(value) if value in items else len(items) - 1
    low = max(0, min(at - _MOST // 2, len(items) - _MOST))
    inside = " ".join(map(repr, items[low : low + _MOST]))
    left, right = "... " if low else "", " ..." if low + _MOST < len(items) else ""
    return f"[{left}{inside}{right}] ({len(items)} elements)"


def _in_order(read: Any, earlier: list[Any], later: list[Any]) -> tuple[Any, Any] | None:
    """An element of the one and a later one of the other, where a list shows such."""
    if not isinstance(read, tuple):
        return None
    places = [read.index(value) for value in earlier if value in read]
    after = [read.index(value) for value in later if value in read]
    found = [at for at in after if places and at > min(places)]
    return (read[min(places)], read[found[0]]) if found else None


def _has(read: Any, value: Any) -> bool:
    return value in read if isinstance(read, tuple | frozenset) else same(read, value)
