"""The verb `models`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from dscheck import models as catalogue
from dscheck.checker.notation.marks import Declared, declared_in
from dscheck.checker.notation.model import Model
from dscheck.checker.traces.text import Line
from dscheck.cli.console import show
from dscheck.cli.loading import load


@click.command()
@click.argument("model", required=False)
def models(model: str | None) -> None:
    """List the models of the catalogue, or show one MODEL: a name, or a file, such as ./mine.py."""
    show(_details(load(model), model) if model else _list())


def _list() -> Iterator[Line]:
    for name in catalogue.names():
        model = load(name)
        yield Line("heading", name)
        yield Line("plain", f"  {_summary(model)}")
        yield from _row("parameters", [f"{key} {param.default}" for key, param in model.parameters().items()])
        yield from _row("promises", [found.name for found in _declared(model, "always", "refines")])
        yield from _row("goals", [found.name for found in _declared(model, "sometimes")])
        yield from _row("mutants", [mutant.__name__ for mutant in model.mutants])
        yield Line("plain", "")
    yield Line("note", "dscheck models NAME shows more, dscheck explore NAME searches")


def _details(model: type[Model], reference: str) -> Iterator[Line]:
    yield Line("heading", model.__name__)
    yield from (Line("plain", f"  {line}".rstrip()) for line in _doc(model).splitlines())
    parameters = [(f"{key} {param.default}", param.help) for key, param in model.parameters().items()]
    yield from _table("parameters", parameters)
    yield from _table("actions", [_method(found) for found in _declared(model, "action", "receive")])
    yield from _table("promises", [_method(found) for found in _declared(model, "always", "refines")])
    yield from _table("goals", [_method(found) for found in _declared(model, "sometimes")])
    yield from _table("bounds", [_method(found) for found in _declared(model, "bound", "ends")])
    mutants = [(m.__name__, f"{_summary(m)}  Breaks {m.breaks}.") for m in model.mutants]
    yield from _table("mutants", mutants)
    yield Line("plain", "")
    yield Line("note", f"dscheck explore {reference} --help lists the options")


def _row(title: str, names: list[str]) -> Iterator[Line]:
    if names:
        yield Line("plain", f"  {title:<11} {', '.join(names)}")


def _table(title: str, rows: list[tuple[str, str]]) -> Iterator[Line]:
    if rows:
        width = max(len(name) for name, _ in rows)
        yield Line("plain", "")
        yield Line("heading", f"  {title}")
        yield from (Line("plain", f"    {name:<{width}}  {text}".rstrip()) for name, text in rows)


def _declared(model: type[Model], *kinds: str) -> list[Declared]:
    return [found for found in declared_in(model) if found.kind in kinds]


def _method(declared: Declared) -> tuple[str, str]:
    _, *parameters = inspect.signature(declared.function).parameters
    text = inspect.getdoc(declared.function) or ""
    return f"{declared.name}({', '.join(parameters)})", text.partition("\n\n")[0].replace("\n", " ")


def _doc(model: type[Model]) -> str:
    """What the class itself says; `inspect.getdoc` would fall back to what Model says."""
    return inspect.cleandoc(model.__doc__ or "")


def _summary(model: type[Model]) -> str:
    """The first paragraph of what the model says about itself."""
    return _doc(model).partition("\n\n")[0].replace("\n", " ")
