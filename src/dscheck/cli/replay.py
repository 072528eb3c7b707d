"""The verb `replay`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import click

from dscheck.checker.errors import DscheckError
from dscheck.checker.notation.model import Model
from dscheck.checker.search.result import SCHEMA
from dscheck.checker.traces.regression import as_test as test_of
from dscheck.checker.traces.replay import Replay
from dscheck.checker.traces.replay import replay as take_again
from dscheck.checker.traces.text import replay_lines
from dscheck.cli.blame import blaming
from dscheck.cli.console import show
from dscheck.cli.diagrams import DIAGRAMS
from dscheck.cli.loading import load
from dscheck.cli.outputs import Outputs
from dscheck.cli.sections import SectionedCommand, option
from dscheck.cli.stepping import walk

_outputs: Final = Outputs(*DIAGRAMS)


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument("file", type=click.Path(path_type=Path))
@option("What is shown", "--model", metavar="MODEL", help="Where the model is now.  [default: where it was]")
@option("What is shown", "--step", is_flag=True, help="Walk along the trace, a step at a key.")
@option("What is shown", "--as-test", is_flag=True, help="Print a test for pytest instead.")
@_outputs
@click.pass_context
def replay(
    ctx: click.Context, /, file: Path, model: str | None, step: bool, as_test: bool, **options: Any
) -> None:
    """Take the steps of a counterexample that `dscheck explore --json FILE` saved, against the model as it is
    now.

    The exit code is 1 where it still shows what it showed, and 3 where it does not: one run proves nothing.
    """
    if step and as_test:
        raise click.UsageError("--step and --as-test are for different purposes: choose one")
    wanted = _outputs.take(options, inputs=[file])
    saved = _read(file)
    origin = saved["model"]
    found = _class(model, origin["name"]) if model else _original(origin)
    with blaming(found):
        outcome = take_again(saved, found(**origin["params"]))
    _outputs.write(outcome, wanted)
    if as_test:
        _print_test(saved, outcome)
        return
    if step:
        walk(outcome)
    else:
        show(replay_lines(outcome), err=_outputs.fill_stdout(wanted))
    ctx.exit(outcome.verdict.exit_code)


def _print_test(saved: dict[str, Any], outcome: Replay) -> None:
    """The test, if it would fail now: a test of nothing is no test."""
    if outcome.finding is None:
        raise DscheckError(f"there is nothing to test: {outcome.sentence()}")
    click.echo(test_of(saved["model"], saved["sentence"], outcome.finding, outcome.trace), nl=False)


def _read(file: Path) -> dict[str, Any]:
    try:
        saved = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise DscheckError(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:
        raise DscheckError(f"{file} is not a saved result: {error}") from error
    schema = saved.get("schema") if isinstance(saved, dict) else None
    if schema != SCHEMA:
        raise DscheckError(f"{file} is not a saved result: its schema is {schema!r}, not {SCHEMA!r}")
    if not {"name", "module", "file", "params"} <= saved.get("model", {}).keys():
        raise DscheckError(f"{file} is damaged: it does not say which model it is about")
    result: dict[str, Any] = saved
    return result


def _original(origin: dict[str, Any]) -> type[Model]:
    package, _, name = origin["module"].rpartition(".")
    if package.startswith("dscheck.models."):
        return _class(name, origin["name"])
    if origin["file"] is None:
        raise DscheckError(f"{origin['name']} was not defined in a file: say where it is, with --model")
    return _class(origin["file"], origin["name"])


def _class(reference: str, name: str) -> type[Model]:
    names_it = ":" in reference and not reference.endswith(".py")
    return load(reference if names_it else f"{reference}:{name}")
