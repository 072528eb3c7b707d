"""The first line of dscheck's own format, which says what the others cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from dscheck.histories.errors import HistoryError
from dscheck.histories.files import pieces
from dscheck.histories.formats.native_writing import VERSION

DATATYPES: Final = (
    *("register", "cas-register", "multi-register", "rw-register", "kv", "key-value", "counter", "bank"),
    *("list-append", "append-list", "list", "set", "sorted-set", "zset", "stack", "deque"),
    *("queue", "fifo-queue", "unordered-queue", "bag", "priority-queue"),
    *("mutex", "lock", "fenced-lock", "rate-limiter", "token-bucket"),
)
"""The data types that checkers know; a recording may be of one of the user's own."""

_FIELDS: Final[dict[str, type]] = {
    "dscheck": int,
    "datatype": str,
    "initial": object,
    "order": str,
    "exact": bool,
    "ordered_in_time": bool,
    "hints": dict,
}
_HINTS: Final = ("datatype", "initial", "order", "total", "negative_balances", "partial", "notes")
"""What is known under `hints`; order is that of a priority queue."""
_LONGEST: Final = 1 << 24


def header(path: Path) -> dict[str, Any]:
    """What the first line says of the whole file, if it is a header.  Raises HistoryError for a wrong one."""
    start = b""
    for piece in pieces(path):
        start += piece
        if b"\n" in start.lstrip() or len(start) > _LONGEST:
            break
    fields = first_line(start) or {}
    if "dscheck" not in fields:
        if lost := [name for name in fields if name in _FIELDS and name != "order"]:
            what = f"{', '.join(lost)}: only a header says that"
            raise HistoryError(what, file=path, line=1, fix='a header begins with "dscheck": 1')
        return {}
    if fields["dscheck"] != VERSION or isinstance(fields["dscheck"], bool):
        what = f"version {json.dumps(fields['dscheck'])} of the format"
        raise HistoryError(what, file=path, line=1, fix=f"dscheck knows version {VERSION}")
    for name, value in fields.items():
        if name not in _FIELDS and not name.startswith("x-"):
            fix = _meant(name, _FIELDS) or f"it has {', '.join(_FIELDS)}"
            raise HistoryError(f"a header has no field {name!r}", file=path, line=1, fix=fix)
        if not isinstance(value, _FIELDS.get(name, object)):
            raise HistoryError(f"{name} cannot be {json.dumps(value):.40}", file=path, line=1)
    return fields


def doubts(fields: dict[str, Any]) -> list[str]:
    """What a header says that nobody will understand, perhaps because it is misspelt."""
    hints = fields.get("hints", {})
    named = [
        (where, of["datatype"]) for where, of in (("header", fields), ("hints", hints)) if "datatype" in of
    ]
    found = [
        f"the datatype {json.dumps(name):.40} of the {where} is none that dscheck knows, and is passed over: "
        + (_meant(name, DATATYPES) or f"it knows {', '.join(DATATYPES)}")
        for where, name in named
        if name not in DATATYPES
    ]
    strange = [name for name in hints if name not in _HINTS and _meant(name, _HINTS)]
    return found + [f"the hint {name!r} is passed over: {_meant(name, _HINTS)}" for name in strange]


def first_line(start: bytes) -> dict[str, Any] | None:
    """The first line's object."""
    try:
        line = next(line for line in start.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip())
        fields = json.loads(line)
    except (ValueError, RecursionError, StopIteration):
        return None
    return fields if isinstance(fields, dict) else None


def _meant(name: Any, known: Iterable[str]) -> str | None:
    similar = get_close_matches(str(name), list(known), n=1)
    return f"did you mean {similar[0]}?" if similar else None
