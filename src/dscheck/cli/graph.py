"""The verb `graph`."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import click

from dscheck.checker.errors import DscheckError
from dscheck.checker.search.explore import explore as search
from dscheck.checker.search.pictures.dot import dot
from dscheck.checker.search.pictures.graphml import graphml
from dscheck.checker.search.pictures.svg import svg
from dscheck.cli.blame import blaming
from dscheck.cli.modelling import ModelCommand, model_of, params_of
from dscheck.cli.options import number
from dscheck.cli.outputs import Output, Outputs
from dscheck.cli.sections import option

_limit: Final = partial(option, "Limits")
_outputs: Final = Outputs(
    Output("svg", "Draw it.", svg),
    Output("dot", "Write it for Graphviz.", dot),
    Output("graphml", "Write it for other tools.", graphml),
)


@click.command(cls=ModelCommand, no_args_is_help=True)
@click.argument("model")
@option("What is drawn", "--mutant", metavar="NAME", help="A deliberately wrong variant of the model.")
@_limit("--depth", type=number(least=0), metavar="N", help="Go no further than N steps.")
@_limit(
    "--limit",
    type=number(least=1),
    metavar="N",
    default=500,
    show_default=True,
    help="Refuse a graph of more than N states.",
)
@_outputs
@click.pass_context
def graph(ctx: click.Context, /, depth: int | None, limit: int, **options: Any) -> None:
    """Draw the state graph of MODEL, if it is small: every reachable state, and every step between them.

    States that break a promise are marked.  Without a file, the text for Graphviz is printed.
    """
    wanted = _outputs.take(options)
    model, params = model_of(ctx), params_of(options)
    with blaming(model):
        result = search(model(**params), depth=depth, states=limit + 1, properties=(), deadlock=False)
        if result.states > limit:
            raise DscheckError(
                f"{result.model} has more than {limit:,} states, too many to look at: "
                "choose smaller parameters, --depth N, or a larger --limit"
            )
        drawn = result.to_networkx(limit)
    if not wanted:
        click.echo(dot(drawn), nl=False)
    _outputs.write(drawn, wanted)
    steps = drawn.number_of_edges()
    click.echo(f"{result.model} has {result.states:,} states and {steps:,} steps between them", err=True)
