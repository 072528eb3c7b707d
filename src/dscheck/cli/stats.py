"""The verb `stats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from dscheck.cli.console import show
from dscheck.cli.outputs import Output, Outputs, as_json
from dscheck.cli.reading import read_history, reading_options
from dscheck.cli.sections import SectionedCommand
from dscheck.histories.statistics.measuring import measure
from dscheck.histories.statistics.page import page
from dscheck.histories.statistics.wording import lines

_outputs: Final = Outputs(
    Output("html", "Write a page with charts.", page), Output("json", "Write all measures.", as_json)
)


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument(
    "source", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@reading_options
@_outputs
def stats(source: tuple[Path, ...], **options: Any) -> None:
    """Show what SOURCE says about load: operations by outcome, latency, throughput, concurrency, keys.

    SOURCE is a recording in a file, in several files or in a folder.
    """
    wanted = _outputs.take(options, inputs=source)
    measured = measure(read_history(source, **options))
    show(lines(measured), err=_outputs.fill_stdout(wanted))
    _outputs.write(measured, wanted)
