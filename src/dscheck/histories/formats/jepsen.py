"""What the formats of Jepsen have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dscheck._engine import Reader
from dscheck.histories.bands import Note, nemesis
from dscheck.histories.columns import Columns, blamed, history_of, values_of
from dscheck.histories.files import pieces
from dscheck.histories.formats.draining import drained
from dscheck.histories.history import APPEND, OK, READ, WRITE, History


def load(path: Path, shape: str, *, format: str, hints: dict[str, Any] | None = None) -> History:
    """The history of a file of Jepsen's, in one of the engine's shapes: json, edn or log."""
    reader = Reader(shape, jepsen=True)
    with blamed(path):
        for piece in pieces(path):
            reader.feed(piece)
        columns = reader.finish()
    values = values_of(columns)
    notes = [Note(*note)._replace(detail=values.value(note[3])) for note in columns["notes"]]
    history = history_of(
        columns, path=path, format=format, hints=dict(hints or {}), events=nemesis(notes), values=values
    )
    if hints is None:
        history.hints.update(_hints(history, columns))
    return drained(history)


def _hints(history: History, columns: Columns) -> dict[str, Any]:
    """What the workload tells: only where it is certain."""
    if columns["is_set"]:
        return {"datatype": "set"}
    if history.micro is not None and set(history.functions) == {"txn"}:
        kinds = set(history.micro.kind.tolist())
        if APPEND in kinds and kinds <= {READ, APPEND}:
            return {"datatype": "list-append"}
        if kinds <= {READ, WRITE}:
            return {"datatype": "multi-register" if columns["long_names"] else "rw-register"}
    if history.has_keys and "get" in history.functions and set(history.functions) <= {"get", "put", "append"}:
        gets = history.function == history.functions.index("get")
        results = history.result[gets & (history.outcome == OK)]
        if len(results) and all(
            isinstance(history.values.value(int(code)), str) for code in set(results.tolist())
        ):
            return {"datatype": "kv", "initial": ""}
    return {}
