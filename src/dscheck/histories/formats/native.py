"""dscheck's own format: one JSON object per line.  docs/reference/history-format.md describes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from dscheck._engine import Reader
from dscheck.histories.atoms import BOOL, BYTES
from dscheck.histories.bands import Note, marked
from dscheck.histories.columns import Columns, blamed, history_of, values_of
from dscheck.histories.errors import HistoryError
from dscheck.histories.files import pieces
from dscheck.histories.formats.encoding import from_json, json_text
from dscheck.histories.formats.native_header import doubts, first_line, header
from dscheck.histories.formats.native_writing import HINTS, write
from dscheck.histories.history import History
from dscheck.histories.values import ATOM, COMPOUND, NIL

NAME: Final = "jsonl"
SUMMARY: Final = "dscheck's own: one JSON object per line, an event or a whole operation"
CHECKED: Final = True

_OURS: Final = {"dscheck", "function", "argument", "result", "key", "call", "return", "event"}
_THEIRS: Final = {"index", "op-index", "link"}


def recognises(head: bytes, path: Path) -> int:
    """By the fields of the first line."""
    fields = first_line(head)
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
    fields = header(path)
    order = order or fields.get("order") or "checked"
    if order not in ("checked", "line", "time"):
        raise HistoryError(f"there is no order {order!r}", file=path, fix="it is line or time")
    columns = _columns(path, order, exact=bool(fields.get("exact")), truncated=truncated)
    values = values_of(columns)
    hints: dict[str, Any] = {name: from_json(fields[name]) for name in HINTS if name in fields}
    hints |= from_json(fields.get("hints", {}))
    if columns["is_set"]:
        hints.setdefault("datatype", "set")
    if found := doubts(fields):
        hints["warnings"] = found
    notes = [Note(*note)._replace(detail=values.value(note[3])) for note in columns["notes"]]
    history = history_of(
        columns,
        path=path,
        format=NAME,
        hints=hints,
        events=marked(notes),
        values=values,
        ordered_in_time=fields.get("ordered_in_time", True),
    )
    _check_processes(history, columns)
    return history


def _columns(path: Path, order: str, *, exact: bool, truncated: bool) -> Columns:
    """What the engine makes of the lines.  Where it says that another order would do, that has been tried."""
    try:
        return _read(path, order, exact=exact, truncated=truncated)
    except HistoryError as error:
        if order == "checked" and "{order=" in (error.fix or ""):
            _blame_process(path, exact=exact, truncated=truncated)
        raise


def _read(path: Path, order: str, *, exact: bool, truncated: bool) -> Columns:
    reader = Reader("json-lines", order=order, strict=True, exact=exact, truncated=truncated)
    with blamed(path):
        for piece in pieces(path):
            reader.feed(piece)
        return reader.finish()


def _blame_process(path: Path, *, exact: bool, truncated: bool) -> None:
    """Raises HistoryError if times run backwards within one process: then no order is right."""
    try:
        _read(path, "line", exact=exact, truncated=truncated)
    except HistoryError as error:
        if "backwards in process" in error.what:
            raise error from None


def _check_processes(history: History, columns: Columns) -> None:
    """Raises HistoryError for a process that is neither a number nor a text."""
    process = history.process
    kinds = np.frombuffer(columns["atom_kinds"], np.uint8)
    wrong = (process == NIL) | ((process >= COMPOUND) & (process < ATOM))
    atoms = np.flatnonzero(process >= ATOM)
    wrong[atoms] = np.isin(kinds[process[atoms] - ATOM], (BOOL, BYTES))
    if wrong.any():
        row = int(wrong.argmax())
        who = json_text(history.values.value(int(process[row])))
        what = f"a process is a number or a text, not {who:.40}"
        raise HistoryError(what, file=history.name, line=int(history.line[row]))


__all__ = ["CHECKED", "NAME", "SUMMARY", "read", "recognises", "write"]
