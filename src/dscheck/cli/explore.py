"""The verb `explore`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from dscheck.checker.notation.model import Model
from dscheck.checker.search.explore import explore as search
from dscheck.checker.search.wording import lines
from dscheck.cli.console import show
from dscheck.cli.loading import is_reference, load, mutant_of
from dscheck.cli.options import DURATION, PREFIX, SIZE, ModelOption, model_options, property_names
from dscheck.cli.progress import progress_line
from dscheck.cli.writing import check_writable, write_json

_MODEL: Final = "dscheck.model"


class ExploreCommand(click.Command):
    """A command with the options of the model that its arguments name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[_MODEL] = self._model(args)
        return super().parse_args(ctx, args)

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        model = ctx.meta.get(_MODEL)
        return [*super().get_params(ctx), *(model_options(model) if model else [])]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        if model := ctx.meta.get(_MODEL):
            formatter.write_paragraph()
            with formatter.section(model.__name__):
                formatter.write_text(model.__doc__ or "")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {"Parameters of the model": [], "Faults": [], "Options": []}
        for param in self.get_params(ctx):
            title = "Options"
            if isinstance(param, ModelOption):
                title = "Faults" if param.is_budget else "Parameters of the model"
            if (record := param.get_help_record(ctx)) is not None:
                sections[title].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)

    def _model(self, args: list[str]) -> type[Model] | None:
        """The model that the arguments are about, found before they can be understood."""
        with_value = {name for p in self.params if isinstance(p, click.Option) and not p.is_flag for name in p.opts}
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


@click.command(cls=ExploreCommand, no_args_is_help=True)
@click.argument("model")
@click.option("--mutant", metavar="NAME", help="A deliberately wrong variant of the model.")
@click.option("--depth", type=click.IntRange(0), metavar="N", help="Go no further than so many steps.")
@click.option("--states", type=click.IntRange(1), metavar="N", help="Stop after so many states: undecided.")
@click.option("--time", type=DURATION, metavar="T", help="Stop after 90, 90s, 5m: undecided.")
@click.option("--memory", type=SIZE, metavar="B", help="Stop before taking 500M, 2G: undecided.  [default: 80 % of what is available]")
@click.option("--workers", type=click.IntRange(1), metavar="N", help="Threads.  [default: all cores]")
@click.option("--walks", type=click.IntRange(1), metavar="N", help="Take random walks instead of every step.")
@click.option("--length", type=click.IntRange(1), metavar="N", default=100, help="Steps of a walk.", show_default=True)
@click.option("--seed", type=int, metavar="N", default=0, help="Of walks and of the audit's sample.", show_default=True)
@click.option("--audit", type=click.Choice(["sample", "all", "none"]), default="sample", show_default=True, help="Repeat runs of the model, to find hidden state.")
@click.option("--deadlock/--no-deadlock", default=None, help="Must something always be possible?  [default: if the model has @ends]")
@click.option("--property", "properties", metavar="NAME", multiple=True, help="Check only this; may be repeated.")
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the whole result to a file.")
@click.option("--progress/--no-progress", default=None, help="Say how far it is.  [default: on a terminal]")
@click.pass_context
def explore(ctx: click.Context, file: Path | None, progress: bool | None, **options: Any) -> None:
    """Search MODEL for what can go wrong: a name of the catalogue, such as raft, or a file, ./mine.py or
    ./mine.py:Mine.

    Every reachable state is visited.  The verdict says whether the model keeps its promises, and shows a shortest way
    to break one.
    """
    model: type[Model] = ctx.meta[_MODEL]
    for name in ("model", "mutant"):
        del options[name]
    params = {name.removeprefix(PREFIX): options.pop(name) for name in list(options) if name.startswith(PREFIX)}
    _check_properties(model, options["properties"])
    if file is not None:
        check_writable(file)
    options["properties"] = options["properties"] or None
    options["memory"] = options["memory"] and int(options["memory"])
    with progress_line(progress) as told:
        result = search(model(**params), progress=told, **options)
    show(lines(result))
    if file is not None:
        write_json(file, result.to_json())
    ctx.exit(result.exit_code)


def _check_properties(model: type[Model], names: tuple[str, ...]) -> None:
    known = property_names(model)
    for name in names:
        if name not in known:
            raise click.BadParameter(f"{model.__name__} has no property {name!r}; it has {', '.join(known)}", param_hint="--property")
