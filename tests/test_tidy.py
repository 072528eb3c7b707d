"""The rules of the house, as tests; docs/decisions and DESIGN say why they are kept."""

from __future__ import annotations

import ast
import builtins
import collections.abc
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import click
import networkx as nx
import pytest

from dscheck import models
from dscheck.cli.loading import load
from house import (
    PACKAGE,
    ROOT,
    decorators,
    definitions,
    files,
    functions,
    imports,
    mentions,
    module_name,
    modules,
    place,
    tree,
)

PYTHON = files(".py", "src", "tests", "benchmarks")
RUST = files(".rs", "engine")

LAYERS = [
    [
        *("dscheck.checker.errors", "dscheck.checker.verdict", "dscheck.checker.version"),
        *("dscheck.checker.line", "dscheck.checker.amounts", "dscheck.checker.pictures"),
    ],
    ["dscheck.checker.specifications"],
    ["dscheck.checker.notation"],
    ["dscheck._engine", "dscheck.checker.interrupts"],
    ["dscheck.histories"],
    ["dscheck.checker.consistency"],
    ["dscheck.checker.rules"],
    ["dscheck.checker.traces"],
    ["dscheck.checker.search"],
    ["dscheck.checker"],
    ["dscheck"],
    ["dscheck.models"],
    ["dscheck.cli", "dscheck.__main__"],
]
"""From the bottom up: a module imports from its own layer and from lower ones."""

QUIET = {
    *(
        "property",
        "cached_property",
        "setter",
        "staticmethod",
        "classmethod",
        "dataclass",
        "dataclass_transform",
    ),
    *("cache", "lru_cache", "contextmanager", "final", "abstractmethod", "overload", "runtime_checkable"),
}
"""Decorators that do not register what they decorate anywhere."""

TEXTS = {"", ".py", ".pyi", ".rs", ".md", ".toml", ".json", ".yml", ".sh"}


def none(wrong: list[str]) -> None:
    """Nothing breaks the rule; where something does, pytest shows all of it."""
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


@pytest.mark.parametrize("sources", [PYTHON, RUST], ids=["python", "rust"])
def test_files_are_short(sources: list[Path]) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources}
    none([place(path, n) for path, n in lengths.items() if n > 500])
    assert median(lengths.values()) < 200


@pytest.mark.parametrize("sources", [PYTHON, RUST], ids=["python", "rust"])
def test_functions_are_short(sources: list[Path]) -> None:
    found = [function for path in sources for function in functions(path)]
    assert len(found) > len(sources), "the scan has gone blind"
    none([f"{place(f.path, f.line)} {f.name}: {f.lines} lines" for f in found if f.lines >= 70])


def layer(module: str) -> int:
    """The position in LAYERS of the longest prefix that fits."""
    places = ((name, at) for at, names in enumerate(LAYERS) for name in names)
    return max((len(name), at) for name, at in places if f"{module}.".startswith(f"{name}."))[1]


def test_arrows_point_one_way() -> None:
    wrong = [
        f"{importer} imports {imported}"
        for importer, path in modules().items()
        for imported in imports(path, for_types=True)
        if layer(imported) > layer(importer)
    ]
    none(wrong)


def test_models_need_only_the_notation() -> None:
    allowed = ("dscheck.checker.notation", "dscheck.checker.specifications", "dscheck.models")
    wrong = [
        f"{importer} imports {imported}"
        for importer, path in modules().items()
        if importer.startswith("dscheck.models.")
        for imported in imports(path, for_types=True)
        if imported != "dscheck" and not imported.startswith(allowed)
    ]
    none(wrong)


def test_no_import_circle() -> None:
    arrows = [(name, used) for name, path in modules().items() for used in imports(path, for_types=False)]
    knots: Iterable[set[str]] = nx.strongly_connected_components(nx.DiGraph(arrows))
    none([" <-> ".join(sorted(knot)) for knot in knots if len(knot) > 1])


def test_public_names_are_documented() -> None:
    """An override inherits its text; actions and messages of the catalogue's models speak for themselves."""
    missing = [place(path, 1) for path in modules().values() if not ast.get_docstring(tree(path))]
    for path in modules().values():
        for node, owner in definitions(path):
            public = not node.name.startswith("_") and (owner is None or not owner.name.startswith("_"))
            in_catalogue = PACKAGE / "models" in path.parents and not is_model(node)
            undocumented = not ast.get_docstring(node) and not is_inherited(node.name, owner)
            if public and undocumented and not in_catalogue and "overload" not in decorators(node):
                missing.append(f"{place(path, node.lineno)} {node.name}")
    none(missing)


