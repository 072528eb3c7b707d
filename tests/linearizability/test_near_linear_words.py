"""What the near-linear checks say, of keys, rows and histories that they do not judge."""

from __future__ import annotations

import numpy as np
import pytest

from dscheck.checker.consistency.linearizability.check import check
from dscheck.checker.consistency.linearizability.near_linear import Outcome, judge
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, History

Step = tuple[str, object, object]


def one_after_another(*steps: Step, **hints: object) -> History:
    """Operations (function, argument, result) that do not overlap; "?" is a result that nobody saw."""
    builder = Builder(hints=hints)
    for process, (function, argument, result) in enumerate(steps):
        number = builder.invoke(process, function, argument)
        if result == "?":
            builder.respond(number, outcome=INFO)
        else:
            builder.respond(number, result)
    return builder.build()


def only(history: History, datatype: str) -> Outcome:
    (outcome,) = judge(history, datatype)
    return outcome


def sentence(datatype: str, *steps: Step, **hints: object) -> str:
    outcome = only(one_after_another(*steps, **hints), datatype)
    assert outcome.verdict is Verdict.VIOLATED
    assert outcome.witness is not None
    return outcome.witness.sentence


def reason(datatype: str, *steps: Step) -> str:
    outcome = only(one_after_another(*steps), datatype)
    assert outcome.verdict is None
    assert outcome.witness is None
    return outcome.reason


def test_registers() -> None:
    assert "nothing wrote" in sentence("register", ("read", None, 1))
    assert "nothing wrote" in sentence("register", ("read", None, None), initial=0)
    assert "returned before the write" in sentence("register", ("read", None, 1), ("write", 1, None))
    stale = (("write", 1, None), ("write", 2, None), ("read", None, 1))
    assert "no room for `write 2` (line 2)" in sentence("register", *stale)
    twice = (("write", 1, None), ("cas", (1, 2), True), ("cas", (1, 3), None))
    assert "both replaced the same value" in sentence("cas-register", *twice)
    late = (("write", 1, None), ("cas", (1, 2), True), ("read", None, 1))
    assert "depends on what came of" in sentence("cas-register", *late)
    circle = (("cas", (1, 2), True), ("cas", (2, 1), True))
    assert "none can be first" in sentence("cas-register", *circle)
    swapped = (
        ("write", 1, None),
        ("write", 2, None),
        ("read", None, 2),
        ("read", None, 1),
        ("read", None, 2),
    )
    assert "one value holds the register" in sentence("register", *swapped)
    assert "more than once" in reason("register", ("write", 1, None), ("write", 1, None), ("read", None, 1))
    assert "unequal" in reason("cas-register", ("write", 1, None), ("cas", (2, 3), False))


def test_collections() -> None:
    a, b = ("enqueue", "a", None), ("enqueue", "b", None)
    assert "nothing put there" in sentence("queue", ("dequeue", None, "a"))
    assert "began later" in sentence("queue", ("dequeue", None, "a"), a)
    assert "both took" in sentence("queue", a, ("dequeue", None, "a"), ("dequeue", None, "a"))
    assert "had taken that value" in sentence("queue", a, ("dequeue", None, "a"), ("peek", None, "a"))
    assert "never taken" in sentence("queue", a, b, ("dequeue", None, "b"))
    taken = sentence("queue", a, b, ("dequeue", None, "b"), ("dequeue", None, "a"))
    assert "found the second value first: `dequeue gave a` (line 4) began only afterwards" in taken
    assert "one of a and b" not in sentence("queue", a, ("dequeue", None, None))
    assert "a certainly was there" in sentence("unordered-queue", a, ("dequeue", None, None))
    c, d = ("push", "c", None), ("push", "d", None)
    assert "values c, d cannot" in sentence("stack", c, d, ("pop", None, "c"))
    top = sentence("priority-queue", ("insert", 1, None), ("insert", 2, None), ("poll", None, 1))
    assert "2 certainly was there" in top
    least = sentence(
        "priority-queue", ("insert", 1, None), ("insert", 2, None), ("poll", None, 2), order="min"
    )
    assert "1 certainly was there" in least


