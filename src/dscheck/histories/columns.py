"""From the engine's columns to a history; no object per operation."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck._engine import Unreadable
from dscheck.histories.atoms import Atoms
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import Event, History, MicroOperations
from dscheck.histories.values import Values

Columns = Mapping[str, Any]
"""What the engine gives: bytes per column, as `dscheck._engine.Reader.finish` lists them."""

_OPTION: Final = re.compile(r"\b(order|truncated)=(\w+)")
"""How the engine's advice names the options of its reader."""


@contextmanager
def blamed(path: Path) -> Iterator[None]:
    """What the engine cannot read is a HistoryError with its place."""
    try:
        yield
    except Unreadable as error:
        line, what, fix = error.args
        fix = _OPTION.sub(r"{\1=\2}", fix)
        raise HistoryError(what, file=path, line=line or None, fix=fix or None) from None


def history_of(
    columns: Columns,
    *,
    path: Path,
    format: str,
    hints: dict[str, Any] | None = None,
    events: tuple[Event, ...] = (),
    values: Values | None = None,
    ordered_in_time: bool = True,
) -> History:
    """The history that the engine read from a file.  Raises HistoryError if it has no operations."""
    if not columns["process"]:
        raise HistoryError("the recording has no operations", file=path)
    return History(
        process=_wide(columns["process"]),
        function=np.frombuffer(columns["function"], np.uint16),
        outcome=np.frombuffer(columns["outcome"], np.uint8),
        key=_wide(columns["key"]),
        argument=_wide(columns["argument"]),
        result=_wide(columns["result"]),
        invoked=_wide(columns["invoked"]),
        returned=_wide(columns["returned"]),
        functions=tuple(columns["functions"]),
        values=values or values_of(columns),
        line=_wide(columns["line"]),
        invoke_time=_wide(columns["invoke_time"]) if columns["invoke_time"] else None,
        return_time=_wide(columns["return_time"]) if columns["return_time"] else None,
        ordered_in_time=ordered_in_time,
        micro=micro_of(columns),
        begin_stamp=_wide(columns["begin_stamp"]) if columns["begin_stamp"] else None,
        commit_stamp=_wide(columns["commit_stamp"]) if columns["commit_stamp"] else None,
        events=events,
        name=path.name,
        format=format,
        hints=hints or {},
    )


def values_of(columns: Columns) -> Values:
    """The values of the engine's codes."""
    kinds, offsets, items = array("B"), array("q", [0]), array("q")
    kinds.frombytes(columns["compound_kinds"])
    offsets.frombytes(columns["compound_ends"])
    items.frombytes(columns["items"])
    return Values(atoms_of(columns), kinds, offsets, items)


def atoms_of(columns: Columns) -> Atoms:
    """The atoms of the engine's pool."""
    ends = memoryview(columns["atom_ends"]).cast("q")
    return Atoms(columns["atom_kinds"], ends, columns["atom_bytes"])


def micro_of(columns: Columns) -> MicroOperations | None:
    """The micro-operations, if there are transactions."""
    if not columns["micro_ends"]:
        return None
    return MicroOperations(
        offsets=np.concatenate([np.zeros(1, np.int64), _wide(columns["micro_ends"])]),
        kind=np.frombuffer(columns["micro_kind"], np.uint8),
        key=_wide(columns["micro_key"]),
        value=_wide(columns["micro_value"]),
    )


def _wide(column: bytes) -> npt.NDArray[np.int64]:
    return np.frombuffer(column, np.int64)
