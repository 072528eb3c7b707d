"""The verb `models`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from dscheck import models as catalogue
from dscheck.checker.line import Line
from dscheck.checker.notation.counted import Count
from dscheck.checker.notation.marks import Declared, declared_in
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.properties import AIDS, PROMISES
from dscheck.cli.console import show
from dscheck.cli.loading import load


@click.command()
@click.argument("model", required=False)
def models(model: str | None) -> None:
    """List the models of the catalogue, or show one MODEL: a name, or a file, such as ./mine.py."""
    show(_details(load(model), model) if model else _list())


def _list() -> Iterator[Line]:
    for topic, names in catalogue.topics().items():
        yield Line("heading", topic)
        summaries = [(name, _summary(load(name))) for name in names]
        yield from _rows("  ", summaries)
        yield Line("plain", "")
    yield Line("note", "dscheck models NAME shows one, dscheck explore NAME searches it")


def _details(model: type[Model], reference: str) -> Iterator[Line]:
    yield Line("heading", model.__name__)
    yield from (Line("plain", f"  {line}".rstrip()) for line in _doc(model).splitlines())
    parameters = [(f"{key} {param.default}", param.help) for key, param in model.parameters().items()]
    yield from _table("parameters", parameters)
    yield from _table("actions", [_method(found) for found in _declared(model, "action", "receive")])
    yield from _table("promises", [_method(found) for found in _declared(model, *PROMISES)])
    yield from _table("lemmas", [_method(found) for found in _declared(model, *AIDS)])
    yield from _table("goals", [_method(found) for found in _declared(model, "sometimes")])
    yield from _table("bounds", [_method(found) for found in _declared(model, "bound")])
    yield from _table("proper ends", [_method(found) for found in _declared(model, "ends")])
    mutants = [(m.__name__, f"{_summary(m)}  Breaks {m.breaks}.") for m in model.mutants]
    yield from _table("mutants", mutants)
    yield from _table("states", [_count(count) for count in model.pinned])
    yield Line("plain", "")
    yield Line("note", f"dscheck explore {reference} --help lists the options")


def _table(title: str, rows: list[tuple[str, str]]) -> Iterator[Line]:
    if rows:
        yield Line("plain", "")
        yield Line("heading", f"  {title}")
        yield from _rows("    ", rows)


def _rows(margin: str, rows: list[tuple[str, str]]) -> Iterator[Line]:
    width = max(len(name) for name, _ in rows)
    yield from (Line("plain", f"{margin}{name:<{width}}  {text}".rstrip()) for name, text in rows)


def _declared(model: type[Model], *kinds: str) -> list[Declared]:
    return [found for found in declared_in(model) if found.kind in kinds]


def _method(declared: Declared) -> tuple[str, str]:
    _, *parameters = inspect.signature(declared.function).parameters
    text = inspect.getdoc(declared.function) or ""
    return f"{declared.name}({', '.join(parameters)})", text.partition("\n\n")[0].replace("\n", " ")


def _count(count: Count) -> tuple[str, str]:
    """For which parameters a model is known to have how many states."""
    within = f", up to depth {count.depth}" if count.depth else ""
    return " ".join(
        f"{name} {value}" for name, value in count.params.items()
    ) or "as it is", f"{count.states:,}{within}"


def _doc(model: type[Model]) -> str:
    """What the class itself says; `inspect.getdoc` would fall back to what Model says."""
    return inspect.cleandoc(model.__doc__ or "")


def _summary(model: type[Model]) -> str:
    """The first paragraph of what the model says about itself."""
    return _doc(model).partition("\n\n")[0].replace("\n", " ")
