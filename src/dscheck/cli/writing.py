"""Files that are there whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from dscheck.checker.errors import DscheckError


def check_writable(file: Path, hint: str) -> None:
    """Refuse a place that cannot be written to, before a long search rather than after it."""
    if not file.parent.is_dir():
        raise click.BadParameter(f"there is no folder {file.parent}", param_hint=hint)
    if not os.access(file.parent, os.W_OK):
        raise click.BadParameter(f"{file.parent} cannot be written to", param_hint=hint)


def write_text(file: Path, text: str) -> None:
    """Write to a file of another name first, and rename it when it is complete."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as draft:
            try:
                draft.write(text)
                draft.close()
                os.replace(draft.name, file)
            except BaseException:
                os.unlink(draft.name)
                raise
    except OSError as error:
        raise DscheckError(f"cannot write {file}: {error.strerror}") from error
