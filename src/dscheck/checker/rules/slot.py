"""One slot of the engine: the values of one place as small numbers, and all that can be asked about them.

Values are numbered in order of appearance.  Number 0 is the value that every state holds in a slot that is
yet to come, so states do not change when slots are added.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dscheck._engine import Rules
from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import key

State = Sequence[int]
"""The numbers of the values, slot by slot; slots beyond its end hold 0."""

Function = Callable[[Any], Hashable]


def number_at(state: State, slot: int) -> int:
    """What `state` holds in a slot that may be younger than the state."""
    return state[slot] if slot < len(state) else 0


@dataclass(frozen=True, slots=True)
class Observation:
    """Something to ask of a state: the engine's number for it, and the answer that a state gives."""

    number: int
    answer: Callable[[State], int]
    about: Slot | View | Group
    """Of a slot its value is asked for, of a view its result, of a group its size ..."""
    after: int | None = None
    """... or 1 + the position of the first member at this one or later; 0: none."""


class Update(ABC):
    """A function from values to values that knows them by their numbers, too."""

    @abstractmethod
    def __call__(self, value: Any) -> Hashable:
        """The value after the update."""

    @abstractmethod
    def numbers(self, before: Sequence[int]) -> list[int]:
        """The numbers of the values after the update."""


class Values(Protocol):
    """The values of one place by number."""

    values: list[Any]

    def number(self, value: Any) -> int:
        """The number of a value; a new one if it appears for the first time."""


class Numbering:
    """Values in order of appearance, told apart by type and value."""

    def __init__(self, *values: Hashable) -> None:
        self.values: list[Any] = []
        self._numbers: dict[Hashable, int] = {}
        for value in values:
            self.number(value)

    def number(self, value: Hashable) -> int:
        """The number of `value`; a new one if it appears for the first time."""
        number = self._numbers.setdefault(key(value), len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number


class View:
    """A function of one slot's value, observed in the value's stead."""

    def __init__(self, rules: Rules, slot: Slot, function: Function) -> None:
        self._rules, self.slot, self._function = rules, slot, function
        self._engine_number = rules.add_view(slot.number)
        self.results: list[int] = []
        """The answer for each value of the slot, by number."""
        self.answers = Numbering()
        self.observation = Observation(
            rules.observe_view(self._engine_number),
            lambda state: self.results[number_at(state, slot.number)],
            self,
        )
        self.extend()

    def extend(self) -> None:
        """Apply the function to the values that the slot has gained."""
        new = [self.answers.number(self._function(v)) for v in self.slot.values[len(self.results) :]]
        self.results += new
        self._rules.extend_view(self._engine_number, new)


class Slot:
    """The slot of one place, and everything that is said about its values."""

    def __init__(self, rules: Rules, place: Place, values: Values, boolean: bool) -> None:
        self._rules, self.place = rules, place
        self.number = rules.add_slot(boolean=boolean)
        self._numbering, self._size = values, 1
        self._views: dict[Hashable, View] = {}
        self.observation = Observation(
            rules.observe_slot(self.number), lambda state: number_at(state, self.number), self
        )

    @property
    def values(self) -> list[Any]:
        """Every value that the place has had so far, by number."""
        return self._numbering.values

    def number_of(self, value: Hashable) -> int:
        """The number of `value` in this slot."""
        number = self._numbering.number(value)
        self.grow()
        return number

    def grow(self) -> None:
        """Tell the engine about values that are new."""
        if len(self.values) > self._size:
            self._size = len(self.values)
            self._rules.grow_slot(self.number, self._size)
            for view in self._views.values():
                view.extend()

    def view(self, name: Hashable, function: Function) -> View:
        """The view of that name; its function is taken from whoever asks first."""
        if name not in self._views:
            self._views[name] = View(self._rules, self, function)
        return self._views[name]

    def observations(self) -> set[int]:
        """The engine's numbers of everything that was ever asked about the value."""
        return {self.observation.number, *(view.observation.number for view in self._views.values())}


class Group:
    """The members of one collection: places in order of appearance, a member where not at number 0."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.number = rules.add_group()
        self.places: list[Place] = []
        self.slots: list[int] = []
        """The slot of each place."""
        self._next: dict[int, Observation] = {}
        self.size = Observation(
            rules.observe_size(self.number),
            lambda state: sum(1 for slot in self.slots if number_at(state, slot)),
            self,
        )

    def join(self, slot: Slot) -> None:
        """Append a place at the next position."""
        self.places.append(slot.place)
        self.slots.append(slot.number)
        self._rules.extend_group(self.number, slot.number)

    def next(self, after: int) -> Observation:
        """Asks for 1 + the position of the first member at position `after` or later, or 0."""

        def answer(state: State) -> int:
            members = (p + 1 for p in range(after, len(self.slots)) if number_at(state, self.slots[p]))
            return next(members, 0)

        if after not in self._next:
            number = self._rules.observe_next(self.number, after)
            self._next[after] = Observation(number, answer, self, after)
        return self._next[after]

    def observations(self) -> set[int]:
        """The engine's numbers of everything that was ever asked about the members."""
        return {self.size.number, *(observation.number for observation in self._next.values())}
