"""dscheck's own format: one JSON object per line.  docs/reference/history-format.md describes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from dscheck._engine import Reader
from dscheck.histories.bands import Note, marked
from dscheck.histories.columns import blamed, history_of, values_of
from dscheck.histories.errors import HistoryError
from dscheck.histories.files import pieces
from dscheck.histories.formats.encoding import from_json
from dscheck.histories.formats.native_writing import HINTS, VERSION, write
from dscheck.histories.history import History

NAME: Final = "jsonl"
SUMMARY: Final = "dscheck's own: one JSON object per line, an event or a whole operation"
CHECKED: Final = True

_OURS: Final = {"dscheck", "function", "argument", "result", "key", "call", "return", "event"}
_HEADER: Final[dict[str, type]] = {
    "dscheck": int,
    "datatype": str,
    "initial": object,
    "order": str,
    "exact": bool,
    "ordered_in_time": bool,
    "hints": dict,
}
_LONGEST_HEADER: Final = 1 << 24
_THEIRS: Final = {"index", "op-index", "link"}


def recognises(head: bytes, path: Path) -> int:
    """By the fields of the first line."""
    fields = _first(head)
    if fields is None:
        return 0
    if "dscheck" in fields:
        return 100
    if fields.keys() & _OURS:
        return 90
    return (40 if fields.keys() & _THEIRS else 60) if "type" in fields else 5


def read(path: Path, *, order: str | None = None, truncated: bool = False) -> History:
    """The history of a file.

    `order`: "line" if the order of the lines is the order of events, whatever their times say; "time" if the
    times are; by default the lines', and times that contradict it are an error.  `truncated`: an incomplete
    last line is left out, as a recorder leaves one that was killed; by default it is an error.
    """
    header = _header(path)
    order = order or header.get("order") or "checked"
    if order not in ("checked", "line", "time"):
        raise HistoryError(f"there is no order {order!r}", file=path, fix="it is line or time")
    reader = Reader(
        "json-lines", order=order, strict=True, exact=bool(header.get("exact")), truncated=truncated
    )
    with blamed(path):
        for piece in pieces(path):
            reader.feed(piece)
        columns = reader.finish()
    values = values_of(columns)
    hints: dict[str, Any] = {name: from_json(header[name]) for name in HINTS if name in header}
    hints |= from_json(header.get("hints", {}))
    if columns["is_set"]:
        hints.setdefault("datatype", "set")
    notes = [Note(*note)._replace(detail=values.value(note[3])) for note in columns["notes"]]
    return history_of(
        columns,
        path=path,
        format=NAME,
        hints=hints,
        events=marked(notes),
        values=values,
        ordered_in_time=header.get("ordered_in_time", True),
    )


def _header(path: Path) -> dict[str, Any]:
    """What the first line says of the whole file, if it is a header."""
    start = b""
    for piece in pieces(path):
        start += piece
        if b"\n" in start.lstrip() or len(start) > _LONGEST_HEADER:
            break
    fields = _first(start) or {}
    if "dscheck" not in fields:
        return {}
    if fields["dscheck"] != VERSION:
        what = f"version {fields['dscheck']} of the format"
        raise HistoryError(what, file=path, line=1, fix=f"dscheck knows version {VERSION}")
    for name, value in fields.items():
        if name not in _HEADER and not name.startswith("x-"):
            raise HistoryError(
                f"a header has no field {name!r}", file=path, line=1, fix=f"it has {', '.join(_HEADER)}"
            )
        if not isinstance(value, _HEADER.get(name, object)):
            raise HistoryError(f"{name} cannot be {value!r:.40}", file=path, line=1)
    return fields


def _first(start: bytes) -> dict[str, Any] | None:
    """The first line's object."""
    try:
        line = next(line for line in start.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip())
        fields = json.loads(line)
    except (ValueError, RecursionError, StopIteration):
        return None
    return fields if isinstance(fields, dict) else None


__all__ = ["CHECKED", "NAME", "SUMMARY", "read", "recognises", "write"]
