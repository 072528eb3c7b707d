"""Tracked sets behave as Python's sets do, and are observed member by member or counted, never as a whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dscheck import Message, Model, Node, action, receive, var, volatile
from notation.plain_run import PlainRun, run


class Server(Node):
    votes: set[Server] = volatile(set())
    seen: set[int] = var({2, 1})
    names: set[str] = var(set())
    pairs: set[tuple[Server, bool]] = var(set())


class Ping(Message):
    number: int


class LoudPing(Ping):
    pass


class Protocol(Model):
    def setup(self) -> None:
        self.servers = self.make(Server, 4, "s")

    @action
    def nothing(self) -> None: ...

    @receive
    def on_ping(self, s: Server, m: Ping) -> None: ...


MODEL = Protocol()
S1, S2, S3, S4 = NODES = MODEL.servers

SUBSETS = st.sets(st.sampled_from(NODES))
QUESTIONS: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a == b,
    lambda a, b: a != b,
    lambda a, b: a <= b,
    lambda a, b: a < b,
    lambda a, b: a >= b,
    lambda a, b: a > b,
    lambda a, b: a & b,
    lambda a, b: a | b,
    lambda a, b: a - b,
    lambda a, b: a ^ b,
    lambda a, b: a.isdisjoint(b),
    lambda a, b: a.issubset(b),
    lambda a, b: a.issuperset(b),
    lambda a, b: a.union(b, ()),
    lambda a, b: a.intersection(b, a),
    lambda a, b: a.difference(b),
    lambda a, b: a.symmetric_difference(b),
    lambda a, b: a.copy(),
    lambda a, b: (len(a), bool(a), sorted(a), S1 in a, "s1" in a),
    lambda a, b: a == list(b),
]
CHANGES: list[Callable[[Any, Any], Any]] = [
    lambda a, b: a.add(S2),
    lambda a, b: a.discard(S2),
    lambda a, b: a.clear(),
    lambda a, b: a.update(b, (S1,)),
    lambda a, b: a.difference_update(b),
    lambda a, b: a.intersection_update(b),
    lambda a, b: a.symmetric_difference_update(b),
    lambda a, b: a.__ior__(b),
    lambda a, b: a.__iand__(b),
    lambda a, b: a.__isub__(b),
    lambda a, b: a.__ixor__(b),
    lambda a, b: a.remove(S1) if S1 in a else a.add(S1),
    lambda a, b: a.difference_update(a),
]


@given(SUBSETS, SUBSETS, st.sampled_from(QUESTIONS))
def test_questions(mine: set[Server], other: set[Server], ask: Callable[[Any, Any], Any]) -> None:
    with run(MODEL):
        S1.votes, S2.votes = mine, other
        expected = ask(mine, other)
        assert ask(S1.votes, other) == expected
        assert ask(S1.votes, S2.votes) == expected
        assert ask(mine, S2.votes) == expected
        assert type(ask(S1.votes, other)) is type(expected)


@given(SUBSETS, SUBSETS, st.sampled_from(CHANGES))
def test_changes(mine: set[Server], other: set[Server], change: Callable[[Any, Any], Any]) -> None:
    with run(MODEL):
        S1.votes, S2.votes, S3.votes = mine, mine, other
        change(S1.votes, other)
        change(S2.votes, S3.votes)
        change(mine, other)
        assert S1.votes == S2.votes == mine


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)))
def test_an_open_set_grows_and_can_be_assigned(first: set[int], second: set[int]) -> None:
    with run(Protocol()):
        S1.seen = first
        S1.seen |= second
        assert S1.seen == first | second
        assert list(S1.seen) == sorted(first | second)
        S1.seen = second
        assert S1.seen == second
        S1.seen.clear()
        assert not S1.seen


def test_the_augmented_assignments() -> None:
    with run(MODEL):
        S1.votes |= {S1, S2, S3}
        S1.votes -= {S1}
        S1.votes &= {S2, S4}
        S1.votes ^= {S2, S3}
        assert S1.votes == {S3}


def test_assigning_another_variable_copies_it() -> None:
    with run(MODEL):
        S1.votes = {S1}
        S2.votes = S1.votes
        S1.votes.add(S2)
        assert S2.votes == {S1}


def test_two_models_of_equal_names_are_not_confused() -> None:
    other = Protocol()
    with run(MODEL):
        S1.votes = {S1}
        other.servers[0].votes = set()
        assert other.servers[0].votes == set()
        assert S1.votes == {S1}


def test_values_are_told_apart_by_type() -> None:
    with run(MODEL):
        assert 1 in S1.seen
        assert True not in S1.seen
        assert 1.0 not in S1.seen


def log_of(look: Callable[[], object]) -> list[str]:
    with run(MODEL) as r:
        S1.votes = {S1, S3}
        look()
    return r.log


VOTES = [f"s1.votes next {node}" for node in (S1, S3)]


@pytest.mark.parametrize(
    ("look", "log"),
    [
        (lambda: S2 in S1.votes, ["s1.votes has s2"]),
        (lambda: 5 in S1.votes, []),
        (lambda: len(S1.votes), ["len(s1.votes)"]),
        (lambda: bool(S1.votes), ["len(s1.votes)"]),
        (lambda: MODEL.is_majority(S1.votes, Server), ["len(s1.votes)"]),
        (lambda: S1.votes == {S4, S2, S1}, ["len(s1.votes)"]),
        (lambda: S1.votes == {S3, S1}, ["len(s1.votes)", "s1.votes has s1", "s1.votes has s3"]),
        (lambda: S1.votes >= {S3, S2}, ["len(s1.votes)", "s1.votes has s2"]),
        (lambda: {S3, S2} <= S1.votes, ["len(s1.votes)", "s1.votes has s2"]),
        (lambda: S1.votes <= {S1}, ["len(s1.votes)"]),
        (lambda: S1.votes & {S4, S3}, ["s1.votes has s3", "s1.votes has s4"]),
        (lambda: {S4, S3} - S1.votes, ["s1.votes has s3", "s1.votes has s4"]),
        (lambda: S1.votes.isdisjoint({S3, S1}), ["s1.votes has s1"]),
        (lambda: {*S1.votes}, VOTES),
        (lambda: list(S1.votes), ["len(s1.votes)", *VOTES]),  # Python asks how long the list will be
        (lambda: next(iter(S1.votes)), VOTES[:1]),
        (lambda: S1.votes.add(S2), []),
        (lambda: S1.votes.discard(S1), []),
        (lambda: S1.votes.clear(), []),
        (lambda: S1.votes.update({S2, S3}), []),
        (lambda: S1.votes.difference_update({S2}), []),
        (lambda: setattr(S1, "votes", {S2}), []),
        (lambda: S1.votes.remove(S1), ["s1.votes has s1"]),
        (lambda: S2.votes.update(S1.votes), VOTES),
    ],
)
def test_what_is_observed(look: Callable[[], object], log: list[str]) -> None:
    assert log_of(look) == log


def test_universes() -> None:
    votes, seen, names, pairs = MODEL.layout.collections[:4]
    assert votes.universe == tuple(NODES)
    assert seen.universe is None
    assert names.universe is None
    assert pairs.universe == tuple((node, flag) for node in NODES for flag in (False, True))
    assert [str(place) for place in MODEL.layout.places if place.owner is S1][:6] == [
        *(f"s1.votes has {node}" for node in NODES),
        "s1.seen has 1",
        "s1.seen has 2",
    ]
    with run(MODEL) as r:
        assert isinstance(r, PlainRun)
        assert S1.seen == {1, 2}


def test_the_place_of_an_element_is_one_object() -> None:
    layout = Protocol().layout
    names = layout.collections[2]
    assert layout.member_place(names, "x") is layout.member_place(names, "x")
    assert layout.default(layout.member_place(names, "x")) is False
    assert layout.is_durable(names)
    assert not layout.is_durable(layout.collections[0])


def test_printing_outside_of_a_run_observes_nothing() -> None:
    assert repr(S1.votes) == "<set s1.votes>"
    with run(MODEL):
        assert repr(S1.seen) == "{1, 2}"


def test_messages_in_flight() -> None:
    with run(MODEL):
        S1.send(S2, Ping(number=2))
        S1.send(S2, Ping(number=2))
        S1.send(S2, LoudPing(number=1))
        S3.broadcast(Ping(number=3))
        pings = MODEL.in_flight(Ping)
        assert len(pings) == 5
        assert len(MODEL.in_flight(LoudPing)) == 1
        assert Ping(number=2, src=S1, dst=S2) in pings
        assert Ping(number=1, src=S1, dst=S2) not in pings
        assert LoudPing(number=1, src=S1, dst=S2) in pings
        assert not any(pings.__contains__(word) for word in ("ping", None))
        assert [repr(m) for m in pings] == [
            "Ping(number=2) s1->s2",
            *(f"Ping(number=3) s3->{node}" for node in (S1, S2, S4)),
            "LoudPing(number=1) s1->s2",
        ]
        assert repr(pings) == "in_flight(Ping)"
        assert {m.dst for m in pings} == {S1, S2, S4}
