"""Files that a command writes its outcome to, each asked for by an option of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

import click

from dscheck.cli.sections import option
from dscheck.cli.writing import check_writable, write_text

F = TypeVar("F", bound=Callable[..., Any])

_PREFIX: Final = "output_"
"""Before the name of an output, so that none is mistaken for another argument."""


class Output(NamedTuple):
    """One kind of file: its option is `--` and its name."""

    name: str
    help: str
    text: Callable[[Any], str | None]
    """From an outcome to what the file says; None where it has nothing of the kind."""


def as_json(outcome: Any) -> str:
    """The whole outcome, as its `to_json` tells it."""
    return json.dumps(outcome.to_json(), indent=1, ensure_ascii=False) + "\n"


class Outputs:
    """The kinds of files that a command can write; as a decorator it adds their options."""

    def __init__(self, *outputs: Output) -> None:
        self._outputs = outputs

    def __call__(self, function: F) -> F:
        kind = click.Path(dir_okay=False, path_type=Path)
        for output in reversed(self._outputs):
            names = (f"{_PREFIX}{output.name}", f"--{output.name}")
            function = option("Output", *names, type=kind, metavar="FILE", help=output.help)(function)
        return function

    def take(self, options: dict[str, Any], *, inputs: Iterable[Path] = ()) -> dict[str, Path]:
        """Take the files out of all options.

        A place that cannot be written to is refused at once, and so is what is to be read.
        """
        given = {output.name: options.pop(_PREFIX + output.name) for output in self._outputs}
        wanted = {name: file for name, file in given.items() if file is not None}
        if sum(str(file) == "-" for file in wanted.values()) > 1:
            raise click.UsageError("only one file can be written to standard output")
        for name, file in wanted.items():
            check_writable(file, f"--{name}")
            if any(file.resolve() == given.resolve() for given in inputs):
                raise click.BadParameter(f"{file} is what is read", param_hint=f"--{name}")
        return wanted

    @staticmethod
    def fill_stdout(wanted: Mapping[str, Path]) -> bool:
        """Whether one of them goes to standard output, so that what is for people has to go elsewhere."""
        return any(str(file) == "-" for file in wanted.values())

    def write(self, outcome: Any, wanted: Mapping[str, Path]) -> None:
        """Write the files that were asked for."""
        for output in self._outputs:
            if output.name in wanted:
                text = output.text(outcome)
                if text is None:
                    click.echo(f"{wanted[output.name]} is not written: there is no trace to draw", err=True)
                else:
                    write_text(wanted[output.name], text)
