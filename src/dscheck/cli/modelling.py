"""Commands about a model, with an option for each of its parameters."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any, Final

import click

from dscheck.checker.notation.model import Model
from dscheck.cli.loading import is_reference, load, mutant_of
from dscheck.cli.options import PREFIX, model_options
from dscheck.cli.sections import SectionedCommand

_MODEL: Final = "dscheck.model"


class ModelCommand(SectionedCommand):
    """A command with the options of the model that its arguments name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_MODEL] = self._model(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        own = super().get_params(ctx)
        model = ctx.meta.get(_MODEL)
        if model is None:
            return own
        added = list(model_options(model))
        taken = {name for param in own for name in (*param.opts, *param.secondary_opts)}
        for each in added:
            for name in taken.intersection(each.opts):
                raise click.UsageError(
                    f"{name} is an option of dscheck: rename the parameter of {model.__name__}"
                )
        return [*added, *own]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        if model := ctx.meta.get(_MODEL):
            with formatter.section(model.__name__):
                formatter.write_text(cleandoc(model.__doc__ or ""))

    def _model(self, args: list[str]) -> type[Model] | None:
        """The model that the arguments are about: it is needed before they can be understood."""
        options = [param for param in self.params if isinstance(param, click.Option) and not param.is_flag]
        with_value = {name for option in options for name in option.opts}
        words, mutant = [], ""
        rest = iter(args)
        for arg in rest:
            name, _, value = arg.partition("=")
            if name in with_value:
                value = value or next(rest, "")
                mutant = value if name == "--mutant" else mutant
            elif not arg.startswith("-"):
                words.append(arg)
        if not words:
            return None
        model = load(next(filter(is_reference, words), words[0]))
        return mutant_of(model, mutant) if mutant else model


def model_of(ctx: click.Context) -> type[Model]:
    """The class of the model, or of its mutant, that a command is about."""
    model: type[Model] = ctx.meta[_MODEL]
    return model


def params_of(options: dict[str, Any]) -> dict[str, Any]:
    """Take the parameters of the model, and which model it is, out of all options."""
    del options["model"], options["mutant"]
    chosen = [name for name in options if name.startswith(PREFIX)]
    return {name.removeprefix(PREFIX): options.pop(name) for name in chosen}
