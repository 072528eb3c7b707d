"""Read a history from files: the format is recognised from their content, or named."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

from dscheck.histories.errors import HistoryError, WrongOption
from dscheck.histories.files import head, seekable
from dscheck.histories.history import History
from dscheck.histories.validation import validate

Source = str | os.PathLike[str]
"""Where a recording lies: a file or a folder; "-" is standard input."""

FORMATS: Final[tuple[str, ...]] = (
    "dscheck.histories.formats.native",
    "dscheck.histories.formats.jepsen_edn",
    "dscheck.histories.formats.jepsen_json",
    "dscheck.histories.formats.jepsen_log",
    "dscheck.histories.formats.dbcop",
    "dscheck.histories.formats.cobra",
    "dscheck.histories.formats.plume",
    "dscheck.histories.formats.awdit",
    "dscheck.histories.formats.limo",
    "dscheck.histories.formats.polylin",
    "dscheck.histories.formats.timekiller",
    "dscheck.histories.formats.columns.comma_separated",
    "dscheck.histories.formats.columns.parquet",
)
"""The modules of the formats, imported when they are needed.

Each has `NAME` and `SUMMARY`; `recognises(head: bytes, path: Path) -> int`, from the first 64 KiB: 0 for no,
100 for certainly, between by how much speaks for it; `read(path: Path, **options) -> History`; where a
recording is spread over files, `read_many(paths: Sequence[Path], **options) -> History`; where the format can
hold histories of other formats, `write(history: History, file: IO[str]) -> None`; and `CHECKED = True` where
the reader has applied the rules of `validation` itself.
"""


class Format(NamedTuple):
    """One format, for lists."""

    name: str
    summary: str
    writes: bool
    """Whether dscheck writes it, too."""
    several: bool
    """Whether a recording may be spread over several files."""


def formats() -> list[Format]:
    """Every format that dscheck reads."""
    return [
        Format(module.NAME, module.SUMMARY, hasattr(module, "write"), hasattr(module, "read_many"))
        for module in map(import_module, FORMATS)
    ]


def format_module(name: str) -> ModuleType:
    """The module of a format by its name.  Raises WrongOption for an unknown one."""
    known = {module.NAME: module for module in map(import_module, FORMATS)}
    if name not in known:
        raise WrongOption(f"there is no format {name!r}", fix=f"the formats are {', '.join(known)}")
    return known[name]


def read(source: Source | Sequence[Source], format: str | None = None, **options: Any) -> History:
    """A history from a file, from several files of one recording, or from a folder of such files.

    Gzip is recognised, and pipes are copied first.  `options` are those of the format's reader.  Raises
    HistoryError for whatever cannot be read, is of no known format, or is a recording that no system can
    produce.  What a user should know of how it was read is in `hints["warnings"]`.
    """
    with seekable(_files([source] if isinstance(source, str | os.PathLike) else source)) as paths:
        filled = (path for path in paths if not path.is_file() or path.stat().st_size)
        module = _recognised(next(filled, paths[0])) if format is None else format_module(format)
        _check_options(module, options)
        try:
            history = _read(module, paths, options)
            if not getattr(module, "CHECKED", False):
                validate(history)
        except HistoryError as error:
            raise error.at(paths[0]) from error.__cause__
        except RecursionError as error:
            raise HistoryError("values are nested too deeply", file=paths[0]) from error
        return history


def _read(module: ModuleType, paths: Sequence[Path], options: dict[str, Any]) -> History:
    if len(paths) > 1 and not hasattr(module, "read_many"):
        raise HistoryError(
            f"a recording in the format {module.NAME} is one file, and these are {len(paths):,}",
            fix="give one file at a time",
        )
    several = len(paths) > 1
    history: History = module.read_many(paths, **options) if several else module.read(paths[0], **options)
    return history


def _files(sources: Iterable[Source]) -> list[Path]:
    """The files; of folders what is in them and below, in the order of their names, but no hidden ones."""
    found: list[Path] = []
    for path in map(Path, sources):
        if not path.is_dir():
            found.append(path)
            continue
        below = sorted(inner for inner in path.rglob("*") if inner.is_file())
        below = [p for p in below if not any(part.startswith(".") for part in p.relative_to(path).parts)]
        if not below:
            raise HistoryError("the folder has no files", file=path)
        found += below
    if not found:
        raise HistoryError("there is no file to read")
    return found


def _recognised(path: Path) -> ModuleType:
    """The format for which most speaks."""
    start = head(path)
    if not start.strip():
        raise HistoryError("the file is empty: a recording has at least one line", file=path)
    modules = [import_module(name) for name in FORMATS]
    scores = {module: module.recognises(start, path) for module in modules}
    best = max(modules, key=lambda module: scores[module])
    if scores[best] <= 0:
        names = ", ".join(module.NAME for module in modules)
        raise HistoryError(
            "this is no format that dscheck knows", file=path, fix=f"name it with {{format=}}: {names}"
        )
    return best


def _check_options(module: ModuleType, options: dict[str, Any]) -> None:
    known = [
        name for name, of in inspect.signature(module.read).parameters.items() if of.kind == of.KEYWORD_ONLY
    ]
    for name in options:
        if name not in known:
            has = f"it has {', '.join(f'{{{of}=}}' for of in known)}" if known else "it has none"
            raise WrongOption(
                f"reading {module.NAME} has no such option", fix=f"leave out {{{name}=}}: {has}"
            )


__all__ = ["FORMATS", "Format", "Source", "format_module", "formats", "read"]
