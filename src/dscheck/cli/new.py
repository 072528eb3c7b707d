"""The verb `new`."""

from __future__ import annotations

import inspect
import re
from difflib import get_close_matches
from pathlib import Path

import click

from dscheck import models
from dscheck.cli.loading import class_name, load
from dscheck.cli.sections import SectionedCommand, option
from dscheck.cli.writing import check_writable, write_text


@click.command(cls=SectionedCommand, no_args_is_help=True)
@click.argument("file", type=click.Path(path_type=Path))
@option(
    "What it begins with",
    "--from",
    "source",
    metavar="NAME",
    default="lease_lock",
    show_default=True,
    help="A model of the catalogue.",
)
def new(file: Path, source: str) -> None:
    """Write FILE, a model of your own that begins as a copy of one of the catalogue.

    `dscheck models` lists what there is to begin with.
    """
    if file.suffix != ".py" or not file.stem.isidentifier():
        raise click.BadParameter(f"{file}: write a name that can be imported, such as my_protocol.py")
    if file.exists():
        raise click.BadParameter(f"{file} exists already: nothing was written")
    source = source.replace("-", "_")
    if source not in models.names():
        similar = get_close_matches(source, models.names(), n=1)
        hint = f"did you mean {similar[0]}?" if similar else f"there are {', '.join(models.names())}"
        raise click.BadParameter(f"no model is called {source}: {hint}", param_hint="--from")
    check_writable(file, "FILE")
    original = load(source)
    module = inspect.getmodule(original)
    assert module is not None
    name = class_name(file.stem)
    if name != original.__name__ and hasattr(module, name):
        raise click.BadParameter(f"{source} has a class {name} already: choose another name than {file}")
    text = re.sub(rf"\b{original.__name__}\b", name, inspect.getsource(module))
    write_text(file, text)
    click.echo(f"{file}: {name}, a copy of {source}; dscheck explore ./{file} searches it")
