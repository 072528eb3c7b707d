"""The source as data: files, functions, imports, definitions, mentions.  test_tidy.py asks the questions."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "dscheck"
UNTRACKED = {".git", ".venv", ".hypothesis", "target", "dist", "__pycache__"}

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def files(suffix: str, *folders: str) -> list[Path]:
    """Our files of one kind under these folders, or everywhere; what tools leave behind is not ours."""
    found = (path for folder in folders or [""] for path in (ROOT / folder).rglob(f"*{suffix}"))
    return sorted(p for p in found if p.is_file() and not is_untracked(p) and not through_link(p))


def is_untracked(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part in UNTRACKED or part.endswith(("_cache", ".egg-info")) for part in parts)


def through_link(path: Path) -> bool:
    """Whether the path goes through one of the links at the top, so that the file has another name, too."""
    return any(parent.is_symlink() for parent in [path, *path.parents])


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def place(path: Path, line: int) -> str:
    """A clickable place."""
    return f"{path.relative_to(ROOT)}:{line}"


@dataclass(frozen=True)
class Function:
    """A function's place and length."""

    path: Path
    line: int
    name: str
    lines: int


def functions(path: Path) -> Iterator[Function]:
    """Every function of a Python or Rust file, decorators included; nested ones count into their parents."""
    if path.suffix == ".py":
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
                yield Function(path, first, node.name, (node.end_lineno or first) - first + 1)
    else:
        yield from rust_functions(path)


def rust_functions(path: Path) -> Iterator[Function]:
    """As rustfmt lays it out: a function ends at the first closing brace that is indented as its head is."""
    lines = path.read_text("utf-8").splitlines()
    for start, line in enumerate(lines):
        if head := re.match(r"(\s*)(?:pub(?:\([^)]*\))? )?(?:const |unsafe |extern \"C\" )*fn (\w+)", line):
            closing = re.compile(rf"{head[1]}(\}}|\).*;)$")
            below = (at for at in range(start + 1, len(lines)) if closing.match(lines[at]))
            end = start if line.endswith((";", "}")) else next(below)
            yield Function(path, start + 1, head[2], end - start + 1)


def module_name(path: Path) -> str:
    """`dscheck.checker.rules.system` for its file."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every module of the package."""
    return {module_name(path): path for path in files(".py", "src/dscheck")}


def imports(path: Path, *, for_types: bool) -> Iterator[str]:
    """Our modules that a file imports, anywhere in it; those that only type checkers see if asked for."""
    only_types = {id(node) for test in ast.walk(tree(path)) if is_for_types(test) for node in ast.walk(test)}
    for node in ast.walk(tree(path)):
        if for_types or id(node) not in only_types:
            yield from imported(path, node)


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def imported(path: Path, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "dscheck")
    elif isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            package = module_name(path).split(".")
            package = package if path.name == "__init__.py" else package[:-1]
            base = ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])
        if base.split(".")[0] == "dscheck":
            names = (f"{base}.{alias.name}" for alias in node.names)
            yield from (name if name in modules() or name == "dscheck._engine" else base for name in names)


def definitions(path: Path) -> Iterator[tuple[Definition, ast.ClassDef | None]]:
    """Functions and classes of a module, and its classes' methods with their class; nothing nested deeper."""
    for node in tree(path).body:
        if isinstance(node, Definition):
            yield node, None
        if isinstance(node, ast.ClassDef):
            yield from ((child, node) for child in node.body if isinstance(child, Definition))


def mentions(node: ast.AST) -> Counter[str]:
    """How often each identifier is used under a node; also in dotted strings, as tables of lazy names."""
    found: Counter[str] = Counter()
    for child in ast.walk(node):
        if isinstance(child, ast.Name):
            found[child.id] += 1
        elif isinstance(child, ast.Attribute):
            found[child.attr] += 1
        elif isinstance(child, ast.Import | ast.ImportFrom):
            found.update(part for alias in child.names for part in alias.name.split("."))
            found.update((getattr(child, "module", None) or "").split("."))
        elif isinstance(child, ast.Constant) and re.fullmatch(r"[\w.:]+", str(child.value)):
            found.update(re.split(r"[.:]", str(child.value)))
    return found


def decorators(node: Definition) -> set[str]:
    """The last names of a definition's decorators: `command` for `@main.command("x")`."""
    return {ast.unparse(d).split("(")[0].split(".")[-1] for d in node.decorator_list}
