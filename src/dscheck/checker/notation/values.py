"""Values of variables: told apart by type and value, put in a canonical order, and never mutable.

Python says that ``True == 1 == 1.0`` and that a NamedTuple equals a plain tuple, yet a model that reads them
can behave differently.  So nothing relies on a value's own ``==``: states are built of what `key` returns.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from enum import Enum, Flag
from functools import cache, cached_property
from types import BuiltinFunctionType, FunctionType
from typing import Any, ClassVar

from dscheck.checker.errors import ModelError

_ATOMS = (type(None), bool, int, str, bytes)
_CONSTANTS = (type, FunctionType, BuiltinFunctionType)
_TRANSPARENT = (object, tuple, frozenset, int, str, bytes, float, complex)
"""Built-in classes whose content `key` knows how to read, also below a class that inherits from them."""
_EXACT_REPR = {
    *("builtins.float", "builtins.complex", "builtins.range", "decimal.Decimal", "fractions.Fraction"),
    *("datetime.date", "datetime.time", "datetime.datetime", "datetime.timedelta", "datetime.timezone"),
    *("uuid.UUID", "ipaddress.IPv4Address", "ipaddress.IPv6Address"),
    *("pathlib.PurePosixPath", "pathlib.PureWindowsPath", "pathlib.PosixPath", "pathlib.WindowsPath"),
}
"""Immutable classes whose `repr` tells all; by name, so that nobody pays for importing them."""
_HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: classes written in Python have it, built-in ones mostly not
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
    if kind is tuple:
        return kind, _builtin_part(value)
    if isinstance(value, (Ranked, Enum, *_CONSTANTS)):
        return kind, value  # there is one object of each
    if _tells_all(kind):
        return kind, repr(value)  # nan is not equal to itself, and 0.0 is equal to -0.0
    attributes = tuple((name, key(part)) for name, part in _attributes(value))
    return kind, _builtin_part(value), attributes


def _builtin_part(value: Hashable) -> Hashable:
    """What a value inherits from a built-in class, which none of its attributes shows."""
    if isinstance(value, tuple):
        return tuple(map(key, value))
    if isinstance(value, frozenset):
        return frozenset(map(key, value))
    plain = (int, str, bytes, float, complex)
    return next((base.__repr__(value) for base in plain if isinstance(value, base)), None)


def _kind(value: object) -> Any:
    """The class; mypy does not see that every class is hashable."""
    return type(value)


@cache
def _tells_all(kind: Any) -> bool:
    return f"{kind.__module__}.{kind.__qualname__}" in _EXACT_REPR


def _attributes(value: object) -> list[tuple[str, Any]]:
    """All attributes of an object, whatever its own ``==`` looks at; what it only caches does not count."""
    kind = type(value)
    slots = [name for base in kind.__mro__ for name in _slots(base)]
    names = [*getattr(value, "__dict__", ()), *(name for name in slots if hasattr(value, name))]
    return [
        (name, getattr(value, name))
        for name in sorted(names)
        if not isinstance(getattr(kind, name, None), cached_property)
    ]


def _slots(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    named = (slots,) if isinstance(slots, str) else tuple(slots)
    private = f"_{kind.__name__.lstrip('_')}"
    mangled = (
        f"{private}{name}" if name.startswith("__") and not name.endswith("__") else name for name in named
    )
    return tuple(name for name in mangled if name not in ("__dict__", "__weakref__"))


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
    if _is_opaque(_kind(value)):
        return (
            f"a {kind}, into which the checker cannot see, so it could not tell two of them apart; "
            "write a NamedTuple or a frozen dataclass"
        )
    if _takes_assignments(value):
        return (
            f"a {kind}, {_UNSEEN}: its attributes take assignments; write a NamedTuple or a frozen dataclass"
        )
    return None


@cache
def _is_opaque(kind: Any) -> bool:
    """Whether objects of this class may keep something outside of their attributes."""
    known = _tells_all(kind) or issubclass(kind, (Ranked, Enum, *_CONSTANTS, *_ATOMS))
    return not known and any(
        not base.__flags__ & _HEAP_TYPE and base not in _TRANSPARENT for base in kind.__mro__
    )


def _takes_assignments(value: object) -> bool:
    single = isinstance(value, (Ranked, Enum, *_CONSTANTS)) or _tells_all(_kind(value))
    return not single and type(value).__setattr__ is object.__setattr__ and bool(_attributes(value))


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, (Ranked, Enum, *_CONSTANTS)) or _tells_all(_kind(value)):
        return ()
    within = value if isinstance(value, (tuple, frozenset)) else ()
    return [*within, *(part for _, part in _attributes(value))]


def _is_record(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _fields(value: Any) -> list[Any]:
    return [getattr(value, field.name) for field in fields(value)]
