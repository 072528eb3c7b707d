"""Jepsen's histories in JSON: a list of operations, or one object per line, as elle-cli takes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Final

from dscheck.histories.formats.encoding import json_text, plain_json
from dscheck.histories.formats.jepsen import load
from dscheck.histories.formats.jepsen_writing import operations
from dscheck.histories.history import History

NAME: Final = "jepsen-json"
SUMMARY: Final = "Jepsen in JSON, as elle-cli takes it: objects with type, f, value, process"
CHECKED: Final = True


def recognises(head: bytes, path: Path) -> int:
    """By a type in the first object."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not re.match(rb"(\[\s*)?\{\s*\"", start):
        return 0
    first = start.split(b"}", 1)[0]
    if not re.search(rb'"type"\s*:\s*"(invoke|ok|info|fail)"', first):
        return 3
    return 95 if start.startswith(b"[") else 50


def read(path: Path) -> History:
    """The history of a file."""
    return load(path, "json", format=NAME)


def write(history: History, file: IO[str]) -> None:
    """One list, an object per line.  Raises HistoryError for what Jepsen's operations or JSON cannot say."""
    file.write("[")
    for number, fields in enumerate(operations(history, plain_json, json_text)):
        file.write(",\n" if number else "")
        file.write(f"{{{','.join(f'{json_text(name)}:{value}' for name, value in fields.items())}}}")
    file.write("]\n")
