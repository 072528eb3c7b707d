"""Files that are there whole, or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click

from dscheck.checker.errors import DscheckError


def check_writable(file: Path, hint: str) -> None:
    """Refuse a place that cannot be written to, before a long search rather than after it."""
    if is_stream(file):
        return
    if not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}", param_hint=hint)
    if not os.access(file.parent, os.W_OK):
        raise click.BadParameter(f"{file.parent} cannot be written to", param_hint=hint)


def is_stream(file: Path) -> bool:
    """Whether it is standard output (`-`), a device or a pipe, which are written to as they are."""
    return str(file) == "-" or (file.exists() and not file.is_file())


def write_text(file: Path, text: str) -> None:
    """Write to a file of another name first, and rename it when it is complete; a link stays a link."""
    try:
        if str(file) == "-":
            sys.stdout.write(text)
        elif is_stream(file):
            with file.open("w", encoding="utf-8") as stream:
                stream.write(text)
        else:
            _replace(file.resolve(), text)
    except OSError as error:
        raise DscheckError(f"cannot write {file}: {error.strerror}") from error


def _replace(file: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
    ) as draft:
        try:
            draft.write(text)
            draft.close()
            os.chmod(draft.name, _mode(file))
            os.replace(draft.name, file)
        except BaseException:
            os.unlink(draft.name)
            raise


def _mode(file: Path) -> int:
    """Who may read it: as before, or as for any new file; a temporary file is its owner's alone."""
    if file.exists():
        return file.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
