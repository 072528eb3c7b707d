"""AWDIT's test text (Møldrup and Pavlogiannis, PLDI 2025): `r key value` and `w key value`, one a line.

Lines of `-` end a transaction, lines of `=` a session.  Only the order within sessions is known; all
transactions are committed.  Convention: no initial transaction is implied, a recording that starts at 0 has
a transaction that writes 0; a read of what nobody wrote came out of thin air.
`line` is that of a transaction's first event.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

from dscheck.histories.formats.foreign import transactions
from dscheck.histories.formats.sessions import cannot, sessions, steps_of
from dscheck.histories.history import OK, History

NAME: Final = "awdit"
SUMMARY: Final = "AWDIT's test text: `r key value`, with ----- and ===== between transactions and sessions"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_EVENTS: Final = re.compile(rb"\s*(?:[-=]+\s*\n\s*)*[rw][ \t]+\d+[ \t]+-?\d+\s*(?:\n|$)")


def recognises(head: bytes, path: Path) -> int:
    """By the first event."""
    return 90 if _EVENTS.match(head) else 0


def read(path: Path) -> History:
    """The history in a file.  Raises HistoryError, with the line, for any other file."""
    return transactions(NAME, [path], hints={})


def write(history: History, file: IO[str]) -> None:
    """Write committed transactions of whole numbers from 0 on.  Raises HistoryError for any other history."""
    if history.hints.get("initial") is not None:
        raise cannot(NAME, "a value before the first write: nothing is implied")
    found = sessions(history, NAME, outcomes=(OK,))
    texts = []
    for session in found:
        told = [list(steps_of(transaction)) for transaction in session]
        if any(min(key, value) < 0 for steps in told for _, key, value in steps):
            raise cannot(NAME, "negative numbers")
        lines = ("".join(f"{kind} {key} {value}\n" for kind, key, value in steps) for steps in told)
        texts.append("-----\n".join(lines))
    file.write("=====\n".join(texts))
