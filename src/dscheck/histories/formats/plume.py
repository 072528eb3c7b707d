"""Events of transactions on registers as text: `r(key,value,session,transaction)`, `w(...)`, one a line.

Plume (Liu et al., OOPSLA 2024), PolySI's and IsoVista's text.  Numbers are whole; a transaction keeps its
session, and its events may lie between those of others.

Conventions:
* keys hold 0 before the first write: PolySI and AWDIT add an initial transaction that wrote 0 to every key.
  IsoVista records that transaction; where the file writes every 0 that it reads, nothing is added;
* transaction -1: a write that was aborted (outcome fail); adjacent ones of a session are one transaction;
  reads of transaction -1 are left out;
* only the order within sessions is known.
`line` is that of a transaction's first event.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

from dscheck.histories.formats.foreign import implicit_zero
from dscheck.histories.formats.sessions import cannot, sessions, steps_of
from dscheck.histories.history import FAIL, OK, WRITE, History

NAME: Final = "plume"
SUMMARY: Final = "text r(key,value,session,transaction), as Plume, PolySI, IsoVista and AWDIT have it"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_EVENT: Final = re.compile(rb"\s*[rw]\(\d+,\s*-?\d+,\s*-?\d+,\s*-?\d+\)\s*(?:\n|$)")


def recognises(head: bytes, path: Path) -> int:
    """By the first line."""
    return 95 if _EVENT.match(head) else 0


def read(path: Path) -> History:
    """The history in a file.  Raises HistoryError, with the line, for any other file."""
    return implicit_zero(NAME, [path])


def write(history: History, file: IO[str]) -> None:
    """Write transactions of whole numbers.  Raises HistoryError for any other history."""
    found = sessions(history, NAME, outcomes=(OK, FAIL))
    if history.hints.get("initial") != 0 and not _writes_all_zeros(history):
        raise cannot(NAME, "registers that do not hold 0 at first")
    for number, session in enumerate(found):
        for transaction in session:
            name = transaction.row if transaction.outcome == OK else -1
            for kind, key, value in steps_of(transaction):
                file.write(f"{kind}({key},{value},{number},{name})\n")


def _writes_all_zeros(history: History) -> bool:
    """Whether a reader will not take the registers to hold 0 at first: every 0 that is read is written."""
    pairs = {True: set[int](), False: set[int]()}
    for session in sessions(history, NAME, outcomes=(OK, FAIL)):
        for transaction in session:
            for kind, key, value in transaction.micro:
                if value == 0 and transaction.outcome == OK:
                    pairs[kind == WRITE].add(key)
    return bool(pairs[True]) and pairs[False] <= pairs[True]
