"""What a specification would answer is found out by asking, and once."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import ModelError
from dscheck.checker.notation.operations import Event, Invoked, Responded
from dscheck.checker.rules.monitors.steps import Steps
from dscheck.checker.specifications.lock import FencedLock, Mutex
from dscheck.checker.specifications.register import CasRegister, Register
from dscheck.checker.specifications.specification import REFUSED, Asked, OneOf, Specification
from monitor.clients import CLIENTS, feed, monitor


class Choosy(Specification):
    """Gives any number below the state, and forgets it; or a word, whatever it is."""

    def initial(self) -> int:
        return 3

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "word":
            return REFUSED if asked.returned("no") else state
        return OneOf.of(number for number in range(state) if asked.returned(number))


def fitting(steps: Steps, operation: int, promise: int, results: list[Any]) -> list[Any]:
    return [result for result in results if steps.fits(promise, operation, steps.result(result))]


def test_a_write_overwrites_whatever_was_there() -> None:
    steps = Steps(Register())
    write, results = steps.operation("write", 1), [None, 1, "anything"]
    [(first, one)] = steps.effects(steps.start(), write)
    assert fitting(steps, write, first, results) == results
    assert steps.effects(one, write) == ((first, one),), "the same promise, so the same configuration"


def test_a_read_is_told_the_value() -> None:
    steps = Steps(Register(True))
    read = steps.operation("read", None)
    [(promise, after)] = steps.effects(steps.start(), read)
    assert after == steps.start()
    assert fitting(steps, read, promise, [True, 1, 1.0, None]) == [True]


def test_one_of_several() -> None:
    steps = Steps(Choosy())
    number, word = steps.operation("number", None), steps.operation("word", None)
    found = steps.effects(steps.start(), number)
    assert [fitting(steps, number, promise, [0, 1, 2, 3]) for promise, _ in found] == [[0], [1], [2]]
    [(promise, _)] = steps.effects(steps.start(), word)
    assert fitting(steps, word, promise, ["yes", "no", 7]) == ["yes", 7]


def test_a_step_that_looks_at_the_result_itself() -> None:
    steps = Steps(Mutex())
    acquire = steps.operation("acquire", None)
    [(promise, held)] = steps.effects(steps.start(), acquire)
    assert fitting(steps, acquire, promise, [True, None, False]) == [True, None]
    [(promise, after)] = steps.effects(held, acquire)
    assert (after, fitting(steps, acquire, promise, [True, False])) == (held, [False])
    cas = Steps(CasRegister(1))
    swap = cas.operation("cas", (1, 2))
    [(promise, _)] = cas.effects(cas.start(), swap)
    assert fitting(cas, swap, promise, [True, False]) == [True]


def test_a_state_that_depends_on_a_result_to_come_is_refused() -> None:
    one, other = CLIENTS[:2]
    acquire: list[Event] = [
        Invoked(one, None, "acquire", None),
        Invoked(other, None, "acquire", None),
        Responded(other, None, False),
    ]
    watching = monitor("linearizable", FencedLock())
    assert feed(watching, acquire).verdict is True
    with pytest.raises(ModelError, match="the state depends on the result 7, which is known only later"):
        feed(watching, [*acquire, Responded(one, None, 7)])
    assert feed(monitor("sequentially_consistent", FencedLock()), [*acquire, Responded(one, None, 7)]).verdict


def test_a_step_runs_once() -> None:
    asked: list[Any] = []

    class Counted(Register):
        def step(self, state: Any, question: Asked) -> Any:
            asked.append((state, question.function, question.argument))
            return super().step(state, question)

    watching = monitor("linearizable", Counted())
    events: list[Event] = [
        Invoked(CLIENTS[0], None, "write", 1),
        Invoked(CLIENTS[1], None, "write", 1),
        Responded(CLIENTS[0], None, None),
        Invoked(CLIENTS[0], None, "write", 1),
        Responded(CLIENTS[1], None, None),
    ]
    feed(watching, events)
    once = len(asked)
    feed(watching, events)
    feed(watching, [*events, *events[2:3], *events[3:4]])
    assert len(asked) == once <= 4
