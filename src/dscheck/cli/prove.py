"""The verb `prove`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import click

from dscheck.checker.amounts import duration
from dscheck.checker.search.proof.prove import prove as attempt
from dscheck.checker.search.proof.wording import lines
from dscheck.cli.blame import blaming
from dscheck.cli.console import show
from dscheck.cli.modelling import ModelCommand, model_of, params_of
from dscheck.cli.options import number, seconds, size
from dscheck.cli.outputs import Output, Outputs, as_json
from dscheck.cli.progress import progress_line
from dscheck.cli.sections import option

_limit = partial(option, "Limits")
_check = partial(option, "What is proved")
_output = partial(option, "Output")
_outputs = Outputs(
    Output("json", "Write the whole outcome.", as_json),
    Output("html", "Write a page with a diagram.", lambda outcome: outcome.to_html()),
)


@click.command(cls=ModelCommand, no_args_is_help=True)
@click.argument("model")
@_check("--mutant", metavar="NAME", help="A deliberately wrong variant of the model.")
@_check("--property", "properties", metavar="NAME", multiple=True, help="Only this @always; repeatable.")
@_check("--k", type=number(least=1), metavar="N", default=1, show_default=True, help="N states in a row.")
@_check("--houdini", is_flag=True, help="Take away lemmas that are not inductive.")
@_check(
    "--search",
    type=number(least=1),
    metavar="N",
    default=20_000,
    show_default=True,
    help="States of the search beside it.",
)
@_limit("--time", type=seconds, metavar="T", help="Stop, undecided, after 90, 90s, 5m, 2h.")
@_limit(
    "--memory",
    type=size,
    metavar="B",
    help="Stop, undecided, before 500M, 2G.  [default: 80 % of what is free]",
)
@_outputs
@_output("--progress/--no-progress", default=None, help="Say how far it is.  [default: on a terminal]")
@click.pass_context
def prove(ctx: click.Context, /, progress: bool | None, **options: Any) -> None:
    """Prove that MODEL keeps its promises, for these parameters, without visiting its states.

    What is marked @always and @lemma must survive every step, from any state that keeps it, reachable or not.
    If it does not, the outcome shows such a step: the model is wrong, or it takes another lemma.
    """
    model, params = model_of(ctx), params_of(options)
    options["properties"] = options["properties"] or None
    wanted = _outputs.take(options)
    with blaming(model), progress_line(progress, _text) as told:
        proof = attempt(model(**params), progress=told, **options)
    show(lines(proof), err=_outputs.fill_stdout(wanted))
    _outputs.write(proof, wanted)
    ctx.exit(proof.exit_code)


def _text(numbers: Mapping[str, float]) -> str:
    parts = [
        f"{numbers['footprints']:,.0f} footprints",
        f"{numbers['checked']:,.0f} of {numbers['rules']:,.0f} rules",
        f"{numbers['questions']:,.0f} questions to Z3",
        f"{numbers['python_calls']:,.0f} Python calls",
        duration(numbers["seconds"]),
    ]
    return "  ".join(parts)
