"""A history: what clients asked of a system, what they were told, and when; in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from dscheck.histories.values import NIL, Codes, Values

OK: Final = 0
"""The operation happened, and its result is known."""
FAIL: Final = 1
"""The operation certainly did not happen."""
INFO: Final = 2
"""Nobody knows: it may happen at any time after its invocation, or never.  Also: no return was recorded."""
OUTCOMES: Final = ("ok", "fail", "info")

NEVER: Final = 2**63 - 1
"""The position of a return that was not recorded, or that says `info`."""

READ: Final = 0
"""A read: the value is what was read, NIL for nothing; unknown unless the outcome is OK."""
WRITE: Final = 1
"""A write of the value."""
APPEND: Final = 2
"""Appends the value to the list under the key; a READ of that key gives a LIST."""
INCREMENT: Final = 3
"""Adds the value to the number under the key."""
ADD: Final = 4
"""Adds the value to the set under the key; a READ of that key gives a SET."""
DELETE: Final = 5
"""Removes the key: reads give NIL afterwards."""
SCAN: Final = 6
"""A predicate read: the key describes the predicate, the value is a MAP of the matching keys to what was
read under each."""
MICRO_KINDS: Final = ("r", "w", "append", "inc", "add", "delete", "scan")
"""How histories of our own format spell the kinds."""


class Operation(NamedTuple):
    """One row of a history, in Python's values; for messages, pictures and tests, not for hot loops."""

    row: int
    process: Any
    function: str
    outcome: str
    key: Any
    argument: Any
    result: Any
    invoked: int
    returned: int | None
    micro: tuple[tuple[str, Any, Any], ...]
    """Of a transaction: (kind, key, value) in the order of execution."""


@dataclass(frozen=True, slots=True)
class MicroOperations:
    """What transactions did, in columns; those of row i lie between `offsets[i]` and `offsets[i + 1]`."""

    offsets: npt.NDArray[np.int64]
    """Shape (operations + 1,)."""
    kind: npt.NDArray[np.uint8]
    """READ, WRITE, ...; shape (micro-operations,), as the columns below."""
    key: Codes
    value: Codes


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the system rather than in it, such as a partition: a band in the picture."""

    name: str
    begin: int
    """Position among the invocations and returns."""
    end: int
    """Position where it ended; NEVER if it did not."""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A recording: one row per operation, in the order of invocation; n rows.

    Positions order all invocations and returns: they are distinct, and where a recording has equal times, the
    invocations come first (operations are closed intervals: what touches, overlaps).  An operation precedes
    another in real time exactly where its `returned` is less than the other's `invoked`.
    """

    process: Codes
    """Who asked; shape (n,), as all columns."""
    function: npt.NDArray[np.uint16]
    """What was asked: an index into `functions`."""
    outcome: npt.NDArray[np.uint8]
    """OK, FAIL or INFO."""
    key: Codes
    """Of which object; NIL where there is only one."""
    argument: Codes
    result: Codes
    invoked: npt.NDArray[np.int64]
    """Position of the invocation."""
    returned: npt.NDArray[np.int64]
    """Position of the return; NEVER where the outcome is INFO."""
    functions: tuple[str, ...]
    """The names of the functions."""
    values: Values
    line: npt.NDArray[np.int64]
    """Where the invocation was recorded: line of a text, number of a record; from 1."""
    invoke_time: npt.NDArray[np.int64] | None = None
    """Nanoseconds on the recorder's clock; None where nothing is known of time but the order."""
    return_time: npt.NDArray[np.int64] | None = None
    """Nanoseconds; NEVER where the return was not recorded."""
    ordered_in_time: bool = True
    """Whether positions say what happened before what.  False where a format records only the order within
    each session: `invoked` then orders the operations of a process, no more, and real time is unknown."""
    micro: MicroOperations | None = None
    """What transactions did; None where there are none."""
    begin_stamp: npt.NDArray[np.int64] | None = None
    """The database's own start timestamps of transactions, where it gave them; any ordered numbers."""
    commit_stamp: npt.NDArray[np.int64] | None = None
    events: tuple[Event, ...] = ()
    """Faults and other notes, for pictures."""
    name: str = "history"
    """A file name, for messages."""
    format: str = "built"
    """The name of the format that it was read from."""
    hints: dict[str, Any] = field(default_factory=dict)
    """What the format knows beyond operations: `datatype` ("queue", "cas-register", "list-append", ...),
    `initial` (value of every key before the first write), ...; `warnings`: what its user should be told."""

    def __len__(self) -> int:
        return len(self.process)

    def __repr__(self) -> str:
        return f"<{len(self):,} operations of {self.name} ({self.format})>"

    def operation(self, row: int) -> Operation:
        """One row in Python's values."""
        value = self.values.value
        micro: tuple[tuple[str, Any, Any], ...] = ()
        if self.micro is not None:
            inside = range(self.micro.offsets[row], self.micro.offsets[row + 1])
            micro = tuple(
                (MICRO_KINDS[self.micro.kind[at]], value(self.micro.key[at]), value(self.micro.value[at]))
                for at in inside
            )
        return Operation(
            row=row,
            process=value(self.process[row]),
            function=self.functions[self.function[row]],
            outcome=OUTCOMES[self.outcome[row]],
            key=value(self.key[row]),
            argument=value(self.argument[row]),
            result=value(self.result[row]),
            invoked=int(self.invoked[row]),
            returned=None if self.returned[row] == NEVER else int(self.returned[row]),
            micro=micro,
        )

    @property
    def has_keys(self) -> bool:
        """Whether operations name the object that they are about."""
        return bool((self.key != NIL).any())
