"""The verb `stats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dscheck.cli.console import show
from dscheck.cli.reading import read_history, reading_options
from dscheck.cli.sections import SectionedCommand, option
from dscheck.cli.writing import check_writable, write_json, write_text
from dscheck.histories.statistics.measuring import measure
from dscheck.histories.statistics.page import page
from dscheck.histories.statistics.wording import lines


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument("source", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@reading_options
@option("Output", "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write a page with charts.")
@option("Output", "--json", type=click.Path(dir_okay=False, path_type=Path), help="Write all measures.")
def stats(
    source: tuple[Path, ...],
    html: Path | None,
    json: Path | None,
    **reading: Any,
) -> None:
    """Show what SOURCE says about load: operations by outcome, latency, throughput, concurrency, keys.

    SOURCE is a recording in a file, in several files or in a folder.
    """
    for place, hint in ((html, "--html"), (json, "--json")):
        if place is not None:
            check_writable(place, hint)
    measured = measure(read_history(source, **reading))
    show(lines(measured))
    if html is not None:
        write_text(html, page(measured))
    if json is not None:
        write_json(json, measured.to_json())
