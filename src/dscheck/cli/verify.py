"""The verb `verify`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from dscheck.checker.consistency.datatypes import TRANSACTIONS
from dscheck.checker.consistency.pictures.page import page
from dscheck.checker.consistency.promises import resolve
from dscheck.checker.consistency.verify import verify as judge
from dscheck.checker.consistency.wording import lines
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import ALIASES, SPECIFICATIONS, by_name
from dscheck.cli.console import show
from dscheck.cli.options import seconds, size
from dscheck.cli.outputs import Output, Outputs, as_json
from dscheck.cli.reading import read_history, reading_options
from dscheck.cli.sections import SectionedCommand, option

_check: Final = partial(option, "What is checked")
_limit: Final = partial(option, "Limits")
_outputs: Final = Outputs(
    Output("html", "Write a page with pictures.", page), Output("json", "Write the whole result.", as_json)
)


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@_check("--model", metavar="NAME", help="The data type: cas-register, queue, ... or ./mine.py:Spec.")
@_check(
    "--consistency",
    metavar="LEVEL",
    multiple=True,
    help="Only this promise: linearizable, serializable, read-your-writes, ...; repeatable.  "
    "[default: every one that the recording can decide]",
)
@reading_options
@_limit("--time", type=seconds, metavar="T", help="Stop, undecided, after 90, 90s, 5m, 2h.")
@_limit("--memory", type=size, metavar="B", help="Stop, undecided, before 500M, 2G.")
@_outputs
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    paths: tuple[Path, ...],
    model: str | None,
    consistency: tuple[str, ...],
    time: float | None,
    memory: int | None,
    **options: Any,
) -> None:
    """Test the recording in FILE (or several that belong together) for the promises that it should keep.

    Format and data type are recognised.  The verdict names what is kept and what is broken, and shows the
    operations that prove it.
    """
    wanted = _outputs.take(options, inputs=paths)
    for name in consistency:
        _known(name)
    if model is not None:
        _check_model(model)
    history = read_history(paths, **options)
    result = judge(history, model=model, consistency=consistency, time=time, memory=memory)
    show(lines(result), err=_outputs.fill_stdout(wanted))
    _outputs.write(result, wanted)
    ctx.exit(result.exit_code)


def _known(name: str) -> None:
    """Refuse a promise that nobody knows, before the recording is read."""
    try:
        resolve(name)
    except DscheckError as error:
        raise click.BadParameter(str(error), param_hint="--consistency") from error


def _check_model(name: str) -> None:
    """Refuse a data type that nobody knows, before the recording is read."""
    plain = name.partition(":")[0].strip().lower().replace("_", "-")
    if ".py" in name or plain in {*SPECIFICATIONS, *ALIASES, *TRANSACTIONS}:
        return
    try:
        by_name(name)
    except DscheckError as error:
        raise click.BadParameter(str(error), param_hint="--model") from error
