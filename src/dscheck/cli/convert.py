"""The verb `convert`."""

from __future__ import annotations

from pathlib import Path

import click

from dscheck.checker.amounts import plural
from dscheck.checker.line import Line
from dscheck.cli.console import show
from dscheck.cli.sections import SectionedCommand, option
from dscheck.cli.writing import check_writable
from dscheck.histories.reading import formats, read
from dscheck.histories.writing import write


def _list_formats(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        width = max(len(known.name) for known in formats())
        for known in formats():
            can = "read and written" if known.writes else "read"
            show([Line("plain", f"{known.name:<{width}}  {known.summary} ({can})")])
        ctx.exit()


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument("source", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@option("Formats", "--from", "from_", metavar="FORMAT", help="The format of SOURCE.  [default: recognised]")
@option("Formats", "--to", metavar="FORMAT", help="The format of TARGET.  [default: as its name says]")
@option(
    "Formats", "--columns", metavar="ROLE=COLUMN,...", help="Columns of a table: process=client,function=op."
)
@option("Formats", "--lossy", is_flag=True, help="Write even what loses something, and say what.")
@option(
    "Formats",
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_formats,
    help="List the formats.",
)
def convert(
    source: tuple[Path, ...],
    target: Path,
    from_: str | None,
    to: str | None,
    columns: str | None,
    lossy: bool,
) -> None:
    """Read SOURCE, a recording in a file, in several files or in a folder, and write it to TARGET.

    What was written is read again and compared: a conversion that would lose anything is refused.
    """
    check_writable(target, "TARGET")
    history = read(source, from_, **({} if columns is None else {"columns": columns}))
    lost = write(history, target, to, lossy=lossy)
    show(
        [Line("good", f"{target}: {plural(len(history), 'operation')} of {history.name} ({history.format})")]
    )
    show(Line("warning", f"lost: {what}") for what in lost)
