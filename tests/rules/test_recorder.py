"""What runs observe, and how what they do folds into writes and blind updates."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

import pytest

from dscheck import Counter, Model, ModelError, Node, action, always, bound, choose, counter, require, var
from dscheck.checker.rules.footprint import DISABLED
from dscheck.checker.rules.system import System
from rules.workbench import after, footprint, observed, places, searched, tree, written


class Colour(Enum):
    RED = 1
    BLUE = 2


class Box(Node):
    x: int = var(0)
    y: int = var(0)
    count: Counter = var(counter(0))
    colours: set[Colour] = var(set())
    words: set[str] = var(set())


def system(*actions: Callable[..., None]) -> System:
    """A model of one box, whose actions are these functions of the box."""

    def method(function: Callable[..., None]) -> Callable[..., None]:
        def run(self: Model, b: Box) -> None:
            function(b)

        run.__name__ = function.__name__
        return action(run)

    def setup(self: Model) -> None:
        self.make(Box, 1, "b")

    methods = {function.__name__: method(function) for function in actions}
    return System(type("Boxes", (Model,), {"setup": setup, **methods})())


def run(act: Callable[..., None], *before: Callable[..., None]) -> tuple[list[str], dict[str, object], int]:
    """What an action observed, what it wrote, and how many blind updates are left."""
    boxes = system(*before, act)
    state = after(boxes, *(f"{function.__name__}(b1)" for function in before))
    found = footprint(boxes, f"{act.__name__}(b1)", state)
    return observed(boxes, found), written(boxes, found), len(found.effects[1])


def put_red_and_ant(b: Box) -> None:
    b.colours.add(Colour.RED)
    b.words |= {"bee", "ant"}


# -- plain variables


def test_a_place_is_observed_once() -> None:
    def act(b: Box) -> None:
        b.y = b.x + b.x + 1

    assert run(act) == (["b1.x"], {"b1.y": 1}, 0)


def test_own_writes_are_read_back_unobserved() -> None:
    def act(b: Box) -> None:
        b.x = 5
        b.y = b.x + 1

    assert run(act) == ([], {"b1.x": 5, "b1.y": 6}, 0)


def test_writing_what_was_seen_is_no_effect() -> None:
    def act(b: Box) -> None:
        b.y = b.x
        b.x = b.x

    assert run(act) == (["b1.x"], {"b1.y": 0}, 0)


def test_an_equal_value_of_another_type_is_an_effect() -> None:
    def act(b: Box) -> None:
        b.x = bool(b.x)

    assert repr(run(act)) == repr((["b1.x"], {"b1.x": False}, 0))


def test_a_refused_step_has_no_effect() -> None:
    def act(b: Box) -> None:
        b.x = 1
        require(b.y)

    boxes = system(act)
    found = footprint(boxes, "act(b1)")
    assert (found.leaf, found.effects) == (DISABLED, ([], []))


# -- blind updates


def test_an_update_observes_nothing() -> None:
    def act(b: Box) -> None:
        b.count.add(2)
        b.count += 1

    assert run(act) == ([], {}, 2)


def test_an_update_after_a_write_folds_into_it() -> None:
    def act(b: Box) -> None:
        b.count.reset(7)
        b.count.add(2)

    assert run(act) == ([], {"b1.count": 9}, 0)


def test_an_update_after_a_look_folds_into_a_write() -> None:
    def act(b: Box) -> None:
        b.x = b.count.value
        b.count.add(2)

    assert run(act) == (["b1.count"], {"b1.x": 0, "b1.count": 2}, 0)


def test_a_look_after_an_update_folds_it() -> None:
    def act(b: Box) -> None:
        b.count.add(2)
        b.x = b.count.value
        b.count.add(1)

    assert run(act) == (["b1.count"], {"b1.x": 2, "b1.count": 3}, 0)


def test_a_write_hides_the_updates_before_it() -> None:
    def act(b: Box) -> None:
        b.count.add(2)
        b.count.reset(7)

    assert run(act) == ([], {"b1.count": 7}, 0)


def test_comparing_after_an_update_observes_the_comparison_only() -> None:
    def act(b: Box) -> None:
        b.count.add(1)
        require(b.count >= 2)
        b.x = 1

    boxes = system(act)
    [(asked, no)] = footprint(boxes, "act(b1)").path
    count = boxes.encoding.slots[next(p for p in places(boxes) if p.name == "count")]
    for value in (1, 2, 3):
        count.number_of(value)
    state = boxes.initial[0]
    paths = []
    for number in (1, 2, 3):
        state[count.number] = number
        found = footprint(boxes, "act(b1)", state)
        paths.append(found.path)
        assert len(found.effects[1]) == 1
    assert paths[0] == paths[1] == paths[2] == [(asked, 1 - no)]


def test_comparisons_of_a_known_counter_observe_nothing_more() -> None:
    def act(b: Box) -> None:
        b.x = b.count.value + (b.count >= 1) + (b.count == 0)

    assert run(act) == (["b1.count"], {"b1.x": 1}, 0)


# -- sets


def test_members_are_observed_one_by_one() -> None:
    def act(b: Box) -> None:
        require(Colour.RED in b.colours)
        b.colours.discard(Colour.RED)
        b.colours.add(Colour.BLUE)

    seen, wrote, _ = run(act, put_red_and_ant)
    assert len(seen) == 1
    assert list(wrote.values()) == [False, True]


def test_a_size_is_one_observation() -> None:
    def act(b: Box) -> None:
        b.x = len(b.colours)
        b.y = len(b.words)

    seen, wrote, _ = run(act, put_red_and_ant)
    assert seen == ["the members of b1.colours", "the members of b1.words"]
    assert wrote == {"b1.x": 1, "b1.y": 2}


def test_a_size_counts_own_changes() -> None:
    def act(b: Box) -> None:
        b.words |= {"ant", "cat", "dog"}
        b.words -= {"bee", "eel"}
        b.x = len(b.words)

    seen, wrote, _ = run(act, put_red_and_ant)
    assert len(seen) == 6
    assert wrote["b1.x"] == 3


def test_a_growing_set_is_listed_in_canonical_order() -> None:
    def act(b: Box) -> None:
        b.words.discard("bee")
        b.words.add("aardvark")
        assert list(b.words) == ["aardvark", "ant"]
        assert list(b.colours) == [Colour.RED]

    run(act, put_red_and_ant)


def test_slots_of_new_elements_do_not_depend_on_the_order_of_a_set() -> None:
    words = [f"word {number}" for number in range(20)]

    def forwards(b: Box) -> None:
        for word in words:
            b.words.add(word)

    def backwards(b: Box) -> None:
        for word in reversed(words):
            b.words.add(word)

    one, other = system(forwards), system(backwards)
    found = [footprint(one, "forwards(b1)"), footprint(other, "backwards(b1)")]
    assert found[0].effects == found[1].effects
    assert list(map(str, places(one))) == list(map(str, places(other)))


def test_a_listing_holds_for_states_with_members_that_come_later() -> None:
    """Footprints of a growing set are learned before most of its elements are known."""

    class Growing(Model):
        seen: set[int] = var(set())
        last: tuple[int, ...] = var(())

        @action
        def add(self) -> None:
            require(len(self.seen) < 4)
            self.seen.add(3 * len(self.seen) % 4)

        @action
        def note(self) -> None:
            self.last = tuple(self.seen)

        @action
        def forget(self) -> None:
            self.seen = set()

        @always
        def sorted_and_present(self) -> bool:
            return list(self.last) == sorted(self.last)

    boxes, report = searched(Growing())
    # {}, {0}, {0, 3}, {0, 2, 3}, {0, 1, 2, 3}, each seen with each as the last note
    assert (report.stop, report.states) == ("exhausted", 25)
    assert boxes.audit() > 0


# -- choices


def test_every_way_to_choose_is_one_run() -> None:
    def act(b: Box) -> None:
        b.x = choose((1, 2, 3))
        if b.x > 1:
            b.y = choose((4, 5))

    boxes = system(act)
    boxes.learn([(tree(boxes, "act(b1)"), boxes.initial[0], [])])
    learned = boxes.rules.footprints(tree(boxes, "act(b1)"))
    assert [[picked for _, picked in path] for path, _ in learned] == [[0], [1, 0], [1, 1], [2, 0], [2, 1]]
    assert boxes.python_calls == 5


def test_only_what_is_open_is_enumerated() -> None:
    def act(b: Box) -> None:
        b.x = choose((1, 2, 3))
        b.y = choose((4, 5))

    boxes = system(act)
    boxes.learn([(tree(boxes, "act(b1)"), boxes.initial[0], [1])])
    learned = boxes.rules.footprints(tree(boxes, "act(b1)"))
    assert [[picked for _, picked in path] for path, _ in learned] == [[1, 0], [1, 1]]


def test_no_option_means_disabled() -> None:
    def act(b: Box) -> None:
        choose(b.words)

    assert footprint(system(act), "act(b1)").leaf == DISABLED


# -- properties


class Looking(Model):
    x: int = var(0)

    @action
    def step(self) -> None:
        self.x = 1


@pytest.mark.parametrize("kind", [always, bound])
def test_a_property_that_changes_something_is_refused(kind: Callable[..., object]) -> None:
    def writes(self: Looking) -> bool:
        self.x = 2
        return True

    with pytest.raises(ModelError, match="a property only looks"):
        searched(type("Writing", (Looking,), {"writes": kind(writes)})())


def test_a_property_that_chooses_is_refused() -> None:
    class Choosing(Looking):
        @always
        def picky(self) -> bool:
            return choose((True, False))

    with pytest.raises(ModelError, match="chooses"):
        searched(Choosing())
