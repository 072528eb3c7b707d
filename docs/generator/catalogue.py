"""The catalogue as Markdown: a page for each model, with what its mutants break, drawn."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

import pictures

from dscheck import Model, models
from dscheck.checker.notation.counted import Count
from dscheck.checker.notation.marks import Declared, declared_in
from dscheck.cli.loading import load

HERE: Final = "<!-- the catalogue -->"
"""In a page, where the overview belongs."""

_SMALL: Final = 40
"""A state graph with more states is not drawn."""
_STEPS: Final = ("action", "receive")
_KINDS: Final = {
    "always": "in every state",
    "refines": "in every step",
    "linearizable": "of all operations",
    "sequentially_consistent": "of all operations",
    "lemma": "helps to prove it",
    "sometimes": "in some state",
    "ends": "where nothing can happen",
    "bound": "as far as the search goes",
}
"""Where a property is to hold."""
_SPELLED: Final = {"abd_register": "ABD register", "two_phase_commit": "Two-phase commit"}


def navigation() -> list[dict[str, list[dict[str, str]]]]:
    """The pages of the models by topic, as MkDocs has it."""
    return [
        {_words(topic): [{_title(name): f"models/{topic}/{name}.md"} for name in names]}
        for topic, names in _topics()
    ]


def overview() -> str:
    """All models in tables, one for each topic."""
    return "\n\n".join(part for topic, names in _topics() for part in _topic(topic, names))


@cache
def pages() -> Mapping[str, str]:
    """Every generated file, as its path in the site with its content."""
    return {
        path: content
        for topic, names in _topics()
        for name in names
        for path, content in _files(f"models/{topic}", name)
    }


def _topics() -> list[tuple[str, list[str]]]:
    return [(topic, names) for topic, names in models.topics().items() if names]


def _topic(topic: str, names: list[str]) -> Iterator[str]:
    about = inspect.cleandoc(import_module(f"dscheck.models.{topic}").__doc__ or "")
    yield f"## {_words(topic)}"
    yield _plain(about)
    found = {name: load(name) for name in names}
    rows = (
        [
            f"[{_title(name)}]({topic}/{name}.md)",
            _plain(_doc(model).partition("\n\n")[0]),
            str(len(model.mutants)),
        ]
        for name, model in found.items()
    )
    yield _table(("model", "what it promises", "mutants"), rows)


def _files(folder: str, name: str) -> Iterator[tuple[str, str]]:
    """The page of a model, and the pictures that it shows."""
    model = load(name)
    drawn = {mutant: pictures.counterexample(mutant) for mutant in model.mutants}
    graph = _smallest(model)
    yield f"{folder}/{name}.md", "\n\n".join(_page(name, model, drawn, graph))
    for mutant, picture in drawn.items():
        yield f"{folder}/{name}/{mutant.__name__}.html", picture.page
    if graph is not None:
        yield f"{folder}/{name}/graph.svg", pictures.graph(model(**graph.params))


def _page(
    name: str, model: type[Model], drawn: Mapping[type[Model], pictures.Counterexample], graph: Count | None
) -> Iterator[str]:
    module = import_module(model.__module__)
    yield f"# {_title(name)}"
    yield from _paragraphs(inspect.cleandoc(module.__doc__ or ""))
    about = "\n\n".join(_paragraphs(_doc(model)))
    yield f'!!! abstract "{model.__name__}"\n\n{_indented(about)}'
    yield f"```console\n$ dscheck explore {name}\n$ dscheck models {name}\n```"
    yield from _parameters(model)
    yield from _declared(model)
    yield from _sizes(name, model, graph)
    yield from _mutants(name, drawn)
    place = model.__module__.replace("dscheck.", "", 1).replace(".", "/")
    source = _indented(f"```python\n{inspect.getsource(module)}```")
    yield f'## Source\n\n??? quote "{place}.py"\n\n{source}'


def _parameters(model: type[Model]) -> Iterator[str]:
    rows = (
        [f"`{_option(name)}`", f"`{param.default}`", _plain(param.help)]
        for name, param in model.parameters().items()
    )
    if table := _table(("option", "default", ""), rows):
        yield f"## Parameters\n\n{table}"


def _declared(model: type[Model]) -> Iterator[str]:
    found = declared_in(model)
    steps = ([_signature(each), _text(each)] for each in found if each.kind in _STEPS)
    yield f"## What may happen\n\n{_table(('step', ''), steps)}"
    held = ([_signature(each), _KINDS[each.kind], _text(each)] for each in found if each.kind in _KINDS)
    yield f"## What must hold\n\n{_table(('property', '', ''), held)}"


def _sizes(name: str, model: type[Model], graph: Count | None) -> Iterator[str]:
    yield "## How many states"
    yield "Tests hold these numbers fast."
    rows = (
        [
            f"`dscheck explore {name}{_options(count.params)}{_depth(count)}`",
            f"{count.states:,}",
            "" if count.transitions is None else f"{count.transitions:,}",
        ]
        for count in model.pinned
    )
    yield _table(("", "states", "transitions"), rows, right=2)
    if graph is not None:
        yield (
            f"The {graph.states} states of the smallest one. Point at a state or a step to see what it is. "
            "Thick: where it begins. Dashed: where nothing more can happen."
        )
        yield (
            f'<div class="graph"><object type="image/svg+xml" data="{name}/graph.svg">'
            f'<img src="{name}/graph.svg" alt="the state graph"></object></div>'
        )


def _mutants(name: str, drawn: Mapping[type[Model], pictures.Counterexample]) -> Iterator[str]:
    yield "## Mutants"
    yield (
        "Deliberately wrong variants, each with a shortest counterexample. In the drawings time runs "
        "downwards; what the end does not depend on is pale."
    )
    for at, (mutant, picture) in enumerate(drawn.items()):
        assert mutant.caught is not None
        yield f"### {mutant.__name__}"
        yield from _paragraphs(_doc(mutant))
        command = f"dscheck explore {name} --mutant {mutant.__name__}{_options(mutant.caught.params)}"
        yield f"```console\n$ {command}\n{picture.sentence}\n```"
        code = _indented(f"```python\n{inspect.getsource(mutant).strip()}\n```")
        yield f'??? note "What is different"\n\n{code}'
        figure = (
            f'<div class="drawing" markdown="0">{picture.drawing}</div>\n\n'
            f"[Step through it]({name}/{mutant.__name__}.html){{ .stepping }}"
        )
        yield figure if at == 0 else f'??? example "The counterexample, drawn"\n\n{_indented(figure)}'


def _smallest(model: type[Model]) -> Count | None:
    """For which parameters the model is small enough to be drawn whole."""
    small = [count for count in model.pinned if count.depth is None and count.states <= _SMALL]
    return min(small, key=lambda count: count.states, default=None)


# -- words


def _signature(declared: Declared) -> str:
    _, *parameters = inspect.signature(declared.function).parameters.values()
    return f"`{declared.name}({', '.join(f'{each.name}: {each.annotation}' for each in parameters)})`"


def _text(declared: Declared) -> str:
    return _plain(inspect.getdoc(declared.function) or "")


def _doc(model: type[Model]) -> str:
    """What the class itself says; `inspect.getdoc` would fall back to what its base says."""
    return inspect.cleandoc(model.__doc__ or "")


def _paragraphs(text: str) -> Iterator[str]:
    """A docstring as Markdown: plain text, and code where it has backticks."""
    yield from (_plain(paragraph) for paragraph in text.split("\n\n"))


def _plain(text: str) -> str:
    """A paragraph of a docstring in one line, with nothing in it that Markdown would take for a mark."""
    parts = re.split(r"(``?[^`]+``?)", " ".join(text.split()))
    return "".join(
        part if at % 2 else re.sub(r"([\\*_\[\]<>|#])", r"\\\1", part) for at, part in enumerate(parts)
    )


def _table(head: tuple[str, ...], rows: Iterable[list[str]], right: int = 0) -> str:
    """A table without the columns that are empty; the last `right` of them hold numbers."""
    lines = list(rows)
    if not lines:
        return ""
    kept = [at for at in range(len(head)) if any(line[at] for line in lines)]
    rules = ["--:" if at >= len(head) - right else "---" for at in range(len(head))]
    return "\n".join(f"| {' | '.join(line[at] for at in kept)} |" for line in [list(head), rules, *lines])


def _depth(count: Count) -> str:
    return "" if count.depth is None else f" --depth {count.depth}"


def _options(params: Mapping[str, Any]) -> str:
    """Parameters as one would type them, with a space before each."""
    return "".join(f" {_typed(name, value)}" for name, value in params.items())


def _typed(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _option(name if value else f"no-{name}")
    return f"{_option(name)} {value}"


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _title(name: str) -> str:
    """`lease_lock` as it is read."""
    return _SPELLED.get(name, _words(name))


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _indented(text: str) -> str:
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)
