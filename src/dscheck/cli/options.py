"""Options with units, and those that a model adds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import click

from dscheck.checker.notation.marks import declared_in
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.parameters import Param

PREFIX: Final = "model_"
"""Before the name of a model's parameter, so that none can be mistaken for an option of the search."""


class Quantity(click.ParamType):
    """A number with a unit."""

    def __init__(self, name: str, units: dict[str, float], example: str) -> None:
        self.name, self._units, self._example = name, units, example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return value
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]*)", value.strip().lower())
        if match is None or match[2] not in self._units or float(match[1]) == 0:
            self.fail(f"{value!r}: write {self._example}", param, ctx)
        return float(match[1]) * self._units[match[2]]


DURATION: Final = Quantity(
    "duration", {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}, "a time such as 90, 90s, 5m or 2h"
)
SIZE: Final = Quantity(
    "size",
    {f"{prefix}{unit}": 1024.0**power for power, prefix in enumerate(["", "k", "m", "g", "t"]) for unit in ("", "b", "ib")},
    "a size such as 500M or 2G",
)


class ModelOption(click.Option):
    """An option that the model adds: a parameter, or a budget of faults."""

    def __init__(self, param: Param) -> None:
        flag = param.name.replace("_", "-")
        kind = _type(param)
        declaration = f"--{flag}/--no-{flag}" if kind is click.BOOL else f"--{flag}"
        metavar = {int: "N", str: "TEXT"}.get(type(param.default))
        super().__init__(
            [f"{PREFIX}{param.name}", declaration],
            default=param.default,
            show_default=True,
            help=param.help or None,
            type=None if kind is click.BOOL else kind,
            metavar=metavar,
        )
        self.is_budget = param.fault is not None


def _type(param: Param) -> click.ParamType:
    if isinstance(param.default, bool):
        return click.BOOL
    if isinstance(param.default, int):
        return click.IntRange(param.least, param.most)
    return click.STRING


def model_options(model: type[Model]) -> Iterator[ModelOption]:
    """One option for each parameter and budget of a model."""
    return map(ModelOption, model.parameters().values())


def property_names(model: type[Model]) -> list[str]:
    """What can be checked of a model."""
    return [found.name for found in declared_in(model) if found.kind in ("always", "sometimes", "refines")]
