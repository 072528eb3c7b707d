"""The verb `convert`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from dscheck.checker.amounts import plural
from dscheck.checker.line import Line
from dscheck.cli.console import show
from dscheck.cli.reading import read_history, reading_options, spelled
from dscheck.cli.sections import SectionedCommand, option
from dscheck.cli.writing import check_writable
from dscheck.histories.reading import formats
from dscheck.histories.writing import write

_FROM: Final = "--from"


def _list_formats(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        width = max(len(known.name) for known in formats())
        for known in formats():
            can = "read and written" if known.writes else "read"
            show([Line("plain", f"{known.name:<{width}}  {known.summary} ({can})")])
        ctx.exit()


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument(
    "source", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@partial(reading_options, format_flag=_FROM)
@option(
    "How it is written", "--to", metavar="FORMAT", help="The format of TARGET.  [default: as its name says]"
)
@option("How it is written", "--lossy", is_flag=True, help="Write even what loses something, and say what.")
@option(
    "How it is written",
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_formats,
    help="List the formats.",
)
def convert(source: tuple[Path, ...], target: Path, to: str | None, lossy: bool, **options: Any) -> None:
    """Read SOURCE, a recording in a file, in several files or in a folder, and write it to TARGET.

    SOURCE may be `-`, standard input.  What was written is read again and compared: a conversion that would
    lose anything is refused.
    """
    check_writable(target, "TARGET")
    _check_apart(source, target)
    history = read_history(source, format_flag=_FROM, **options)
    with spelled("--to"):
        lost = write(history, target, to, lossy=lossy)
    show(
        [Line("good", f"{target}: {plural(len(history), 'operation')} of {history.name} ({history.format})")]
    )
    show(Line("warning", f"lost: {what}") for what in lost)


def _check_apart(source: tuple[Path, ...], target: Path) -> None:
    """Refuse to write over what is read, by whatever name."""
    if not target.exists():
        return
    for path in source:
        inside = path.rglob("*") if path.is_dir() else [path]
        if any(file.exists() and target.samefile(file) for file in inside):
            raise click.BadParameter(f"{target} is what is read; write to another file", param_hint="TARGET")