def test_what_is_not_judged() -> None:
    a = ("enqueue", "a", None)
    assert "more than once" in reason("queue", a, a)
    assert "looks like nothing" in reason("queue", ("enqueue", None, None))
    assert "is none of enqueue, dequeue, peek" in reason("queue", ("push", 1, None))
    assert "no integer" in reason("priority-queue", ("insert", 1.5, None))
    assert "does not say" in reason("set", ("add", 1, None), ("remove", 1, True))
    assert "another shape" in reason("cas-register", ("cas", 5, True))
    takes = (
        a,
        ("enqueue", "b", None),
        ("enqueue", "c", None),
        ("dequeue", None, "?"),
        ("dequeue", None, "?"),
    )
    assert "nobody was told" in reason("queue", *takes, ("dequeue", None, None))
    with pytest.raises(DscheckError, match="no near-linear check of a bank; there are register"):
        judge(one_after_another(), "bank")


def test_sets_and_locks() -> None:
    absent = sentence("set", ("add", 1, True), ("contains", 1, False))
    assert "in which the element is not there" in absent
    one, two = ("add", 1, None), ("add", 2, None)
    assert "nothing added" in sentence("set", ("read", None, (1,)))
    assert "too early for its element to be missing" in sentence("set", one, two, ("read", None, (2,)))
    apart = sentence("set", one, ("read", None, (1,)), ("read", None, ()))
    assert "too early" in apart or "each lack" in apart
    assert "which is no add" in reason("set", one, ("read", None, (1,)), ("contains", 1, True))
    assert "another shape" in reason("set", one, ("read", None, {1: 2}))
    assert "the lock is free" in sentence("mutex", ("acquire", None, None), ("acquire", None, None))
    assert "the lock is held" in sentence("mutex", ("release", None, None))


def test_takes_that_did_not_return_may_have_taken_what_is_missing() -> None:
    a, b = ("enqueue", "a", None), ("enqueue", "b", None)
    lost = ("dequeue", None, "?")
    assert only(one_after_another(a, lost, b, ("dequeue", None, "b")), "queue").verdict is Verdict.HOLDS
    assert only(one_after_another(a, b, ("dequeue", None, "b"), lost), "queue").verdict is Verdict.VIOLATED


def test_each_key_is_judged_alone() -> None:
    builder = Builder()
    for key, result in (("x", 1), ("y", 2), ("z", None)):
        builder.respond(builder.invoke(0, "write", 1, key=key))
        builder.respond(builder.invoke(1, "read", key=key), result)
    builder.respond(builder.invoke(2, "read", key="z"), 7, outcome=FAIL)
    outcomes = judge(builder.build(), "register")
    assert [(outcome.key, outcome.verdict) for outcome in outcomes] == [
        ("x", Verdict.HOLDS),
        ("y", Verdict.VIOLATED),
        ("z", Verdict.VIOLATED),
    ]
    assert [outcome.operations for outcome in outcomes] == [2, 2, 2]
    assert outcomes[1].witness is not None
    assert outcomes[1].witness.operations == (3,)
    assert outcomes[1].position == 7


def test_some_rows_of_a_history() -> None:
    history = one_after_another(("write", 1, None), ("write", 2, None), ("read", None, 1))
    (outcome,) = judge(history, "register", np.array([2, 0]))
    assert outcome.verdict is Verdict.HOLDS
    with pytest.raises(ValueError, match="does not have"):
        judge(history, "register", np.array([3]))
    assert judge(one_after_another(), "register") == []


def test_time_can_be_over() -> None:
    (outcome,) = judge(one_after_another(("write", 1, None)), "register", seconds=0.0)
    assert (outcome.verdict, outcome.reason) == (None, "time was over")
    with pytest.raises(ValueError, match="seconds"):
        judge(one_after_another(), "register", seconds=-1.0)


def test_the_violation_is_complete_when_the_last_of_it_returns() -> None:
    outcome = only(
        one_after_another(("write", 1, None), ("write", 2, None), ("read", None, 1), ("read", None, 2)),
        "register",
    )
    assert outcome.position == 5
    assert outcome.witness is not None
    assert outcome.witness.operations == (0, 1, 2)
    assert outcome.witness.minimal
    assert outcome.witness.details == ("the violation is complete when `read gave 1` (line 3) returns",)


def test_the_specification_says_where_a_register_starts() -> None:
    for initial in (0, False, "x"):
        history = one_after_another(("read", None, initial))
        assert check(history, by_name("register", initial=initial))[0].verdict is Verdict.HOLDS
        assert check(history)[0].verdict is Verdict.VIOLATED
