"""Equality by value and type: True is not 1, and 1 is not 1.0, all the way down."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal, and of one type; every NaN is the same value."""
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple | frozenset | dict):
        return bool(by_type(a) == by_type(b))
    return bool(a == b or (a != a and b != b))


def by_type(value: Any) -> Hashable:
    """Something that is equal exactly where values are the same; hashable where the value is, and for
    dicts."""
    kind = type(value)
    if kind is str or value is None:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return (int, value)
    if kind is frozenset:
        return (frozenset, frozenset(map(by_type, value)))
    if kind is dict:
        return (dict, frozenset((by_type(key), by_type(of)) for key, of in value.items()))
    if isinstance(value, tuple):
        return (kind, *map(by_type, value))
    if is_dataclass(value):
        return (kind, *(by_type(getattr(value, field.name)) for field in fields(value)))
    return (kind, "nan" if value != value else value)


Table = dict[Hashable, tuple[Any, Any]]
"""A mapping of which 1, True and 1.0 are different keys: by `by_type` of each key, the key and its value."""


def table(pairs: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> Table:
    """A table of these pairs."""
    pairs = pairs.items() if isinstance(pairs, Mapping) else pairs
    return {by_type(key): (key, value) for key, value in pairs}


def in_order(values: Iterable[Any]) -> tuple[Any, ...]:
    """Values of any types in an order that depends on nothing but them: a canonical form of a bag."""
    return tuple(sorted(values, key=lambda value: (type(value).__name__, repr(value))))
