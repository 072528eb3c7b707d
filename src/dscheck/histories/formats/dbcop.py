"""dbcop's histories of transactions on registers (Biswas and Enea, OOPSLA 2019), in bincode.

Layout: engine/src/histories/foreign/dbcop.rs.  PolySI, VeriStrong and AWDIT read and write the same.

Conventions, as all four have them:
* keys hold 0 before the first write (an initial transaction that nobody recorded), unless the file itself
  has transactions that write 0;
* a transaction without success is aborted: outcome fail; its writes are kept, so that a read of one can be
  told from a read of nothing;
* an event without success inside of a successful transaction did not happen: a read is left out, a write
  becomes an aborted transaction of its own in the same session (AWDIT; PolySI and VeriStrong forget it);
* only the order within sessions is known; the recording's start and end say nothing of transactions.
`line` counts the transactions of the file from 1.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO, Final

from dscheck.histories.formats.foreign import implicit_zero
from dscheck.histories.formats.sessions import cannot, sessions, steps_of
from dscheck.histories.history import FAIL, OK, History

NAME: Final = "dbcop"
SUMMARY: Final = "transactions on registers in bincode, as dbcop, PolySI, VeriStrong and AWDIT have them"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

BINARY: Final = True
"""That it is written in bytes."""
_HEAD: Final = struct.Struct("<5QQ")
_EVENT: Final = struct.Struct("<?QQ?")


def recognises(head: bytes, path: Path) -> int:
    """Five numbers, then three short texts, of which two are times."""
    if len(head) < _HEAD.size:
        return 0
    at = _HEAD.size - 8
    for _ in range(3):
        length = int.from_bytes(head[at : at + 8], "little")
        text = head[at + 8 : at + 8 + length]
        at += 8 + length
        if length > 4096 or len(text) < length or not _is_text(text):
            return 0
    return 95 if len(head) >= at + 8 else 0


def read(path: Path) -> History:
    """The history in a file.  Raises HistoryError, with the byte, for any other file."""
    return implicit_zero(NAME, [path], binary=True)


def _is_text(text: bytes) -> bool:
    try:
        return text.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def write(history: History, file: IO[bytes]) -> None:
    """Write transactions of whole numbers from 0 on.  Raises HistoryError for any other history."""
    found = sessions(history, NAME, outcomes=(OK, FAIL))
    if history.hints.get("initial") != 0:
        raise cannot(NAME, "registers that do not hold 0 at first")
    steps = [step for session in found for transaction in session for step in steps_of(transaction)]
    if any(not (0 <= number < 1 << 64) for _, *numbers in steps for number in numbers):
        raise cannot(NAME, "negative numbers, and those of more than 64 bits")
    keys = len({key for _, key, _ in steps})
    file.write(struct.pack("<5Q", 0, len(found), keys, len(history), len(steps)))
    for text in (b"written by dscheck", b"1970-01-01T00:00:00+00:00", b"1970-01-01T00:00:00+00:00"):
        file.write(struct.pack("<Q", len(text)) + text)
    file.write(struct.pack("<Q", len(found)))
    for session in found:
        file.write(struct.pack("<Q", len(session)))
        for transaction in session:
            told = list(steps_of(transaction))
            file.write(struct.pack("<Q", len(told)))
            for kind, key, value in told:
                file.write(_EVENT.pack(kind == "w", key, value, True))
            file.write(struct.pack("<?", transaction.outcome == OK))
