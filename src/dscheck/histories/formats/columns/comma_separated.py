"""Tables as text: a header, then a row a line; separated by commas, semicolons or tabs.

The roles of the columns are found by their names or told with `columns`; `mapping.ROLES` lists both.  The
shapes of rows: `tables`.  Cells: empty, nil and null are nil; numbers, true and false are what they look
like, if they are written as such (7, not 007: `cells`); lists are JSON; everything else is text.  Blanks
count, but for those behind separators if the header has them behind all of its own.  Times are nanoseconds,
or what the header's ending says (_ms), or seconds where some have a fraction, or dates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.building import positions
from dscheck.histories.errors import HistoryError
from dscheck.histories.files import content
from dscheck.histories.formats.columns.cells import text_of
from dscheck.histories.formats.columns.mapping import assign, parse
from dscheck.histories.formats.columns.tables import Table, history_of
from dscheck.histories.history import INFO, NEVER, History

NAME: Final = "csv"
SUMMARY: Final = "tables as text, an operation, event or micro-operation a row; columns by name or --columns"

_CELL: Final = 1 << 24
_ENOUGH: Final = ({"function", "invoked", "returned"}, {"function", "process"}, {"micro", "process"})


def recognises(head: bytes, path: Path) -> int:
    """By the names of the columns, or by the file's."""
    by_name = 10 if path.suffix.lower() in (".csv", ".tsv") else 0
    try:
        first = head.decode("utf-8-sig", errors="strict" if len(head) < 1 << 16 else "ignore").split("\n", 1)[
            0
        ]
        headers = next(csv.reader([first], delimiter=_separator(first)), [])
    except (UnicodeDecodeError, csv.Error):
        return 0
    if len(headers) < 2:
        return 0
    known = assign(headers, {}).columns.keys()
    return 60 if any(enough <= known for enough in _ENOUGH) else by_name


def read(path: Path, *, columns: str | Mapping[str, str] | None = None) -> History:
    """The history in a table.  `columns`: role=column, separated by commas.  Raises HistoryError."""
    wanted = parse(columns)
    try:
        text = content(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HistoryError("it is not UTF-8", file=path, byte=error.start, fix="save it as UTF-8") from None
    csv.field_size_limit(_CELL)
    first = text.split("\n", 1)[0]
    separator = _separator(first)
    rows = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=separator,
        skipinitialspace=all(part.startswith(" ") for part in first.split(separator)[1:]),
        strict=True,
    )
    headers: list[str] = []
    cells: list[list[str]] = []
    lines: list[int] = []
    try:
        headers = next(rows, [])
        for row in rows:
            if row:
                if len(row) != len(headers):
                    what = f"{len(row):,} cells under {len(headers):,} headers"
                    raise HistoryError(what, file=path, line=rows.line_num)
                cells.append(row)
                lines.append(rows.line_num)
    except csv.Error as error:
        raise HistoryError(f"no table: {error}", file=path, line=rows.line_num) from None
    table = Table(path.name, NAME, list(zip(*cells, strict=True)), lines, assign(headers, wanted))
    return history_of(table)


def _separator(first: str) -> str:
    return max(",;\t", key=first.count)


def write(history: History, file: IO[str]) -> None:
    """Write an operation a row.  Raises HistoryError for values that a cell cannot hold, before anything is
    written."""
    rows = list(_rows(history))
    writer = csv.writer(file, lineterminator="\n")
    columns = [any(row[at] != "" for row in rows) or at < 2 for at in range(len(_HEADERS))]
    columns[_RETURNED] = columns[_RETURNED - 1]
    for row in [_HEADERS, *rows]:
        writer.writerow([cell for cell, kept in zip(row, columns, strict=True) if kept])


_HEADERS: Final = [
    *("process", "function", "key", "argument", "result", "outcome", "invoked", "returned", "micro"),
    *("begin_stamp", "commit_stamp"),
]
_RETURNED: Final = _HEADERS.index("returned")


def _rows(history: History) -> Iterator[list[str]]:
    """Times are positions where only the order is known, and empty where not even that is."""
    began, ended = _times(history)
    stamps = (history.begin_stamp, history.commit_stamp)
    for row in range(len(history)):
        known = history.operation(row)
        held = (known.process, known.function, known.key, known.argument, known.result)
        micro: Any = tuple(known.micro) if history.micro is not None else None
        try:
            told = [*map(text_of, held), known.outcome]
            inside = text_of(micro)
        except ValueError as error:
            raise HistoryError(f"a cell cannot hold {error}", fix="convert to another format") from None
        times = [str(moment) for moment in (began[row], ended[row])] if history.ordered_in_time else ["", ""]
        times[1] = "" if ended[row] == NEVER else times[1]
        yield [*told, *times, inside, *("" if column is None else str(column[row]) for column in stamps)]


def _times(history: History) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Times that this format orders as the history is ordered: its positions, if its own do not."""
    began, ended = history.invoke_time, history.return_time
    if began is None or ended is None:
        return history.invoked, history.returned
    ended = np.where(history.outcome == INFO, NEVER, ended)
    pairs = (positions(began, ended), (history.invoked, history.returned))
    orders = [np.argsort(np.concatenate(pair), kind="stable") for pair in pairs]
    return (began, ended) if (orders[0] == orders[1]).all() else (history.invoked, history.returned)
