"""The verb `explore`."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from dscheck.checker.notation.marks import declared_in
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.properties import AIDS, PROPERTIES
from dscheck.checker.search.explore import explore as search
from dscheck.checker.search.reports.junit import junit
from dscheck.checker.search.reports.sarif import sarif
from dscheck.checker.search.wording import lines
from dscheck.cli.blame import blaming
from dscheck.cli.console import show
from dscheck.cli.diagrams import DIAGRAMS
from dscheck.cli.modelling import ModelCommand, model_of, params_of
from dscheck.cli.options import number, seconds, size
from dscheck.cli.outputs import Output, Outputs, as_json
from dscheck.cli.progress import progress_line
from dscheck.cli.sections import option

_limit = partial(option, "Limits")
_walk = partial(option, "Random walks")
_engine = partial(option, "Engines")
_check = partial(option, "What is checked")
_output = partial(option, "Output")
_outputs = Outputs(
    Output("json", "Write the whole result.", as_json),
    *DIAGRAMS,
    Output("sarif", "Write the finding for code hosts.", sarif),
    Output("junit", "Write a test for each promise.", junit),
)


@click.command(cls=ModelCommand, no_args_is_help=True)
@click.argument("model")
@_check("--mutant", metavar="NAME", help="A deliberately wrong variant of the model.")
@_check("--property", "properties", metavar="NAME", multiple=True, help="Only this promise; repeatable.")
@_check(
    "--deadlock/--no-deadlock", default=None, help="Must something be possible?  [default: if it has @ends]"
)
@_check(
    "--audit",
    type=click.Choice(["sample", "all", "none"]),
    default="sample",
    show_default=True,
    help="Repeat runs of the model to find hidden state.",
)
@_check("--coverage", is_flag=True, help="Say which actions were possible and taken, and all values.")
@_engine(
    "--engine",
    type=click.Choice(["explicit", "symbolic", "auto"]),
    default="explicit",
    show_default=True,
    help="State by state; sets of states as decision diagrams; or both side by side.",
)
@_engine(
    "--layers/--no-layers",
    default=None,
    help="Symbolic: by depth, or all at once?  [default: by depth if one is given]",
)
@_limit("--depth", type=number(least=0), metavar="N", help="Go no further than N steps.")
@_limit("--states", type=number(least=1), metavar="N", help="Stop, undecided, after N states.")
@_limit("--time", type=seconds, metavar="T", help="Stop, undecided, after 90, 90s, 5m, 2h.")
@_limit(
    "--memory",
    type=size,
    metavar="B",
    help="Stop, undecided, before 500M, 2G.  [default: 80 % of what is free]",
)
@_limit("--workers", type=number(least=1), metavar="N", help="Threads.  [default: all cores]")
@_walk("--walks", type=number(least=1), metavar="N", help="Take N random walks, instead of every way.")
@_walk("--length", type=number(least=1), metavar="N", default=100, show_default=True, help="Steps of a walk.")
@_walk("--seed", type=number(), metavar="N", default=0, show_default=True, help="Where chance begins.")
@_outputs
@_output("--progress/--no-progress", default=None, help="Say how far it is.  [default: on a terminal]")
@click.pass_context
def explore(ctx: click.Context, /, progress: bool | None, **options: Any) -> None:
    """Search MODEL for what can go wrong: a name of the catalogue, such as raft, or a file, such as ./mine.py
    or ./mine.py:Mine.

    Every reachable state is visited.  The verdict says whether the model keeps its promises, and shows a
    shortest way to break one.
    """
    model, params = model_of(ctx), params_of(options)
    options["properties"] = _known(model, options["properties"])
    wanted = _outputs.take(options)
    if options["walks"] and (options["depth"] is not None or options["states"]):
        raise click.UsageError("--walks goes with --length and --time, not with --depth or --states")
    _check_engine(model, options)
    with blaming(model), progress_line(progress) as told:
        result = search(model(**params), progress=told, **options)
    show(lines(result), err=_outputs.fill_stdout(wanted))
    _outputs.write(result, wanted)
    ctx.exit(result.exit_code)


def _check_engine(model: type[Model], options: dict[str, Any]) -> None:
    """Refuse options that do not go with the engine."""
    engine, layers = options["engine"], options["layers"]
    if options["walks"] and engine != "explicit":
        raise click.UsageError(f"--walks are explicit: leave out --engine {engine}")
    if layers is not None and engine == "explicit":
        raise click.UsageError("--layers and --no-layers go with --engine symbolic or auto")
    if layers is False and options["depth"] is not None:
        raise click.UsageError("--depth needs layers: leave out --no-layers")
    if layers is False and options["states"] is not None:
        raise click.UsageError("--states needs layers: leave out --no-layers")
    if layers is False and any(found.kind == "bound" for found in declared_in(model)):
        raise click.UsageError(f"{model.__name__} has a @bound, which needs layers: leave out --no-layers")


def _known(model: type[Model], names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The properties that were asked for; None: all."""
    known = [found.name for found in declared_in(model) if found.kind in (*PROPERTIES, *AIDS)]
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"{model.__name__} has no property {name!r}; it has {', '.join(known)}",
                param_hint="--property",
            )
    return names or None
