"""Values: identity by type and value, one order in every process, nothing mutable."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum, Flag, IntEnum
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dscheck import Counter, Message, Model, ModelError, Node, action, counter, each, var, volatile
from dscheck.checker.notation.values import freeze_check, in_order, key, order, show
from notation.plain_run import run


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True)
class Record:
    left: Any
    right: Any = None


class Colour(Enum):
    RED = "r"
    BLUE = "b"


class Number(IntEnum):
    ONE = 1


class Rights(Flag):
    READ = 1
    WRITE = 2


class Note(Message):
    text: Any


ATOMS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.sampled_from([0.0, -0.0, 1.0, math.nan, 0j, Decimal("1.0"), Decimal("1.00"), "", "1", b"1"]),
    st.sampled_from([*Colour, *Number, *Rights, Fraction(1), int, bool]),
)


def records(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    kinds = st.sampled_from([Pair, Record, lambda a, b: (a, b), lambda a, b: Note(text=(a, b))])
    return st.one_of(
        st.builds(lambda kind, a, b: kind(a, b), kinds, parts, parts),
        st.lists(parts, max_size=3).map(tuple),
        st.frozensets(parts, max_size=3),
    )


VALUES = st.recursive(ATOMS, records, max_leaves=6)
MIXTURES = st.lists(VALUES, max_size=5).flatmap(lambda one: st.tuples(st.just(one), st.permutations(one)))


def twin(value: Any) -> Any:
    """The same value, built once more: no part of it is the same object where that can be avoided."""
    if isinstance(value, Message):
        return Note(text=twin(value.text))  # type: ignore[attr-defined]
    if isinstance(value, Record):
        return Record(twin(value.left), twin(value.right))
    if isinstance(value, Pair):
        return Pair(*map(twin, value))
    if isinstance(value, tuple):
        return tuple(map(twin, value))
    if isinstance(value, frozenset):
        return frozenset(map(twin, sorted(value, key=order, reverse=True)))
    return float(repr(value)) if isinstance(value, float) else value


@given(VALUES)
def test_a_twin_has_the_same_key_order_and_look(value: Hashable) -> None:
    other = twin(value)
    assert key(value) == key(other)
    assert hash(key(value)) == hash(key(other))
    assert order(value) == order(other)
    assert show(value) == show(other)


@given(VALUES, VALUES)
def test_equal_keys_mean_that_nothing_tells_the_values_apart(a: Hashable, b: Hashable) -> None:
    """As far as equality, type and look go, at any depth."""
    assert (key(a) == key(b)) == (type(a) is type(b) and order(a) == order(b) and show(a) == show(b))


@given(MIXTURES)
def test_every_mixture_of_values_has_one_order(mixtures: tuple[list[Any], list[Any]]) -> None:
    one, other = ([order(value) for value in sorted(mixture, key=order)] for mixture in mixtures)
    assert one == other


@given(VALUES)
def test_immutable_values_pass(value: object) -> None:
    freeze_check(value, "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (True, 1),
        (1, 1.0),
        (1, Number.ONE),
        (0.0, -0.0),
        ("1", b"1"),
        ((1, 2), Pair(1, 2)),
        (Pair(1, 2), Pair(True, 2)),
        (Record(1), Record(1.0)),
        (frozenset({1}), frozenset({True})),
        (Decimal("1.0"), Decimal("1.00")),
        (Note(text=1), Note(text=True)),
        ((), frozenset()),
    ],
)
def test_what_python_confuses_is_told_apart(one: Hashable, other: Hashable) -> None:
    assert key(one) != key(other)


def test_nan_is_itself() -> None:
    assert key(math.nan) == key(float("nan"))


def test_natural_orders() -> None:
    assert in_order({10, 9, -1}) == [-1, 9, 10]
    assert in_order(frozenset(Colour)) == [Colour.RED, Colour.BLUE]
    assert in_order({("b", 1), ("a", 2)}) == [("a", 2), ("b", 1)]
    assert in_order([3, 1]) == [3, 1], "a list has an order of its own"


def test_show() -> None:
    value = Pair(frozenset({"b", "a"}), (Colour.RED, Record((1,), frozenset())))
    assert show(value) == "Pair(left={'a', 'b'}, right=(Colour.RED, Record(left=(1,), right={})))"
    assert repr(Note(text=frozenset({"b", "a"}))) == "Note(text={'a', 'b'})"


def test_a_record_may_look_as_it_wants() -> None:
    @dataclass(frozen=True)
    class Ballot:
        number: int
        secret: int = field(default=0, repr=False)

    @dataclass(frozen=True)
    class Term:
        number: int

        def __repr__(self) -> str:
            return f"term {self.number}"

    assert show((Ballot(1), Term(2))) == "(Ballot(number=1), term 2)"


def test_the_order_does_not_depend_on_the_process() -> None:
    script = (
        "from dscheck.checker.notation.values import in_order, show;"
        "s = frozenset({'a', 'b', 'c', ('x',), frozenset({'y', 'z'}), None, 1, b'q'});"
        "print([show(value) for value in in_order(s)], show(s))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "012"
    }
    assert len(outputs) == 1


UNSEEN = "which can change in place, unseen by the checker"


@dataclass
class Loose:
    part: int = 0


class Plain:
    def __repr__(self) -> str:
        return "plain"


class Unhashable:
    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "unhashable"


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ([1], f"[1] is a list, {UNSEEN}; write a tuple: tuple(...), or xs + (x,) to append"),
        (
            {1: 2},
            f"{{1: 2}} is a dict, {UNSEEN}; "
            "write tuple(d.items()), or declare a table, `x: dict[K, V] = var(each(0))`",
        ),
        (
            {1},
            f"{{1}} is a set, {UNSEEN}; write frozenset(...), or declare a set, `x: set[T] = var(set())`",
        ),
        (
            {1: 2}.keys(),
            f"dict_keys([1]) is a dict_keys, {UNSEEN}; "
            "write frozenset(...), or declare a set, `x: set[T] = var(set())`",
        ),
        (bytearray(b"x"), f"bytearray(b'x') is a bytearray, {UNSEEN}; write bytes(...)"),
        (Loose(), f"Loose(part=0) is a Loose, {UNSEEN}; write @dataclass(frozen=True) above `class Loose`"),
        (
            Plain(),
            "plain is a Plain, which equals nothing but itself, so no two states would be equal; "
            "write a NamedTuple, a frozen dataclass or an enum",
        ),
        (
            Unhashable(),
            "unhashable is a Unhashable, which is not hashable; "
            "write a tuple, a NamedTuple or a frozen dataclass",
        ),
        ((1, [2]), "[2] is a list"),
        (Pair([2], 1), "[2] is a list"),
        (Record(1, {2}), "{2} is a set"),
        (Note(text=[4]), "[4] is a list"),
    ],
)
def test_mutable_values_are_refused(value: object, advice: str) -> None:
    with pytest.raises(ModelError) as caught:
        freeze_check(value, "s1.x")
    assert str(caught.value).startswith(f"s1.x: {advice}")


def test_iterators_are_refused() -> None:
    with pytest.raises(ModelError, match="is a generator, which is used up by reading it; write tuple"):
        freeze_check((x for x in "ab"), "s1.x")


class Server(Node):
    votes: set[Server] = volatile(set())
    next: dict[Server, int] = volatile(each(0))
    acks: Counter = volatile(counter(0))
    value: Any = var(None)


class Handles(Model):
    def setup(self) -> None:
        [self.s] = self.make(Server, 1, "s")

    @action
    def nothing(self) -> None: ...


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        (
            "votes",
            "is a set variable, whose members differ from state to state; write frozenset(...) around it",
        ),
        (
            "next",
            "is a table, whose entries differ from state to state; "
            "write tuple(table.items()), or read one entry",
        ),
        ("acks", "is a counter, whose value differs from state to state; write .value to read it"),
    ],
)
def test_handles_are_not_values(name: str, advice: str) -> None:
    model = Handles()
    with run(model), pytest.raises(ModelError) as caught:
        model.s.value = (getattr(model.s, name),)
    assert str(caught.value).endswith(advice)


@pytest.mark.parametrize(
    ("initial", "advice"),
    [
        (each([1]), "[1] is a list"),
        (
            each(counter(0)),
            "is a counter, which cannot be part of a value; declare it as `x: Counter = var(counter(0))`",
        ),
        (
            (each(1),),
            "is a whole table, which cannot be part of a value; "
            "declare it as `x: dict[K, V] = var(each(...))`",
        ),
    ],
)
def test_initial_values_are_checked_too(initial: object, advice: str) -> None:
    with pytest.raises(ModelError) as caught:
        var(initial)
    assert str(caught.value).startswith("initial value of a variable: ")
    assert advice in str(caught.value)


class Own:
    """Its own ``==`` looks at one of two attributes, and it refuses assignments, as a frozen class does."""

    def __init__(self, seen: int, unseen: int) -> None:
        object.__setattr__(self, "seen", seen)
        object.__setattr__(self, "unseen", unseen)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Own) and vars(self)["seen"] == vars(other)["seen"]

    def __hash__(self) -> int:
        return hash(vars(self)["seen"])


class Holiday(date):
    """What a date keeps is in no attribute that one could list."""


class Tagged(str):
    """A string that carries more than its characters."""

    __slots__ = ("tag",)

    def __init__(self, _: str, tag: int = 0) -> None:
        self.tag = tag

    def __new__(cls, text: str, tag: int = 0) -> Tagged:
        return super().__new__(cls, text)


def test_what_a_class_compares_by_itself_does_not_count() -> None:
    assert Own(1, 1) == Own(1, 2)
    assert key(Own(1, 1)) != key(Own(1, 2))
    assert key(Own(1, 2)) == key(Own(1, 2))
    assert key(Tagged("a", 1)) != key(Tagged("a", 2))


def test_objects_that_take_assignments_are_refused() -> None:
    with pytest.raises(ModelError, match=r"its attributes take assignments; write a NamedTuple or a frozen"):
        freeze_check(Tagged("a", 1), "s1.x")
    freeze_check(Own(1, 1), "s1.x")


def test_objects_of_foreign_classes_are_refused() -> None:
    with pytest.raises(ModelError, match="into which the checker cannot see"):
        freeze_check(Holiday(2026, 12, 24), "s1.x")
