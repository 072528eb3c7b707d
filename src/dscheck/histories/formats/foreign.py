"""Histories from what the engine's readers of other tools' formats give: columns by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck._engine import MalformedFile, read_foreign
from dscheck.histories.columns import atoms_of
from dscheck.histories.errors import HistoryError
from dscheck.histories.files import content
from dscheck.histories.history import History, MicroOperations
from dscheck.histories.values import NIL, Values

_FIXES: Final = {
    "dbcop": "write it with the crate bincode 1 and its default options",
    "plume": "an event a line: r(key,value,session,transaction), with whole numbers",
    "awdit": "an event a line: `r key value`, with ----- between transactions, ===== between sessions",
    "polylin": "an operation a line: method, value, start and end, below a line such as `# queue`",
    "limo": "an event a line: `[1] call push(2)`, `[1] return`, below `# @object atomic-stack`",
    "cobra": "log one session per file, and copy the files whole",
}


def read_columns(
    name: str, paths: Sequence[Path], *, binary: bool = False
) -> tuple[Mapping[str, Any], dict[str, npt.NDArray[np.int64]]]:
    """What the engine makes of the files: everything by name, and the columns of 64-bit numbers as arrays."""
    try:
        found = read_foreign(name, [content(path) for path in paths])
    except MalformedFile as error:
        what, line, byte, file = error.args
        place: dict[str, Any] = {"byte": byte} if binary else {"line": line or None}
        raise HistoryError(what, file=paths[file], fix=_FIXES[name], **place) from None
    words = ("process", "argument", "result", "invoked", "returned", "began", "ended", "line", "offsets")
    columns = {column: np.frombuffer(found[column], np.int64) for column in (*words, "key", "value")}
    if not len(columns["process"]):
        raise HistoryError("there is no operation in it", file=paths[0], fix=_FIXES[name])
    return found, columns


def transactions(
    name: str, paths: Sequence[Path], *, binary: bool = False, hints: dict[str, Any], title: str | None = None
) -> History:
    """A history of transactions, in session order only: real time is unknown."""
    found, columns = read_columns(name, paths, binary=binary)
    micro = MicroOperations(
        offsets=columns["offsets"],
        kind=np.frombuffer(found["kind"], np.uint8),
        key=columns["key"],
        value=columns["value"],
    )
    return _history(
        found,
        columns,
        name,
        title or paths[0].name,
        ordered_in_time=False,
        micro=micro,
        hints={"datatype": "rw-register", **hints},
    )


def operations(name: str, path: Path) -> History:
    """A history of operations on one object."""
    found, columns = read_columns(name, [path])
    timed = len(columns["began"]) == len(columns["process"])
    return _history(
        found,
        columns,
        name,
        path.name,
        invoke_time=columns["began"] if timed else None,
        return_time=columns["ended"] if timed else None,
        hints={"datatype": found["datatype"]} if found["datatype"] else {},
    )


def implicit_zero(name: str, paths: Sequence[Path], *, binary: bool = False) -> History:
    """Transactions on registers that hold 0 at first, unless the file has transactions that write it."""
    history = transactions(name, paths, binary=binary, hints={})
    micro = history.micro
    assert micro is not None
    if _starts_at_zero(history, micro):
        history.hints["initial"] = 0
    return history


def _starts_at_zero(history: History, micro: MicroOperations) -> bool:
    """Whether some read of 0 has no recorded write of 0 to its key, or nothing ever writes 0."""
    happened = np.repeat(history.outcome, np.diff(micro.offsets)) != 1
    zero = happened & (micro.value == 0)
    written = np.unique(micro.key[zero & (micro.kind == 1)])
    read = micro.key[zero & (micro.kind == 0)]
    return not len(written) or not np.isin(read, written).all()


def _history(
    found: Mapping[str, Any],
    columns: Mapping[str, npt.NDArray[np.int64]],
    format: str,
    name: str,
    hints: dict[str, Any],
    **attributes: Any,
) -> History:
    count = len(columns["process"])
    notes = dict(found["notes"])
    return History(
        process=columns["process"],
        function=np.frombuffer(found["function"], np.uint16),
        outcome=np.frombuffer(found["outcome"], np.uint8),
        key=np.full(count, NIL, np.int64),
        argument=columns["argument"],
        result=columns["result"],
        invoked=columns["invoked"],
        returned=columns["returned"],
        functions=tuple(found["names"]),
        values=Values(atoms_of(found)),
        line=columns["line"],
        name=name,
        format=format,
        hints={**hints, **({"notes": notes} if notes else {})},
        **attributes,
    )
