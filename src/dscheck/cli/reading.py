"""What the verbs that read a recording have in common: the options, the reading, and how errors name them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from dscheck.checker.line import Line
from dscheck.cli.console import show
from dscheck.cli.sections import option
from dscheck.histories.errors import HistoryError, WrongOption
from dscheck.histories.history import History
from dscheck.histories.reading import formats, read

_SECTION: Final = "How the recording is read"


def reading_options(command: Callable[..., Any], *, format_flag: str = "--format") -> Callable[..., Any]:
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
            "format",
            format_flag,
            metavar="NAME",
            type=click.Choice(sorted(known.name for known in formats())),
            help="How it is written.  [default: recognised]",
        ),
    ):
        command = add(command)
    return command


def read_history(
    paths: Sequence[Path], *, format: str | None, format_flag: str = "--format", **options: Any
) -> History:
    """The recording in one or several files; what its reader warns of is shown.

    Raises HistoryError, and UsageError for options that the format does not take.
    """
    given = {name: value for name, value in options.items() if value is not None}
    with spelled(format_flag):
        history = read(paths[0] if len(paths) == 1 else list(paths), format=format, **given)
    show(Line("warning", f"warning: {found}") for found in history.hints.get("warnings", ()))
    return history


@contextmanager
def spelled(format_flag: str) -> Iterator[None]:
    """Errors name options as they are typed; `format_flag` is the option that names a format."""

    def typed(name: str, value: str) -> str:
        flag = format_flag if name == "format" else f"--{name}"
        return flag if value in ("", "True") else f"{flag} {value}"

    try:
        yield
    except HistoryError as error:
        error.spelling = typed
        if isinstance(error, WrongOption):
            raise click.UsageError(str(error)) from error
        raise


def _mapping(_: click.Context, __: click.Parameter, text: str | None) -> dict[str, str] | None:
    if text is None:
        return None
    pairs = [part.partition("=") for part in text.split(",")]
    for ours, _equals, theirs in pairs:
        if not ours or not theirs:
            raise click.BadParameter(f"{text!r}: write pairs such as process=client,function=op")
    if len({ours.strip() for ours, _equals, _theirs in pairs}) < len(pairs):
        raise click.BadParameter(f"{text!r}: one column for each role")
    return {ours.strip(): theirs.strip() for ours, _equals, theirs in pairs}
