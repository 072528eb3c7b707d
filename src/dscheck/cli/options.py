"""Values of options, and the options that a model adds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

import click

from dscheck.checker.notation.model import Model
from dscheck.checker.notation.parameters import Param
from dscheck.cli.sections import Option

PREFIX: Final = "model_"
"""Before the name of a model's parameter, so that none is mistaken for an argument of the search."""


def number(least: int | None = None, most: int | None = None) -> Callable[[str | int], int]:
    """The type of an option: a whole number within limits."""

    def convert(text: str | int) -> int:
        try:
            value = int(text)
        except ValueError:
            raise click.BadParameter(f"{text!r} is not a whole number") from None
        if least is not None and value < least:
            raise click.BadParameter(f"{value} is too small: write {least} or more")
        if most is not None and value > most:
            raise click.BadParameter(f"{value} is too large: write {most} or less")
        return value

    return convert


def seconds(text: str) -> float:
    """The type of an option: a time such as 90, 90s, 5m or 2h."""
    units = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}
    return _quantity(text, units, "a time such as 90, 90s, 5m or 2h")


def size(text: str) -> int:
    """The type of an option: an amount of memory such as 500M or 2G."""
    prefixes = {prefix: 1024**power for power, prefix in enumerate(["", "k", "m", "g", "t"])}
    units = {f"{prefix}{unit}": factor for prefix, factor in prefixes.items() for unit in ("", "b", "ib")}
    return int(_quantity(text, units, "an amount such as 500M or 2G"))


def _quantity(text: str, units: dict[str, int], advice: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", text.strip().lower())
    if match is None or match[2] not in units or float(match[1]) == 0:
        raise click.BadParameter(f"{text!r}: write {advice}")
    return float(match[1]) * units[match[2]]


def model_options(model: type[Model]) -> Iterator[Option]:
    """One option for each parameter and budget of a model."""
    for name, param in model.parameters().items():
        flag = name.replace("_", "-")
        yield Option(
            [f"{PREFIX}{name}", f"--{flag}/--no-{flag}" if isinstance(param.default, bool) else f"--{flag}"],
            section="Faults" if param.fault else "Parameters of the model",
            default=param.default,
            show_default=True,
            help=param.help or None,
            **_type(param),
        )


def _type(param: Param) -> dict[str, Any]:
    if isinstance(param.default, bool):
        return {}
    if isinstance(param.default, int):
        return {"type": number(param.least, param.most), "metavar": "N"}
    return {"type": str, "metavar": "TEXT"}
