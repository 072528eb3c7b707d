"""PolyLin's rows (Lee and Mathur 2025): `# queue`, then an operation a line: method, value, start, end.

All operations have returned.  There are no processes: each operation has its own.  The value -1 says that the
object was empty.  A set's rows have the boolean result after the value.

Conventions: enq and deq are enqueue and dequeue; a pqueue's insert, poll and peek are those of a priority
queue whose biggest value comes first; a set's insert is add.  Where one operation ends at the time at which
another starts, PolyLin takes the first to be over before the second, except for sets, and so do the positions
here.  Times are taken for nanoseconds.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.formats.foreign import operations
from dscheck.histories.formats.sessions import cannot
from dscheck.histories.history import OK, History

NAME: Final = "polylin"
SUMMARY: Final = "rows of method, value, start and end, as PolyLin has them"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_METHODS: Final = {
    "queue": ("queue", {"enqueue": "enq", "dequeue": "deq", "peek": "peek"}),
    "stack": ("stack", {"push": "push", "pop": "pop", "peek": "peek"}),
    "priority-queue": ("pqueue", {"insert": "insert", "poll": "poll", "peek": "peek"}),
    "set": ("set", {"add": "insert", "remove": "remove", "contains": "contains"}),
    "deque": (
        "deque",
        {f"{what}_{end}": f"{what}_{end}" for what in ("push", "pop", "peek") for end in ("front", "back")},
    ),
}
_HEADER: Final = re.compile(rb"\s*#\s*(queue|stack|pqueue|set|deque)[ \t\r]*(\n|$)")


def recognises(head: bytes, path: Path) -> int:
    """By its header."""
    return 95 if _HEADER.match(head) else 0


def read(path: Path) -> History:
    """The history in a file.  Raises HistoryError, with the line, for any other file."""
    return operations(NAME, path)


def write(history: History, file: IO[str]) -> None:
    """Write the operations on one object, all of which have returned.  Raises HistoryError for others.

    Where times would put the events into another order, their positions are written instead.
    """
    name, methods = _METHODS.get(history.hints.get("datatype", ""), ("", {}))
    if not name or not set(history.functions) <= methods.keys():
        raise cannot(NAME, "anything but one queue, stack, priority queue, set or deque")
    if history.has_keys or not history.ordered_in_time or (history.outcome != OK).any():
        raise cannot(NAME, "keys, operations without an ok, or those whose order in time is not known")
    began, ended = _times(history, closed=name == "set")
    rows = []
    for row in range(len(history)):
        known = history.operation(row)
        value = known.result if known.argument is None else known.argument
        value = -1 if value is None else value
        if type(value) is not int or (known.argument is None and known.result == -1) or known.argument == -1:
            raise cannot(
                NAME, f"the value {str(value)[:40]!r}; only whole numbers but -1", int(history.line[row])
            )
        told = f" {int(known.result is True)}" if name == "set" else ""
        rows.append(f"{methods[known.function]} {value}{told} {began[row]} {ended[row]}\n")
    file.write(f"# {name}\n")
    file.writelines(rows)


def _times(history: History, *, closed: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Times that this format orders as the history is ordered."""
    began, ended = history.invoke_time, history.return_time
    if began is None or ended is None or int(began.min(initial=0)) < 0:
        return history.invoked, history.returned
    moments = np.concatenate([began, ended])
    # at one time, a return comes before an invocation; for sets, behind it
    is_return = np.repeat(np.array([0, 1] if closed else [1, 0]), len(began))
    order = np.lexsort((is_return, moments))
    right = np.argsort(np.concatenate([history.invoked, history.returned]), kind="stable")
    same = bool((order == right).all()) and bool((began < ended).all())
    return (began, ended) if same else (history.invoked, history.returned)
