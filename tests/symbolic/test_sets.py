"""Decision diagrams, compared with Python's sets of tuples, and with rules run in plain Python."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dscheck._engine import Diagrams, Rules, StateSet
from symbolic.rulebook import Book, State, books

ROOM = 1 << 28
MANY = settings(max_examples=2 * settings().max_examples)


def diagrams_of(book: Book) -> Diagrams:
    made = Diagrams(book.rules(), book.order, ROOM)
    made.prepare(stops_at_findings=False)
    return made


def set_of(diagrams: Diagrams, states: set[State]) -> StateSet:
    return diagrams.states([list(state) for state in sorted(states)])


def check(diagrams: Diagrams, found: StateSet, expected: set[State]) -> None:
    """The set has these states and no others."""
    assert diagrams.count(found) == len(expected)
    assert bool(found) == bool(expected)
    assert not diagrams.minus(found, set_of(diagrams, expected))
    picked = diagrams.pick(found)
    assert (picked is None) == (not expected)
    assert picked is None or tuple(picked) in expected


@MANY
@given(books(), st.data())
def test_sets_are_sets(book: Book, data: st.DataObject) -> None:
    diagrams = diagrams_of(book)
    one = set(book.states)
    other = set(data.draw(st.lists(st.sampled_from(book.states)))) if book.states else set()
    other |= {state[::-1] for state in one if book.sizes == book.sizes[::-1]}
    a, b = set_of(diagrams, one), set_of(diagrams, other)
    check(diagrams, a, one)
    check(diagrams, diagrams.union(a, b), one | other)
    check(diagrams, diagrams.minus(a, b), one - other)
    check(diagrams, diagrams.minus(b, a), other - one)
    check(diagrams, diagrams.meet(a, b), one & other)
    values = [sorted({state[slot] for state in one}) for slot in range(len(book.sizes))]
    assert not one or diagrams.values(a) == values
    order = data.draw(st.permutations(range(len(book.sizes))))
    diagrams.reorder(order)
    assert diagrams.order() == list(order)
    check(diagrams, a, one)
    check(diagrams, diagrams.meet(a, b), one & other)
    assert not one or diagrams.values(a) == values


@MANY
@given(books())
def test_steps_are_taken_as_in_python(book: Book) -> None:
    diagrams, states = diagrams_of(book), set(book.states)
    some = set_of(diagrams, states)
    made = {after for state in states for _, _, after in book.steps(state)}
    # What neither asks nor does anything leads nowhere else, so it may be left out.
    check(diagrams, diagrams.union(diagrams.next(some), some), made | states)
    assert not diagrams.minus(diagrams.next(some), set_of(diagrams, made))
    check(diagrams, diagrams.enabled(some), {state for state in states if book.steps(state)})
    for tree, (kind, _) in enumerate(book.trees):
        if kind == "step":
            taken = [[run for run in book.steps(state) if run[0] == tree] for state in states]
            expected = (sum(map(len, taken)), sum(map(bool, taken)))
            assert diagrams.count_steps(some, tree) == expected
            assert diagrams.is_possible(some, tree) == bool(expected[1])
    assert diagrams.missing() == []


@MANY
@given(books())
def test_a_better_order_changes_no_set(book: Book) -> None:
    """Sets that are held stay what they are, and so does what steps make of them."""
    diagrams, states = diagrams_of(book), set(book.states)
    some, parts = set_of(diagrams, states), [set_of(diagrams, {state}) for state in book.states]
    assert diagrams.sift(few=0)
    assert not diagrams.sift(few=1000)
    assert sorted(diagrams.order()) == list(range(len(book.sizes)))
    diagrams.prepare(stops_at_findings=False)
    check(diagrams, some, states)
    for part, state in zip(parts, book.states, strict=True):
        check(diagrams, part, {state})
    made = {after for state in states for _, _, after in book.steps(state)}
    check(diagrams, diagrams.union(diagrams.next(some), some), made | states)


@MANY
@given(books(), st.booleans())
def test_saturation_reaches_what_steps_reach(book: Book, twice: bool) -> None:
    diagrams = diagrams_of(book)
    reached, new = set(book.states), set(book.states)
    while new:
        new = {after for state in new for _, _, after in book.steps(state)} - reached
        reached |= new
    found = diagrams.saturate(set_of(diagrams, set(book.states)), closed=False)
    check(diagrams, found, reached)
    if twice:
        diagrams.settle()
        check(diagrams, diagrams.saturate(found, closed=True), reached)


@MANY
@given(books())
def test_the_way_back(book: Book) -> None:
    """Every step of a set is found from its end, and nothing else."""
    diagrams, states = diagrams_of(book), set(book.states)
    some = set_of(diagrams, states)
    made = {after for state in states for _, _, after in book.steps(state)}
    for target in made | states:
        found = diagrams.before(some, list(target))
        assert (found is None) == (target not in made)
        if found is not None:
            tree, picks, before = found
            assert tuple(before) in states
            assert (tree, tuple(picks), target) in book.steps(tuple(before))


@MANY
@given(books())
def test_what_is_seen(book: Book) -> None:
    """What rules do not say, and properties that are true or false, with a state for each."""
    diagrams, states = diagrams_of(book), set(book.states)
    some = set_of(diagrams, states)
    expected: dict[tuple[str, int, tuple[int, ...]], set[State]] = {}
    for tree, (kind, _) in enumerate(book.trees):
        for state in states:
            for picks, says in book.runs(tree, state):
                judgement = judge(kind, says)
                if judgement:
                    expected.setdefault((judgement, tree, picks), set()).add(state)
    diagrams.probe(some)
    seen = diagrams.seen(some)
    assert {(judgement, tree, tuple(picks)) for judgement, tree, picks, _ in seen} == expected.keys()
    for judgement, tree, picked, witness in seen:
        assert tuple(witness) in expected[judgement, tree, tuple(picked)]
    for tree, (kind, _) in enumerate(book.trees):
        for leaf in (0, 1) if kind != "step" else ():
            wanted = {state for state in states if ((), leaf) in book.runs(tree, state)}
            check(diagrams, diagrams.select(some, [tree], leaf), wanted)


def judge(kind: str, says: int | None) -> str | None:
    if says is None or says == -2:
        return "gap" if says is None else "raised"
    return {("always", 0): "broken", ("sometimes", 1): "reached"}.get((kind, says))


@pytest.mark.parametrize("slots", [5, 32, 33, 64, 300])
def test_numbers_of_states_are_exact(slots: int) -> None:
    rules = Rules()
    for slot in range(slots):
        rules.grow_slot(rules.add_slot(), 4)
        rules.learn(rules.add_tree("step"), [], rules.add_outcome([(slot, 3)], []))
        grow = rules.add_operator(slot)
        rules.define_operator(grow, [(0, 1), (1, 2), (2, 2), (3, 2)])
        rules.learn(rules.add_tree("step"), [], rules.add_outcome([], [grow]))
    diagrams = Diagrams(rules, list(range(slots)), ROOM)
    diagrams.prepare()
    start = diagrams.states([[0] * slots])
    found = diagrams.saturate(start, closed=False)
    assert diagrams.count(found) == 4**slots
    assert diagrams.count(diagrams.minus(found, start)) == 4**slots - 1
    assert diagrams.count_steps(found, 0) == (4**slots, 4**slots)


def test_updates_that_are_not_known_are_asked_for() -> None:
    rules = Rules()
    slot = rules.add_slot()
    rules.grow_slot(slot, 3)
    grow = rules.add_operator(slot)
    rules.define_operator(grow, [(0, 1)])
    rules.learn(rules.add_tree("step"), [], rules.add_outcome([], [grow, grow]))
    diagrams = Diagrams(rules, [0], ROOM)
    diagrams.prepare()
    start = diagrams.states([[0]])
    assert not diagrams.next(start)
    assert diagrams.missing() == [(grow, 1)]
    rules.define_operator(grow, [(1, 2)])
    diagrams.prepare()
    assert diagrams.pick(diagrams.next(start)) == [2]
    assert diagrams.missing() == []


def test_misuse() -> None:
    rules = Rules()
    rules.add_slot()
    with pytest.raises(ValueError, match="every slot from 0 on once"):
        Diagrams(rules, [1], ROOM)
    one, other = Diagrams(rules, [0], ROOM), Diagrams(rules, [0], ROOM)
    with pytest.raises(ValueError, match="belongs to other diagrams"):
        one.union(one.states([[0]]), other.states([[0]]))
