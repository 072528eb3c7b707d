"""Marks: what a decorator such as `@action` leaves on a method, and how the marked methods are found."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from dscheck.checker.errors import ModelError

F = TypeVar("F", bound=Callable[..., Any])
_MARK = "_dscheck_mark"


@dataclass(frozen=True)
class Mark:
    """What kind of method it is, with the options of its decorator."""

    kind: str
    options: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Declared:
    """One action, handler or property of a model class."""

    kind: str
    """One of action, receive, always, lemma, sometimes, bound, ends, refines."""
    name: str
    function: Callable[..., Any]
    """The method as written; called with the model first."""
    options: Mapping[str, Any]
    """What the decorator was given."""
    owner: type
    """The class whose body the method stands in."""

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.name}"


def mark(function: F, kind: str, **options: Any) -> F:
    """Leave a mark on a method; the method itself stays as it is."""
    if not inspect.isfunction(function):
        raise ModelError(
            f"@{kind}: {function!r} is not a method; write `@{kind}` right above `def name(self, ...)`"
        )
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        raise ModelError(
            f"{function.__qualname__}: a method marked @{kind} runs at once and as a whole; write it without "
            "`yield`, `async` and `await`, as several actions if need be"
        )
    if (other := mark_of(function)) is not None:
        raise ModelError(f"{function.__qualname__} is marked @{other.kind} and @{kind}; write two methods")
    setattr(function, _MARK, Mark(kind, options))
    return function


def mark_of(value: object) -> Mark | None:
    """The mark on a method, if there is one."""
    return getattr(value, _MARK, None) if inspect.isfunction(value) else None


def declared_in(cls: type) -> list[Declared]:
    """The marked methods of a class, inherited ones first and in the order of their definition.

    An override stands where the overridden method stood, and has its mark unless it has one of its own.
    """
    found: dict[str, Declared | None] = {}
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            inherited = found.get(name)
            own = mark_of(value)
            if own is None and inherited is not None and inspect.isfunction(value):
                own = Mark(inherited.kind, inherited.options)
            if own is not None:
                found[name] = Declared(own.kind, name, value, own.options, base)
            elif inherited is not None:
                found[name] = None  # `crash_disk = None` in a subclass takes the action away
    return [declared for declared in found.values() if declared is not None]
