"""The verb `replay`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from dscheck.checker.errors import DscheckError
from dscheck.checker.notation.model import Model
from dscheck.checker.search.result import SCHEMA
from dscheck.checker.traces.replay import replay as take_again
from dscheck.checker.traces.text import replay_lines
from dscheck.cli.blame import blaming
from dscheck.cli.console import show
from dscheck.cli.loading import load


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", metavar="MODEL", help="Where the model is now.  [default: where it was]")
@click.pass_context
def replay(ctx: click.Context, file: Path, model: str | None) -> None:
    """Take the steps of a counterexample that `dscheck explore --json FILE` saved, against the model as it is
    now.

    The exit code is 1 where it still shows what it showed, and 3 where it does not: one run proves nothing.
    """
    saved = _read(file)
    origin = saved["model"]
    found = _class(model, origin["name"]) if model else _original(origin)
    with blaming(found):
        outcome = take_again(saved, found(**origin["params"]))
    show(replay_lines(outcome))
    ctx.exit(outcome.verdict.exit_code)


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
