"""State variables: descriptors that look like their value and ask the run under way for it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeVar, cast

from dscheck.checker.notation import values
from dscheck.checker.notation.counters import Counter, CounterStart
from dscheck.checker.notation.run import run_for
from dscheck.checker.notation.sets import TrackedSet
from dscheck.checker.notation.tables import Each, Table

T = TypeVar("T")


def var(initial: T) -> T:
    """A state variable of the model itself, or one of a node that survives a crash."""
    return cast(T, _declare(initial, durable=True))


def durable(initial: T) -> T:
    """A state variable of a node that survives a crash, as if on disk."""
    return cast(T, _declare(initial, durable=True))


def volatile(initial: T) -> T:
    """A state variable of a node that a crash returns to its initial value, as if in memory."""
    return cast(T, _declare(initial, durable=False))


def _declare(initial: Any, *, durable: bool) -> Variable:
    if isinstance(initial, set):
        return SetVariable(frozenset(initial), durable)
    if isinstance(initial, Each):
        return TableVariable(initial.value, durable)
    if isinstance(initial, CounterStart):
        return CounterVariable(initial.value, durable)
    return Variable(initial, durable)


class Variable:
    """A declared variable that holds one value; those that look like a container are subclasses."""

    def __init__(self, initial: Any, durable: bool) -> None:
        values.freeze_check(initial, "initial value of a variable")
        self.initial = initial
        self.durable = durable
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, owner: Any, cls: type | None = None) -> Any:
        return self if owner is None else self.get(owner)

    def __set__(self, owner: Any, value: Any) -> None:
        self.set(owner, value)

    def get(self, owner: Any) -> Any:
        """What reading the attribute gives: the value, or an object that looks like it."""
        place = owner.layout.place(owner, self.name)
        return run_for(place).read(place)

    def set(self, owner: Any, value: Any) -> None:
        """What assigning to the attribute does."""
        place = owner.layout.place(owner, self.name)
        values.freeze_check(value, place)
        run_for(place).write(place, value)

    def initial_at(self, key: Hashable) -> Any:
        """The declared initial value of the place with this key."""
        return self.initial


class SetVariable(Variable):
    """A set; each possible member has a place that says whether it is one."""

    def get(self, owner: Any) -> TrackedSet:
        return TrackedSet(owner.layout.collection(owner, self.name))

    def set(self, owner: Any, value: Any) -> None:
        self.get(owner)._assign(value)

    def initial_at(self, key: Hashable) -> bool:
        return values.key(key) in map(values.key, self.initial)


class TableVariable(Variable):
    """A dict with one place per key; all keys are there from the start."""

    def get(self, owner: Any) -> Table:
        return Table(owner, self.name)

    def set(self, owner: Any, value: Any) -> None:
        self.get(owner)._assign(value)


class CounterVariable(Variable):
    """An int that can be increased and compared without observing it."""

    def get(self, owner: Any) -> Counter:
        return Counter(owner.layout.place(owner, self.name))

    def set(self, owner: Any, value: Any) -> None:
        self.get(owner)._assign(value)


def variables_of(cls: type) -> dict[str, Variable]:
    """The variables of a class by name, inherited ones first; a subclass may declare one anew, or hide it."""
    names = [
        name
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, Variable)
    ]
    found = {name: getattr(cls, name) for name in names}
    return {name: value for name, value in found.items() if isinstance(value, Variable)}
