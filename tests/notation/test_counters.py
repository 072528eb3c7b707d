"""Counters: blind updates, and comparisons that observe only their answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dscheck import Counter, Model, Node, action, counter, var, volatile
from notation.plain_run import run


class Server(Node):
    acks: Counter = volatile(counter(3))
    other: Counter = var(counter())


class Protocol(Model):
    def setup(self) -> None:
        [self.s] = self.make(Server, 1, "s")
        self.s.other.add(2)

    @action
    def nothing(self) -> None: ...


MODEL = Protocol()
S = MODEL.s


def test_it_starts_as_declared_or_set_up() -> None:
    with run(MODEL):
        assert (S.acks.value, S.other.value) == (3, 2)
    assert MODEL.layout.default(MODEL.layout.place(S, "other")) == 0
    assert not MODEL.layout.is_durable(MODEL.layout.place(S, "acks"))


def test_updates_observe_nothing() -> None:
    with run(MODEL) as r:
        S.acks.add()
        S.acks.add(-3)
        S.acks += 5
        S.acks -= 1
        assert r.log == []
        assert S.acks == 5
        S.acks.reset()
        assert S.acks == 0
        S.acks = counter(9)
        assert S.acks.value == 9
        S.acks = S.other
        S.other += 1
        assert (int(S.acks), S.other.value) == (2, 3)


@pytest.mark.parametrize(
    ("ask", "answer", "log"),
    [
        (lambda: S.acks == 3, True, ["s1.acks == 3"]),
        (lambda: S.acks != 3, False, ["s1.acks != 3"]),
        (lambda: S.acks < 3, False, ["s1.acks < 3"]),
        (lambda: S.acks <= 3, True, ["s1.acks <= 3"]),
        (lambda: S.acks > 2, True, ["s1.acks > 2"]),
        (lambda: S.acks >= 4, False, ["s1.acks >= 4"]),
        (lambda: S.acks < 4, True, ["s1.acks < 4"]),
        (lambda: bool(S.acks), True, ["s1.acks != 0"]),
        (lambda: S.acks > S.other, True, ["s1.other", "s1.acks > 2"]),
        (lambda: S.acks.value, 3, ["s1.acks"]),
        (lambda: [7, 8, 9, 10][S.acks], 10, ["s1.acks"]),
        (lambda: S.acks == "3", False, []),
    ],
)
def test_what_is_observed(ask: Callable[[], object], answer: object, log: list[str]) -> None:
    with run(MODEL) as r:
        assert ask() == answer
        assert r.log == log


def test_printing_outside_of_a_run_observes_nothing() -> None:
    assert repr(S.acks) == "<counter s1.acks>"
    with run(MODEL):
        assert repr(S.acks) == "3"
