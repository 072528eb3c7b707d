"""Tables in Parquet; pyarrow reads them.

Columns play their roles as those of CSV do; times may be timestamps of Parquet.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from dscheck.histories.errors import HistoryError
from dscheck.histories.formats.columns.mapping import assign, parse
from dscheck.histories.formats.columns.tables import Table, history_of
from dscheck.histories.history import History

NAME: Final = "parquet"
SUMMARY: Final = "tables in Parquet, as with csv; needs pyarrow"

_MAGIC: Final = b"PAR1"


def recognises(head: bytes, path: Path) -> int:
    """By the magic number."""
    return 95 if head.startswith(_MAGIC) else 0


def read(path: Path, *, columns: str | Mapping[str, str] | None = None) -> History:
    """The history in a table.  `columns`: role=column, separated by commas.  Raises HistoryError, also where
    pyarrow is not installed; `line` counts the rows from 1."""
    wanted = parse(columns)
    try:
        pyarrow: Any = import_module("pyarrow")
        parquet: Any = import_module("pyarrow.parquet")
    except ImportError:
        raise HistoryError(
            "reading Parquet needs pyarrow", file=path, fix="pip install pyarrow, or dscheck[parquet]"
        ) from None
    try:
        found = parquet.read_table(path)
        headers = found.column_names
        cells = [_plain(pyarrow, column).to_pylist() for column in found.columns]
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError, ValueError, OverflowError) as error:
        raise HistoryError(f"no table that pyarrow can read: {str(error)[:200]}", file=path) from None
    lines = range(1, found.num_rows + 1)
    return history_of(Table(path.name, NAME, cells, lines, assign(headers, wanted)))


def _plain(pyarrow: Any, column: Any) -> Any:
    """Timestamps as nanoseconds, all else as it is."""
    if pyarrow.types.is_timestamp(column.type):
        return column.cast(pyarrow.timestamp("ns", column.type.tz)).cast(pyarrow.int64())
    return column
