"""Calls and returns of one concurrent object as text: Violin (Emmi and Enea) and LiMo (Abdulla et al. 2025).

    # @object atomic-queue
    [1] call enq(a)
    [1] return
    [2] call deq
    [2] return empty

The lines are in the order of time.  A call without a return is pending for ever, even where its thread goes
on to call something else (hints["notes"] counts those).  `crash` ends all threads: what is pending stays so.

Conventions: enq, enqueue and a queue's add are enqueue; deq, dequeue and a queue's remove are dequeue; a
stack's add and remove are push and pop; no value and `empty` are nil; whole numbers are numbers, other values
strings.  The object is empty at first.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any, Final

from dscheck.histories.formats.foreign import operations
from dscheck.histories.formats.sessions import cannot
from dscheck.histories.history import FAIL, NEVER, History, Operation

NAME: Final = "limo"
SUMMARY: Final = "calls and returns of one object as text, as Violin and LiMo log them"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_CALLS: Final = {
    "queue": {"enqueue": "enq", "dequeue": "deq", "peek": "peek"},
    "stack": {"push": "push", "pop": "pop", "peek": "peek"},
    "set": {"add": "add", "remove": "remove", "contains": "contains"},
}
_TOKEN: Final = re.compile(r"(?!-?\d+$)[^\s()]+")
_OBJECT: Final = re.compile(rb"^#\s*@object\s", re.MULTILINE)
_CALL: Final = re.compile(rb"^\s*\[\d+\]\s*call\s", re.MULTILINE)


def recognises(head: bytes, path: Path) -> int:
    """By its header, or by its first calls."""
    return 95 if _OBJECT.search(head) else 60 if _CALL.search(head) else 0


def read(path: Path) -> History:
    """The history in a file.  Raises HistoryError, with the line, for any other file."""
    return operations(NAME, path)


def write(history: History, file: IO[str]) -> None:
    """Write the calls on one queue, stack or set.  Raises HistoryError for any other history."""
    calls = _CALLS.get(history.hints.get("datatype", ""))
    if calls is None or not set(history.functions) <= calls.keys():
        raise cannot(NAME, "anything but one queue, stack or set")
    if history.has_keys or not history.ordered_in_time or (history.outcome == FAIL).any():
        raise cannot(NAME, "keys, operations that failed, or those whose order in time is not known")
    lines: list[tuple[int, str]] = []
    for row in range(len(history)):
        known = history.operation(row)
        if type(known.process) is not int or known.process < 0:
            raise cannot(NAME, f"the process {known.process!r}; only numbers from 0 on")
        asked = "" if known.argument is None else f"({_token(known.argument)})"
        lines.append((known.invoked, f"[{known.process}] call {calls[known.function]}{asked}"))
        if history.returned[row] != NEVER:
            told = _told(known)
            lines.append((int(history.returned[row]), f"[{known.process}] return{told}"))
    file.write(f"# @object atomic-{history.hints['datatype']}\n")
    file.writelines(f"{text}\n" for _, text in sorted(lines))


def _told(known: Operation) -> str:
    if known.result is not None:
        return f" {_token(known.result)}"
    return "" if known.argument is not None else " empty"


def _token(value: Any) -> str:
    """A value as the logs write it; raises HistoryError for one that would be read as another."""
    if isinstance(value, bool) or type(value) is int:
        return str(value).lower()
    if (
        not isinstance(value, str)
        or not _TOKEN.fullmatch(value)
        or value.lower() in ("empty", "true", "false")
    ):
        raise cannot(NAME, f"the value {str(value)[:40]!r}")
    return value
