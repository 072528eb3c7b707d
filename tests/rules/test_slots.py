"""Places and values as numbers."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import pytest

from dscheck import Model, action, var
from dscheck._engine import Rules
from dscheck.checker.notation.run import Collection, Place
from dscheck.checker.rules.slots import Slots


class Entry(NamedTuple):
    term: int
    value: int


class Colour(IntEnum):
    RED = 1


class Empty(Model):
    x: int = var(0)

    @action
    def rest(self) -> None:
        """Do nothing."""


@pytest.fixture
def slots() -> Slots:
    return Slots(Rules())


def declared(slots: Slots, zero: object, within: Collection | None = None, key: object = None) -> Place:
    place = Place(Empty(), "x", key)
    slots.declare(place, zero, within)
    return place


def test_equal_values_of_different_types_have_different_numbers(slots: Slots) -> None:
    place = declared(slots, 0)
    alike = [0, False, 0.0, -0.0, 1, True, 1.0, Colour.RED, (1, 1), Entry(1, 1), (1, True), frozenset({1})]
    assert [slots[place].number_of(value) for value in alike] == list(range(len(alike)))
    assert [slots[place].number_of(value) for value in alike] == list(range(len(alike)))
    assert list(map(repr, slots[place].values)) == list(map(repr, alike))


def test_a_state_holds_number_0_in_slots_that_are_younger(slots: Slots) -> None:
    old, young = declared(slots, "old"), declared(slots, "young")
    state = slots.encode({old: "changed"})
    assert state == [1]
    assert slots.value(young, state) == "young"
    assert not slots.has(young)
    assert slots[young].observation.answer(state) == 0


def test_views_grow_with_their_slot(slots: Slots) -> None:
    place = declared(slots, 0)
    is_even = slots[place].view("even", lambda number: number % 2 == 0)
    assert slots[place].view("even", lambda number: 1 / 0) is is_even
    for number in (3, 4):
        slots[place].number_of(number)
    answers = [is_even.answers.values[is_even.observation.answer([number])] for number in range(3)]
    assert answers == [True, False, True]


def test_equal_observations_have_equal_numbers(slots: Slots) -> None:
    collection = Collection(Empty(), "x", None)
    group = slots.group(collection)
    assert group.next(0) is group.next(0)
    assert group.next(0).number != group.next(1).number != group.size.number


def test_members_are_found_one_after_the_other(slots: Slots) -> None:
    collection = Collection(Empty(), "x", None)
    places = [declared(slots, False, collection, element) for element in "abc"]
    state = slots.encode(dict(zip(places, (False, True, True), strict=True)))
    group = slots.group(collection)
    assert [group.next(after).answer(state) for after in range(4)] == [2, 2, 3, 0]
    assert group.size.answer(state) == 2


def test_a_group_that_grows_finds_no_more_in_old_states(slots: Slots) -> None:
    collection = Collection(Empty(), "x", None)
    first = declared(slots, False, collection, "a")
    state = slots.encode({first: True})
    assert slots.group(collection).next(1).answer(state) == 0
    slots.allot(declared(slots, False, collection, "b"))
    assert slots.group(collection).next(1).answer(state) == 0
    assert slots.group(collection).size.answer(state) == 1


def test_operators_of_one_name_are_one(slots: Slots) -> None:
    place = declared(slots, 0)
    plus = slots.operator(place, "+1", lambda value: value + 1)
    assert slots.operator(place, "+1", lambda value: 1 / 0) == plus
    assert slots.operator(place, "+2", lambda value: value + 2) != plus
    slots.define(plus, [0])
    assert slots[place].values == [0, 1]
    assert slots.apply([1], [], [plus, plus]) == [3]
    assert slots[place].values == [0, 1, 2, 3]


def test_writes_come_before_operators(slots: Slots) -> None:
    place = declared(slots, 0)
    plus = slots.operator(place, "+1", lambda value: value + 1)
    seven = slots[place].number_of(7)
    assert slots.value(place, slots.apply([0], [(0, seven)], [plus])) == 8
