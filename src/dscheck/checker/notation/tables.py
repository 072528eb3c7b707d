"""Tables: a dict variable with one place per key; all keys are there from the start."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation import values
from dscheck.checker.notation.run import current_run, run_for
from dscheck.checker.notation.values import NotAValue

T = TypeVar("T")


@dataclass(frozen=True)
class Each(NotAValue):
    """What `each` really returns."""

    _why_not = (
        "a whole table, which cannot be part of a value; declare it as `x: dict[K, V] = var(each(...))`"
    )
    value: Any


def each(value: T) -> dict[Any, T]:
    """The same initial value for every key; the keys are all values of the annotated key type.

    ``next: dict[Server, int] = volatile(each(1))`` has an entry for every server.
    """
    return cast("dict[Any, T]", Each(value))


class Table(NotAValue, MutableMapping[Any, Any]):
    """A table of a node or model: each entry is observed and changed on its own."""

    _why_not = (
        "a table, whose entries differ from state to state; write tuple(table.items()), or read one entry"
    )

    def __init__(self, owner: Any, variable: str) -> None:
        self._owner, self._variable = owner, variable

    @property
    def _name(self) -> str:
        return f"{self._owner}.{self._variable}"

    def __getitem__(self, key: Hashable) -> Any:
        place = self._owner.layout.place(self._owner, self._variable, key)
        return run_for(place).read(place)

    def __setitem__(self, key: Hashable, value: Any) -> None:
        place = self._owner.layout.place(self._owner, self._variable, key)
        values.freeze_check(value, place)
        run_for(place).write(place, value)

    def __delitem__(self, key: Hashable) -> NoReturn:
        raise ModelError(
            f"{self._name}: a table has an entry for every key at all times; "
            f"assign a value that says so instead, such as {self._variable}[{key!r}] = None"
        )

    def _assign(self, value: Any) -> None:
        if isinstance(value, Table) and value._owner is self._owner and value._name == self._name:
            return  # `s.next |= ...` ends with assigning the table to itself
        if isinstance(value, Each):
            value = dict.fromkeys(self, value.value)
        if not isinstance(value, Mapping):
            raise ModelError(
                f"{self._name}: {value!r} is not a table; write each(...) or {{key: value, ...}}"
            )
        if missing := [key for key in self if key not in value]:
            raise ModelError(
                f"{self._name}: {dict(value)!r} has no entry for {missing[0]!r}, but all keys need one; "
                f"to change some entries, write {self._variable}.update(...) or {self._variable}[key] = ..."
            )
        self.update(dict(value))

    def __iter__(self) -> Iterator[Any]:
        return iter(self._owner.layout.keys(self._owner, self._variable))

    def __len__(self) -> int:
        return len(self._owner.layout.keys(self._owner, self._variable))

    def __contains__(self, key: Any) -> bool:
        return values.key(key) in map(values.key, self)

    def get(self, key: Any, default: Any = None) -> Any:
        """The entry for `key`, or `default` for what is not a key."""
        if key not in self:
            return default
        return self[key]

    def copy(self) -> dict[Any, Any]:
        """The entries as an ordinary dict."""
        return dict(self)

    def __ior__(self, other: Any) -> Table:  # type: ignore[misc]
        self.update(other)
        return self

    def __or__(self, other: Mapping[Any, Any]) -> dict[Any, Any]:
        return {**self, **other}

    def __ror__(self, other: Mapping[Any, Any]) -> dict[Any, Any]:
        return {**other, **self}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return len(self) == len(other) and all(key in other and self[key] == other[key] for key in self)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<table {self._name}>" if current_run() is None else repr(dict(self))
