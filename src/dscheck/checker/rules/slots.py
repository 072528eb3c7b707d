"""All slots of one model: which place has which, and what is a member of which set."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from dscheck._engine import Rules
from dscheck.checker.notation.run import Collection, Place
from dscheck.checker.rules.slot import Function, Group, Numbering, Slot, State, Update, Values, number_at


class Slots:
    """Every place of one model that has, or may get, a slot."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._declared: dict[Place, tuple[Hashable, Collection | None]] = {}
        self._adopted: dict[Place, Values] = {}
        self._slots: dict[Place, Slot] = {}
        self._groups: dict[Collection, Group] = {}
        self._operators: dict[tuple[Place, Hashable], int] = {}
        self._updates: dict[int, tuple[Slot, Function]] = {}

    def declare(self, place: Place, zero: Hashable, within: Collection | None = None) -> None:
        """Say what number 0 means at `place`, and of which collection it is a member otherwise."""
        self._declared.setdefault(place, (zero, within))

    def adopt(self, place: Place, values: Values) -> None:
        """Declare a place whose values are numbered already; number 0 is there from the start."""
        self._declared[place] = values.values[0], None
        self._adopted[place] = values

    def within(self, place: Place) -> Collection | None:
        """The collection of which `place` is one member."""
        return self._declared[place][1]

    def has(self, place: Place) -> bool:
        """Whether `place` has a slot already: if not, every state holds its number 0."""
        return place in self._slots

    def __getitem__(self, place: Place) -> Slot:
        """The slot of a declared place, allotted when it is first asked for."""
        return self._slots.get(place) or self.allot(place)

    def allot(self, place: Place) -> Slot:
        """Give a declared place, which has none, the next slot."""
        zero, within = self._declared[place]
        is_membership = within is not None and zero is False
        values = self._adopted.get(place) or Numbering(zero)
        self._slots[place] = slot = Slot(self._rules, place, values, boolean=is_membership)
        if within is not None:
            self.group(within).join(slot)
        return slot

    def group(self, collection: Collection) -> Group:
        """The group of a collection's members."""
        if collection not in self._groups:
            self._groups[collection] = Group(self._rules)
        return self._groups[collection]

    def operator(self, place: Place, name: Hashable, function: Function) -> int:
        """The engine's number of a blind update; equal names at one place mean equal functions."""
        if (place, name) not in self._operators:
            number = self._rules.add_operator(self[place].number)
            self._operators[place, name], self._updates[number] = number, (self[place], function)
        return self._operators[place, name]

    def define(self, operator: int, before: Sequence[int]) -> None:
        """Tell the engine what `operator` makes of the values with these numbers."""
        slot, function = self._updates[operator]
        if isinstance(function, Update):
            after = function.numbers(before)
            slot.grow()
        else:
            after = [slot.number_of(function(slot.values[value])) for value in before]
        self._rules.define_operator(operator, list(zip(before, after, strict=True)))

    def describe(self, observation: int) -> str:
        """What an observation asks for, in the model's terms."""
        for place, slot in self._slots.items():
            if observation in slot.observations():
                return str(place)
        groups = ((c, group) for c, group in self._groups.items() if observation in group.observations())
        return next(f"the members of {collection.owner}.{collection.name}" for collection, _ in groups)

    def behind(self, observation: int) -> set[int]:
        """The slots on which the answer to an observation depends."""
        for slot in self._slots.values():
            if observation in slot.observations():
                return {slot.number}
        groups = (group for group in self._groups.values() if observation in group.observations())
        return {self[place].number for group in groups for place in group.places}

    def updated(self, operator: int) -> int:
        """The slot that a blind update is of."""
        return self._updates[operator][0].number

    def apply(self, state: State, writes: list[tuple[int, int]], operators: list[int]) -> list[int]:
        """The state after an outcome."""
        after = [number_at(state, slot) for slot in range(len(self._slots))]
        for slot, number in writes:
            after[slot] = number
        for operator in operators:
            updated, function = self._updates[operator]
            after[updated.number] = updated.number_of(function(updated.values[after[updated.number]]))
        return after

    def value(self, place: Place, state: State) -> Any:
        """What `state` holds at `place`."""
        slot = self._slots.get(place)
        return self.decode(place, 0 if slot is None else number_at(state, slot.number))

    def decode(self, place: Place, number: int) -> Any:
        """The value of that number at `place`."""
        return self._slots[place].values[number] if place in self._slots else self._declared[place][0]

    def encode(self, values: dict[Place, Any]) -> list[int]:
        """The state that holds `values`, and number 0 elsewhere."""
        numbers = {self[place].number: self[place].number_of(value) for place, value in values.items()}
        return [numbers.get(n, 0) for n in range(len(self._slots))]
