"""Lines of text with their roles, coloured for a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any, Final

import click

from dscheck.checker.errors import DscheckError
from dscheck.checker.line import Line

_STYLES: Final[dict[str, dict[str, Any]]] = {
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow"},
    "heading": {"bold": True},
    "step": {"bold": True},
    "sent": {"fg": "green"},
    "gone": {"dim": True},
    "note": {"dim": True},
}


def show(lines: Iterable[Line], *, err: bool = False) -> None:
    """Print lines on standard output, or error; click leaves the colours out where they are not wanted."""
    try:
        for line in lines:
            click.echo(click.style(line.text, **_STYLES.get(line.role, {})), err=err)
        sys.stdout.flush()
    except (
        BrokenPipeError
    ):  # the reader, such as `head`, has seen enough; the exit code is still the verdict's
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # what was not told is no verdict
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise DscheckError(f"cannot write to standard output: {error.strerror}") from error
