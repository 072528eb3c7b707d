"""Specifications by name, as in `--model cas-register`, and from a user's own file."""

from __future__ import annotations

import ast
import sys
import traceback
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.append_list import AppendList
from dscheck.checker.specifications.bank import Bank
from dscheck.checker.specifications.counter import Counter
from dscheck.checker.specifications.key_value import KeyValue
from dscheck.checker.specifications.lock import FencedLock, Mutex
from dscheck.checker.specifications.queue import FifoQueue, PriorityQueue, UnorderedQueue
from dscheck.checker.specifications.rate_limiter import RateLimiter
from dscheck.checker.specifications.register import CasRegister, MultiRegister, Register
from dscheck.checker.specifications.sets import Set
from dscheck.checker.specifications.sorted_set import SortedSet
from dscheck.checker.specifications.specification import Specification
from dscheck.checker.specifications.stack import Deque, Stack

SPECIFICATIONS: Final[dict[str, type[Specification]]] = {
    kind.name: kind
    for kind in (
        Register,
        CasRegister,
        MultiRegister,
        Counter,
        Mutex,
        FencedLock,
        FifoQueue,
        UnorderedQueue,
        PriorityQueue,
        Stack,
        Deque,
        Set,
        SortedSet,
        AppendList,
        KeyValue,
        Bank,
        RateLimiter,
    )
}
"""What is built in, by name."""

ALIASES: Final = {
    "fifo-queue": "queue",
    "bag": "unordered-queue",
    "fenced-lock": "lock",
    "key-value": "kv",
    "list": "append-list",
    "token-bucket": "rate-limiter",
    "zset": "sorted-set",
}
"""Other names for them."""


def by_name(reference: str, **options: Any) -> Specification:
    """A specification from what a user writes: `queue`, `register:initial=0,...`, `./mine.py`,
    `./mine.py:Mine`.

    Options are those of the class; the ones in the reference win.  Raises DscheckError for names and options
    that do not exist, and for files that cannot be imported.
    """
    if ".py" in reference:
        path, _, rest = reference.partition(".py")
        name, _, settings = rest.lstrip(":").partition(":")
        kind = _in_file(Path(f"{path}.py"), name)
    else:
        name, _, settings = reference.partition(":")
        name = canonical(name)
        if name not in SPECIFICATIONS:
            raise DscheckError(f"no data type is called {name!r}.  {_hint(name)}")
        kind = SPECIFICATIONS[name]
    chosen = {**options, **_settings(settings)}
    try:
        return kind(**chosen)
    except TypeError as error:
        raise DscheckError(
            f"{name or kind.__name__} does not take the options {settings!r}: {error}"
        ) from error


def canonical(name: str) -> str:
    """The name of a built-in data type, however it is spelled."""
    plain = name.strip().lower().replace("_", "-")
    return ALIASES.get(plain, plain)


def _hint(name: str) -> str:
    similar = get_close_matches(name, [*SPECIFICATIONS, *ALIASES], n=1)
    known = f"There are {', '.join(SPECIFICATIONS)}; or give a file of your own, ./mine.py:Mine"
    return f"Did you mean {similar[0]}?" if similar else known


def _settings(text: str) -> dict[str, Any]:
    """`capacity=10,rate=5` as a dict; values are Python literals, or else texts."""
    if not text:
        return {}
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        assert isinstance(call, ast.Call)
        return {str(word.arg): _literal(word.value) for word in call.keywords}
    except SyntaxError as error:
        raise DscheckError(
            f"options of a data type are written name=value,name=value, not {text!r}"
        ) from error


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def _in_file(path: Path, name: str) -> type[Specification]:
    module = _module(path)
    found = {
        value.__name__: value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Specification)
        and value.__module__ == module.__name__
    }
    if name and name in found:
        return found[name]
    known = ", ".join(found) or "none"
    if name:
        raise DscheckError(f"{path} has no specification {name}; it has {known}")
    if len(found) != 1:
        raise DscheckError(f"{path} has {known} as specifications: write {path}:Name for one of them")
    return next(iter(found.values()))


def _module(path: Path) -> ModuleType:
    """The module in a file; its folder is where it finds its own imports."""
    if not path.is_file():
        raise DscheckError(f"there is no file {path}")
    name = f"dscheck_specification_{path.stem}"
    spec = spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look there
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except DscheckError as error:
        raise DscheckError(f"{path}: {error}") from error
    except (Exception, SystemExit) as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        raise DscheckError(f"{path} cannot be imported: {text}") from error
    return module


__all__ = ["ALIASES", "SPECIFICATIONS", "by_name", "canonical"]
