"""Why one transaction comes before another, in sentences."""

from __future__ import annotations

from typing import Any

from dscheck.checker.consistency.isolation.recorded import Recorded
from dscheck.checker.consistency.judgement import Edge
from dscheck.checker.consistency.wording import transaction
from dscheck.histories.history import WRITE

Link = tuple[int, int, str, int, int]
"""Source and target by number, kind, number of the key or -1, number of the reader or -1."""


class Telling:
    """Turns what the engine says about transactions by number into edges between rows."""

    def __init__(self, recorded: Recorded) -> None:
        self._recorded = recorded

    def name(self, number: int) -> str:
        """What a transaction is called: by its row, with the line or record that it came from."""
        if number == 0:
            return "the initial state"
        return transaction(self._recorded.history, self.row(number))

    def row(self, number: int) -> int:
        """The row of a transaction."""
        return self._recorded.rows[number]

    def key(self, number: int) -> Any:
        """A key by its number; None for -1."""
        return None if number < 0 else self._recorded.history.values.value(self._recorded.keys[number])

    def kind(self, link: Link) -> str:
        """The kind of an edge: anti-dependencies of what predicates did not match are `predicate`."""
        source, _, kind, key, _ = link
        known = self._recorded
        is_absent = kind == "rw" and (self.row(source), known.keys[key]) in known.absent
        return "predicate" if is_absent else kind

    def edge(self, link: Link) -> Edge:
        """An edge with its sentence."""
        source, target, _, key, _ = link
        kind = self.kind(link)
        return Edge(self.row(source), self.row(target), kind, self.sentence(link), self.key(key))

    def sentence(self, link: Link) -> str:
        """Why the source comes before the target."""
        source, target, _, key, reader = link
        kind = self.kind(link)
        a, b, of = self.name(source), self.name(target), f"key {self.key(key)!r}"
        match kind:
            case "wr":
                return f"{b} read {self.written(source, key)} from {of}, which {a} had written."
            case "session":
                return f"{a} came before {b} in the same session."
            case "real-time":
                return f"{a} had returned before {b} was invoked."
            case "rw":
                return f"{a} read {of} before {b} wrote {self.written(target, key)} to it."
            case "predicate":
                wrote = f"{b} wrote {self.written(target, key)} to it"
                return f"{a} looked for what matches and did not find {of} before {wrote}."
            case "ww":
                return f"{a}'s write of {of} is older than {b}'s."
            case _:
                seen = f"{self.name(reader)} had to see {a}'s write of {of}, but read what {b} wrote"
                return f"{seen}: so {a} committed before {b}."

    def written(self, number: int, key: int) -> str:
        """The value that a transaction wrote last to a key."""
        history = self._recorded.history
        row = self.row(number)
        if row < 0 or history.micro is None:
            return repr(history.hints.get("initial"))
        begin, end = (int(at) for at in history.micro.offsets[row : row + 2])
        for at in range(end - 1, begin - 1, -1):
            if history.micro.kind[at] >= WRITE and history.micro.key[at] == self._recorded.keys[key]:
                return repr(history.values.value(int(history.micro.value[at])))
        return "something"
