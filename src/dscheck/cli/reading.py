"""What the verbs that read a recording have in common: the options, and the reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import click

from dscheck.cli.sections import option
from dscheck.histories.history import History
from dscheck.histories.reading import formats, read

_SECTION: Final = "How the recording is read"


def reading_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator: the options that `read_history` takes."""
    for add in (
        option(
            _SECTION,
            "--truncated",
            is_flag=True,
            default=None,
            help="The last line may be cut off: what it says of is passed over.",
        ),
        option(
            _SECTION,
            "--order",
            type=click.Choice(["line", "time"]),
            help="What is right where lines and times disagree.",
        ),
        option(
            _SECTION,
            "--columns",
            metavar="OURS=THEIRS,...",
            callback=_mapping,
            help="Of a table (CSV, Parquet): which column is which, as in process=client,function=op.",
        ),
        option(
            _SECTION,
            "--format",
            metavar="NAME",
            type=click.Choice(sorted(known.name for known in formats())),
            help="How it is written.  [default: recognised]",
        ),
    ):
        command = add(command)
    return command


def read_history(paths: Sequence[Path], *, format: str | None, **options: Any) -> History:
    """The recording in one or several files.  Raises HistoryError, also for unknown options."""
    given = {name: value for name, value in options.items() if value is not None}
    return read(paths[0] if len(paths) == 1 else list(paths), format=format, **given)


def _mapping(_: click.Context, __: click.Parameter, text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    for ours, _equals, theirs in pairs:
        if not ours or not theirs:
            raise click.BadParameter(f"{text!r}: write pairs such as process=client,function=op")
    return {ours.strip(): theirs.strip() for ours, _equals, theirs in pairs}
