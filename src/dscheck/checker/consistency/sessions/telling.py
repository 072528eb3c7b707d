"""Accesses in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dscheck.checker.consistency.judgement import Edge, Witness
from dscheck.checker.consistency.sessions.recording import CHAINED, DIFFERS, PENDING, Recording
from dscheck.checker.consistency.wording import plain


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of the accesses of a recording; `access` is a row of its columns throughout."""

    recording: Recording

    def row(self, access: int) -> int:
        """The row of the history."""
        return int(self.recording.columns["row"][access])

    def is_write(self, access: int) -> bool:
        """Whether it is a write."""
        return bool(self.recording.columns["write"][access])

    def key(self, access: int) -> object:
        """The key, None where there is only one."""
        return self.recording.history.values.value(int(self.recording.columns["key"][access]))

    def object(self, access: int) -> str:
        """`x`, or `the register` where there is only one."""
        return "the register" if self.key(access) is None else plain(self.key(access))

    def value(self, access: int) -> str:
        """What was read or written."""
        return plain(self.recording.history.values.value(int(self.recording.columns["value"][access])))

    def who(self, access: int) -> str:
        """`process 3`."""
        session = int(self.recording.columns["session"][access])
        return self.process(session)

    def process(self, session: int) -> str:
        """The process of a session."""
        name = plain(self.recording.history.values.value(int(self.recording.processes[session])))
        return f"process {name}" if name.isdigit() else name

    def did(self, access: int) -> str:
        """`wrote 3 to x (line 5)`."""
        line = f"(line {int(self.recording.history.line[self.row(access)]):,})"
        flags = int(self.recording.columns["flags"][access])
        if flags & DIFFERS:
            return f"found {self.object(access)} different from {self.value(access)} {line}"
        if not self.is_write(access):
            return f"read {self.value(access)} from {self.object(access)} {line}"
        how = (
            "appended" if self.recording.appends else "set by compare-and-set" if flags & CHAINED else "wrote"
        )
        unknown = ", outcome unknown," if flags & PENDING else ""
        return f"{how} {self.value(access)} to {self.object(access)}{unknown} {line}"

    def told(self, access: int) -> str:
        """`process 3 wrote 3 to x (line 5)`."""
        return f"{self.who(access)} {self.did(access)}"

    def witness(
        self,
        accesses: Iterable[int],
        sentence: str,
        *,
        edges: tuple[Edge, ...] = (),
        details: tuple[str, ...] = (),
        minimal: bool = False,
    ) -> Witness:
        """A witness of these accesses, each row once."""
        rows = sorted({self.row(access) for access in accesses})
        return Witness(
            operations=tuple(rows), sentence=sentence, edges=edges, details=details, minimal=minimal
        )

    def edge(self, source: int, target: int, kind: str, because: str) -> Edge:
        """One access had to come before another."""
        sentence = f"{self.told(source)}, before {self.told(target)}: {because}"
        return Edge(self.row(source), self.row(target), kind, sentence, self.key(target))
