"""Jepsen's histories in EDN, Elle's and Porcupine's kv: maps one after another, or in one vector."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

from dscheck.histories.formats.encoding import edn_text, edn_word
from dscheck.histories.formats.jepsen import load
from dscheck.histories.formats.jepsen_writing import operations
from dscheck.histories.history import History

NAME: Final = "jepsen-edn"
SUMMARY: Final = "Jepsen, Knossos, Elle and Porcupine's kv: EDN maps with :type, :f, :value, :process"
CHECKED: Final = True

_COMMENTS: Final = re.compile(rb"(?:\s|,|;[^\n]*\n)*")
_OPENING: Final = re.compile(rb"[\[(]?(?:\s|,|;[^\n]*\n)*(?:#[\w.:/-]+\s*)?\{\s*:")


def recognises(head: bytes, path: Path) -> int:
    """By the first map, and a type in it."""
    start = _COMMENTS.sub(b"", head.removeprefix(b"\xef\xbb\xbf"), count=1)
    if not _OPENING.match(start):
        return 0
    return 95 if re.search(rb":type\s+:(invoke|ok|info|fail)", start) else 20


def read(path: Path) -> History:
    """The history of a file."""
    return load(path, "edn", format=NAME)


def write(history: History, file: IO[str]) -> None:
    """One map per line.  Raises HistoryError for what Jepsen's operations cannot say."""
    for fields in operations(history, edn_text, edn_word):
        file.write(f"{{{', '.join(f':{name} {value}' for name, value in fields.items())}}}\n")
