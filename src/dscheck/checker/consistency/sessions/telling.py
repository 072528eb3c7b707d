"""Accesses in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from dscheck.checker.consistency.judgement import Edge, Witness
from dscheck.checker.consistency.sessions.recording import CHAINED, DIFFERS, NO_ACCESS, PENDING, Recording
from dscheck.checker.consistency.wording import place, plain


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells of the accesses of a recording; `access` is a row of its columns throughout."""

    recording: Recording
    shown: Mapping[int, int] = field(default_factory=dict)
    """Of rows of unknown outcome an access that shows that they happened."""

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
        line = f"({place(self.recording.history, self.row(access))})"
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
        """A witness of these accesses, each row once, and of what shows that unknown ones happened."""
        rows = {self.row(access) for access in accesses}
        todo = list(rows)
        while todo:
            if (access := self.shown.get(todo.pop())) is not None and self.row(access) not in rows:
                rows.add(self.row(access))
                todo.append(self.row(access))
        return Witness(
            operations=tuple(sorted(rows)), sentence=sentence, edges=edges, details=details, minimal=minimal
        )

    def in_session(self, earlier: int, later: int) -> bool:
        """Whether one access is before another in the order of their session; one that stayed pending is
        before none of another operation."""
        session, before = self.recording.columns["session"], self.recording.columns["before"]
        if session[earlier] == session[later]:
            return earlier < later
        last = int(before[np.searchsorted(session, session[later])])
        return last < NO_ACCESS and bool(session[last] == session[earlier]) and earlier <= last

    def reason(self, source: int, target: int) -> tuple[str, str]:
        """Why one access comes before another by what was recorded, and what kind of step that is."""
        if self.in_session(source, target):
            return "session", "one session's order"
        if not self.is_write(target):
            in_list = self.recording.appends and self.value(source) != self.value(target)
            return "wr", "the list contains it" if in_list else "that is where the value came from"
        if self.recording.appends:
            return "version", "the lists that were read have them in this order"
        if int(self.recording.columns["flags"][target]) & CHAINED:
            return "version", "the compare-and-set found that value and replaced it"
        return "version", "the order of commit timestamps"

    def edge(self, source: int, target: int, kind: str, because: str) -> Edge:
        """One access had to come before another."""
        sentence = f"{self.told(source)}, before {self.told(target)}: {because}"
        return Edge(self.row(source), self.row(target), kind, sentence, self.key(target))
