"""Write a history to a file; what the format cannot hold is refused, or told."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from dscheck.histories.comparing import losses
from dscheck.histories.errors import HistoryError, WrongOption
from dscheck.histories.history import History
from dscheck.histories.reading import format_module, formats

_SUFFIXES: Final = {
    ".csv": "csv",
    ".bincode": "dbcop",
    ".jsonl": "jsonl",
    ".edn": "jepsen-edn",
}
"""Formats that a file's name tells."""


def write(history: History, path: Path, format: str | None = None, *, lossy: bool = False) -> list[str]:
    """Write a history; its format, if none is named, is that of the file's name.  Returns what was lost.

    What was written is read again and compared: where anything differs, nothing is left behind and
    HistoryError says what would be lost, unless `lossy` allows it.  Raises HistoryError, too, where the
    format has no place at all for something.
    """
    name = format or _named(path)
    module = format_module(name)
    if not hasattr(module, "write"):
        known = ", ".join(known.name for known in formats() if known.writes)
        raise WrongOption(f"dscheck does not write the format {name}", fix=f"it writes {known}")
    binary = getattr(module, "BINARY", False)
    draft = None
    try:
        with tempfile.NamedTemporaryFile(
            "wb" if binary else "w",
            encoding=None if binary else "utf-8",
            newline=None if binary else "",
            dir=path.parent,
            prefix=f".{path.name}.",
            suffix=path.suffix,
            delete=False,
        ) as file:
            draft = Path(file.name)
            module.write(history, file)
        lost = losses(history, module.read(draft))
        if lost and not lossy:
            what = f"{name} would lose {', '.join(lost)}"
            raise HistoryError(what, fix="allow it with {lossy=True}, or choose another format")
        os.replace(draft, path)
        draft = None
    except OSError as error:
        raise HistoryError(f"cannot be written: {error.strerror or error}", file=path) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)
    return lost


def _named(path: Path) -> str:
    name = _SUFFIXES.get(path.suffix.lower())
    if name is None or name not in {known.name for known in formats()}:
        raise WrongOption(f"the name {path.name} tells no format", fix="name one with {format=}")
    return name
