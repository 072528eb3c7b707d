"""Build a history operation by operation: for readers in Python, for recorders, and for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import INFO, MICRO_KINDS, NEVER, OK, Event, History, MicroOperations
from dscheck.histories.values import Values

Micro = tuple[str, Any, Any]
"""A micro-operation: its kind (see history.MICRO_KINDS), key and value."""


@dataclass(slots=True)
class _Row:
    process: int
    function: str
    key: int
    argument: int
    line: int
    began: int
    """When it was invoked: a time, or a count of what was recorded."""
    micro: tuple[Micro, ...]
    result: int
    outcome: int = INFO
    ended: int = NEVER
    stamps: tuple[int, int] = (NEVER, NEVER)


@dataclass(slots=True)
class Builder:
    """Operations in the order in which they are told.

    Either all calls give times (`at`, nanoseconds) or none does; without, the order of the calls is the
    order of events.  Rows come out in the order of invocation.
    """

    name: str = "history"
    format: str = "built"
    hints: dict[str, Any] = field(default_factory=dict)
    ordered_in_time: bool = True
    values: Values = field(default_factory=Values)
    events: list[Event] = field(default_factory=list)
    _rows: list[_Row] = field(default_factory=list)
    _ticks: int = 0
    _timed: bool = False

    def invoke(
        self,
        process: Any,
        function: str,
        argument: Any = None,
        *,
        key: Any = None,
        at: int | None = None,
        line: int | None = None,
        micro: Iterable[Micro] = (),
    ) -> int:
        """A client asks; the number that comes back names the operation until it returns."""
        code = self.values.code
        self._rows.append(
            _Row(
                code(process),
                function,
                code(key),
                code(argument),
                len(self._rows) + 1 if line is None else line,
                self._moment(at),
                tuple(micro),
                code(None),
            )
        )
        return len(self._rows) - 1

    def respond(
        self,
        operation: int,
        result: Any = None,
        *,
        outcome: int = OK,
        at: int | None = None,
        micro: Iterable[Micro] | None = None,
        stamps: tuple[int, int] | None = None,
    ) -> None:
        """A client is told; `micro` replaces what the invocation said where results are known only now.

        Raises HistoryError if that was before the invocation.
        """
        row = self._rows[operation]
        moment = self._moment(at)
        if moment < row.began:
            raise HistoryError(
                f"{row.function} returned at {moment} and was invoked at {row.began}",
                file=self.name,
                line=row.line,
                fix="a return comes after its invocation, and either all calls give `at` or none does",
            )
        row.outcome = outcome
        row.ended = NEVER if outcome == INFO else moment
        row.result = self.values.code(result)
        row.micro = row.micro if micro is None else tuple(micro)
        row.stamps = stamps or row.stamps

    def build(self) -> History:
        """The history so far, with positions: invocations come before returns of the same time."""
        rows = sorted(self._rows, key=lambda row: row.began)
        count = len(rows)
        began = np.array([row.began for row in rows], np.int64)
        ended = np.array([row.ended for row in rows], np.int64)
        invoked, returned = positions(began, ended)
        names = dict.fromkeys(row.function for row in rows)
        numbers = {name: number for number, name in enumerate(names)}
        stamped = any(row.stamps != (NEVER, NEVER) for row in rows)
        return History(
            process=np.array([row.process for row in rows], np.int64),
            function=np.array([numbers[row.function] for row in rows], np.uint16),
            outcome=np.array([row.outcome for row in rows], np.uint8),
            key=np.array([row.key for row in rows], np.int64),
            argument=np.array([row.argument for row in rows], np.int64),
            result=np.array([row.result for row in rows], np.int64),
            invoked=invoked,
            returned=returned,
            functions=tuple(names),
            values=self.values,
            line=np.array([row.line for row in rows], np.int64).reshape(count),
            invoke_time=began if self._timed else None,
            return_time=ended if self._timed else None,
            ordered_in_time=self.ordered_in_time,
            micro=self._micro(rows) if any(row.micro for row in rows) else None,
            begin_stamp=np.array([row.stamps[0] for row in rows], np.int64) if stamped else None,
            commit_stamp=np.array([row.stamps[1] for row in rows], np.int64) if stamped else None,
            events=tuple(self.events),
            name=self.name,
            format=self.format,
            hints=self.hints,
        )

    def _moment(self, at: int | None) -> int:
        self._ticks += 1
        if at is not None:
            self._timed = True
            return at
        return self._ticks

    def _micro(self, rows: list[_Row]) -> MicroOperations:
        code = self.values.code
        inside = [micro for row in rows for micro in row.micro]
        return MicroOperations(
            offsets=np.cumsum([0, *(len(row.micro) for row in rows)], dtype=np.int64),
            kind=np.array([MICRO_KINDS.index(kind) for kind, _, _ in inside], np.uint8),
            key=np.array([code(key) for _, key, _ in inside], np.int64),
            value=np.array([code(value) for _, _, value in inside], np.int64),
        )


def positions(began: np.ndarray, ended: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ranks of all invocations and recorded returns; at equal times invocations first, then by row."""
    count = len(began)
    done = np.flatnonzero(ended != NEVER)
    moments = np.concatenate([began, ended[done]])
    is_return = np.concatenate([np.zeros(count, np.int8), np.ones(len(done), np.int8)])
    rank = np.empty(len(moments), np.int64)
    rank[np.lexsort((is_return, moments))] = np.arange(len(moments))
    returned = np.full(count, NEVER, np.int64)
    returned[done] = rank[count:]
    return rank[:count], returned


__all__ = ["Builder", "Micro", "positions"]