def ancestors(owner: ast.ClassDef) -> set[str]:
    """The names of a class's bases, and of theirs as far as they are ours."""
    everything = (node for path in modules().values() for node, _ in definitions(path))
    classes = {node.name: node for node in everything if isinstance(node, ast.ClassDef)}
    found: set[str] = set()
    todo = [owner]
    while todo:
        bases = {re.sub(r"\[.*", "", ast.unparse(base)).split(".")[-1] for base in todo.pop().bases}
        todo += [classes[name] for name in bases - found if name in classes]
        found |= bases
    return found


def is_inherited(name: str, owner: ast.ClassDef | None) -> bool:
    """Whether a base class declares this method: one of ours, of Python's, or of click's."""
    above = ancestors(owner) if owner else set()
    methods = (pair for path in modules().values() for pair in definitions(path))
    ours = (node.name for node, of in methods if of and of.name in above)
    theirs = (getattr(home, base, None) for home in (builtins, collections.abc, click) for base in above)
    return name in ours or any(hasattr(base, name) for base in theirs)


def is_model(node: ast.AST) -> bool:
    return isinstance(node, ast.ClassDef) and "Model" in ancestors(node)


def test_no_dead_definitions() -> None:
    """Everything is used elsewhere in the package, exported, registered by a decorator, or an override.

    A public method of a public class is part of the interface: for it, a use in tests or documents will do.
    """
    used = sum((mentions(tree(path)) for path in modules().values()), Counter[str]())
    shown = sum((mentions(tree(path)) for path in files(".py", "tests", "benchmarks")), Counter[str]())
    shown.update(word for path in files(".md") for word in words(path))
    dead = []
    for path in modules().values():
        for node, owner in definitions(path):
            elsewhere = used[node.name] - mentions(node)[node.name]
            if owner and not node.name.startswith("_"):
                elsewhere += shown[node.name]
            registered = bool(decorators(node) - QUIET)
            special = node.name.startswith(("__", "_repr_")) or is_inherited(node.name, owner)
            if not (elsewhere or registered or special):
                dead.append(f"{place(path, node.lineno)} {node.name}")
    none(dead)


def words(path: Path) -> list[str]:
    return re.findall(r"\w+", path.read_text("utf-8"))


def test_no_dead_modules() -> None:
    """Every module is imported by another, or named in a table of lazy ones."""
    used = sum((mentions(tree(path)) for path in modules().values()), Counter[str]())
    alive = {"__init__.py", *(f"{name}.py" for name in models.names())}  # the catalogue is its folder
    none([place(path, 1) for path in modules().values() if path.name not in alive and not used[path.stem]])


def test_no_empty_packages() -> None:
    for folder in [p for p in PACKAGE.rglob("*") if p.is_dir() and p.name != "__pycache__"]:
        assert (folder / "__init__.py").is_file(), f"{module_name(folder / '__init__.py')} is not a package"
        assert len(list(folder.iterdir())) > 1, f"{folder.relative_to(ROOT)} holds nothing"


@pytest.mark.parametrize("name", models.names())
def test_every_model_has_mutants_and_pinned_counts(name: str) -> None:
    model = load(name)
    assert model.mutants, "write a @mutant"
    assert all(mutant.caught and mutant.caught.steps for mutant in model.mutants), "@mutant(..., steps=...)"
    assert len({str(count.params) for count in model.pinned}) >= 2, "pin the number of states at two sizes"


def test_nothing_ties_the_house_to_one_machine() -> None:
    """No absolute paths, no package index: the tools' own configuration knows where things come from."""
    paths = r"(?<![\w.~])/(work|home|root|Users|opt)/\w|[A-Z]:\\\\\w"
    hosts = r"(index|find)-(url|links)|pypi\.org|pythonhosted|crates\.io/"
    ties = re.compile(f"{paths}|{hosts}")
    texts = [path for path in files("") if path.suffix in TEXTS]
    found = [
        f"{place(path, number)} {line.strip()[:80]}"
        for path in texts
        if path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if ties.search(line)
    ]
    none(found)
