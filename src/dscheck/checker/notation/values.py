"""Values of variables: told apart by type and value, put in a canonical order, and never mutable.

Python says that ``True == 1 == 1.0`` and that a NamedTuple equals a plain tuple, yet a model that reads them
can behave differently.  So nothing relies on a value's own ``==``: states are built of what `key` returns.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum, Flag
from types import BuiltinFunctionType, FunctionType
from typing import Any, ClassVar

from dscheck.checker.errors import ModelError

_ATOMS = (type(None), bool, int, str, bytes)
_CONSTANTS = (type, FunctionType, BuiltinFunctionType)
_UNSEEN = "which can change in place, unseen by the checker"


class Ranked:
    """An object of a numbered kind, such as a node: its number, not its name, orders it."""

    _rank: int


class NotAValue:
    """An object of the notation that stands for a piece of state, and cannot be stored in another one."""

    _why_not: ClassVar[str]
    """How an error goes on after "...": what it is, and what to write instead."""


def key(value: Hashable) -> Hashable:
    """The identity of a value: equal keys mean that no model can tell the two values apart."""
    kind = type(value)
    if kind in _ATOMS:
        return kind, value
    if isinstance(value, (float, complex, Decimal)):
        return kind, repr(value)  # nan is not equal to itself, and 0.0 is equal to -0.0
    if isinstance(value, tuple):
        return kind, tuple(map(key, value))
    if isinstance(value, frozenset):
        return kind, frozenset(map(key, value))
    if _is_record(value):
        return kind, tuple(map(key, _fields(value)))
    return kind, value


def order(value: Hashable) -> tuple[Any, ...]:
    """A sort key: the same order in every process, whatever the types."""
    kind = type(value)
    return f"{kind.__module__}.{kind.__qualname__}", _order_within_type(value)


def _order_within_type(value: Any) -> Any:
    if isinstance(value, Ranked):
        return value._rank
    if isinstance(value, Enum) and not isinstance(value, Flag):
        return list(type(value).__members__).index(value.name)
    if isinstance(value, (int, str, bytes)):
        return value
    if isinstance(value, float):
        return value != value, 0.0 if value != value else value, repr(value)
    if isinstance(value, tuple):
        return tuple(map(order, value))
    if isinstance(value, frozenset):
        return len(value), sorted(map(order, value))
    if _is_record(value):
        return tuple(map(order, _fields(value)))
    return getattr(value, "__qualname__", "") or repr(value)


def in_order(elements: Iterable[Any]) -> list[Any]:
    """The elements as a list; those of a set, whose order differs between processes, in canonical order."""
    if isinstance(elements, (set, frozenset)):
        return sorted(elements, key=order)
    return list(iter(elements))  # without `iter`, a tracked set would be asked for its size: an observation


def show(value: object) -> str:
    """Like `repr`, but the same in every process: what is in a frozenset comes in canonical order."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(show, in_order(value)))}}}"
    if isinstance(value, Enum) and not isinstance(value, Flag):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return _show_record(value, value._fields)
    if isinstance(value, tuple):
        return f"({', '.join(map(show, value))}{',' if len(value) == 1 else ''})"
    if is_dataclass(value) and hasattr(type(value).__repr__, "__wrapped__"):  # generated, not the class's own
        return _show_record(value, [field.name for field in fields(value) if field.repr])
    return repr(value)


def _show_record(value: object, names: Iterable[str]) -> str:
    return f"{type(value).__name__}({', '.join(f'{name}={show(getattr(value, name))}' for name in names)})"


def freeze_check(value: object, where: object) -> None:
    """Refuse a value that could change after it was stored, and say what to write instead."""
    if type(value) in _ATOMS:
        return
    if why_not := _why_not(value):
        raise ModelError(f"{where}: {value!r} is {why_not}")
    for part in _parts(value):
        freeze_check(part, where)


def _why_not(value: object) -> str | None:
    """What is wrong with a value and what to write instead, or None where it is fine."""
    kind = type(value).__name__
    if isinstance(value, NotAValue):
        return value._why_not
    if isinstance(value, bytearray):
        return f"a bytearray, {_UNSEEN}; write bytes(...)"
    if isinstance(value, list):
        return f"a list, {_UNSEEN}; write a tuple: tuple(...), or xs + (x,) to append"
    if isinstance(value, Mapping):
        return (
            f"a {kind}, {_UNSEEN}; write tuple(d.items()), or declare a table, `x: dict[K, V] = var(each(0))`"
        )
    if isinstance(value, Iterator):
        return f"a {kind}, which is used up by reading it; write tuple(...)"
    if isinstance(value, Set) and not isinstance(value, frozenset):
        return f"a {kind}, {_UNSEEN}; write frozenset(...), or declare a set, `x: set[T] = var(set())`"
    if _is_record(value) and not type(value).__dataclass_params__.frozen:  # type: ignore[attr-defined]
        return f"a {kind}, {_UNSEEN}; write @dataclass(frozen=True) above `class {kind}`"
    if type(value).__hash__ is None:
        return f"a {kind}, which is not hashable; write a tuple, a NamedTuple or a frozen dataclass"
    if type(value).__hash__ is object.__hash__ and not isinstance(value, (Enum, *_CONSTANTS)):
        return (
            f"a {kind}, which equals nothing but itself, so no two states would be equal; "
            "write a NamedTuple, a frozen dataclass or an enum"
        )
    return None


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, (tuple, frozenset)):
        return value
    return _fields(value) if _is_record(value) else ()


def _is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in fields(value)]
