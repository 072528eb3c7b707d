"""Verdicts that once were wrong, and what once ended in an error of ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from threading import Thread
from typing import Any

import numpy as np
import pytest

from brute.orders import is_sequentially_consistent, respects
from dscheck.checker.consistency.datatypes import recognise
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability.check import PROMISES, check
from dscheck.checker.consistency.linearizability.near_linear import judge
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.specifications.register import Register
from dscheck.checker.specifications.specification import REFUSED, Asked, OneOf, Specification
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, History
from dscheck.histories.values import NIL
from linearizability.small import history_of

Step = tuple[str, Any, Any]
Timed = tuple[int, str, Any, Any, int, int, int]
"""Process, function, argument, result, when it began and ended, outcome."""


def one_after_another(*steps: Step, **hints: Any) -> History:
    builder = Builder(hints=hints)
    for process, (function, argument, result) in enumerate(steps):
        builder.respond(builder.invoke(process, function, argument), result)
    return builder.build()


def timed(*rows: Timed) -> History:
    builder = Builder()
    for process, function, argument, result, began, ended, outcome in rows:
        number = builder.invoke(process, function, argument, at=began)
        builder.respond(number, result, outcome=outcome, at=ended)
    return builder.build()


def holds(*steps: Step, **hints: Any) -> bool:
    [judged] = check(one_after_another(*steps, **hints))
    assert judged.verdict is not Verdict.UNDECIDED
    return judged.verdict is Verdict.HOLDS


@pytest.mark.parametrize("promise", PROMISES)
def test_a_process_that_goes_on_at_once_keeps_its_order(promise: str) -> None:
    history = timed((0, "write", 1, None, 0, 5, OK), (0, "read", None, None, 5, 9, OK))
    assert check(history, promise=promise)[0].verdict is Verdict.VIOLATED


def test_several_processes_go_on_at_one_instant() -> None:
    """Which was first is unknown: every order is tried, for all keys together."""
    spec, random = by_name("cas-register"), Random(1)
    menu = [("write", 1, None), ("write", 2, None), ("read", None, 1), ("read", None, None)]
    menu.append(("cas", (1, 2), True))
    for _ in range(400):
        rows: list[Timed] = []
        for process in range(random.randint(1, 3)):
            now = random.randint(0, 1)
            for _ in range(random.randint(1, 3)):
                ended = now + random.choice([0, 1, 1, 2])
                outcome = INFO if random.random() < 0.15 else OK
                rows.append((process, *random.choice(menu), now, ended, outcome))
                now = ended + random.choice([0, 0, 1])
        history = timed(*sorted(rows, key=lambda row: row[4]))
        expected = Verdict.HOLDS if respects(history, spec) else Verdict.VIOLATED
        assert check(history, spec)[0].verdict is expected
        expected = Verdict.HOLDS if is_sequentially_consistent(history, spec) else Verdict.VIOLATED
        assert check(history, spec, promise="sequentially-consistent")[0].verdict is expected


def test_too_many_processes_that_go_on_at_one_instant_leave_it_open() -> None:
    """Each could have been first: p0 reads what is written, q0 too, and so on, in a circle for each order."""
    rows: list[Timed] = []
    for process in range(8):
        rows.append((process, "write", process, None, 0, 5, OK))
    rows += [(process, "read", None, (process + 4) % 8, 5, 9, OK) for process in range(8)]
    judged = check(timed(*rows))[0]
    assert judged.verdict is not Verdict.HOLDS


def test_a_process_that_does_two_things_at_once_is_not_judged_by_time_alone() -> None:
    history = history_of([("write", 1, None, OK), ("read", None, None, OK)], [0, 1], [2, 3], [0, 0])
    assert check(history)[0].verdict is Verdict.HOLDS
    assert check(history, promise="sequentially-consistent")[0].verdict is Verdict.VIOLATED


def test_every_nan_is_the_same_value() -> None:
    nan = float("nan")
    assert holds(("write", nan, None), ("write", nan, None), ("read", None, float("-nan")))
    assert holds(("push", nan, None), ("push", nan, None), ("pop", None, nan))


def test_one_and_true_are_different_keys() -> None:
    one, true = (("w", 1, 5),), (("r", True, None), ("r", 1, None), ("r", 1.0, None))
    assert holds(("txn", one, ()), ("txn", true, (None, 5, None)))
    assert holds(("zadd", (1, 1), 1), ("zadd", (True, 2), 1), ("zscore", True, 2.0), ("zcard", None, 2))
    assert not holds(("transfer", (1, 2, 5), True), datatype="bank", initial={True: 5, 2: 0})
    assert holds(("insert", 1, None), ("insert", 1.0, None), ("poll", None, 1.0), ("poll", None, 1))


@pytest.mark.parametrize(
    ("fits", "steps"),
    [
        (False, [("total", None, 100), ("read", None, {"a": 40, "b": 50})]),
        (False, [("total", None, 100), ("total", None, 90)]),
        (False, [("transfer", ("a", "b", 5), False), ("read", None, {"a": 40, "b": 50})]),
        (False, [("transfer", ("a", "b", 5), True), ("read", None, {"a": 0, "b": 3})]),
        (False, [("transfer", ("a", "b", 5), True), ("transfer", ("b", "a", 5), False)]),
        (False, [("transfer", ("a", "b", -5), True), ("read", None, {"a": 3, "b": 0})]),
        (False, [("transfer", ("a", "b", 5), True), ("total", None, 4)]),
        (True, [("transfer", ("a", "b", 5), True), ("transfer", ("a", "b", 5), False), ("total", None, 9)]),
        (True, [("transfer", ("a", "b", 5), False), ("read", None, {"a": 4, "b": 50})]),
        (True, [("transfer", ("a", "b", 5), False), ("read", None, {"a": 40})]),
        (True, [("transfer", ("a", "b", 5), True), ("read", None, {"a": 0, "b": 5}), ("total", None, 5)]),
    ],
)
def test_a_bank_without_balances_had_some_before(fits: bool, steps: list[Step]) -> None:
    assert holds(*steps, datatype="bank") is fits


def test_initial_balances_are_a_map() -> None:
    with pytest.raises(DscheckError, match="a map from account to balance, not 5"):
        holds(("total", None, 5), datatype="bank", initial=5)


@pytest.mark.parametrize("put", ["enqueue", "push", "insert"])
def test_nil_is_no_element(put: str) -> None:
    with pytest.raises(DscheckError, match=rf"{put}\(nil\) cannot be judged.*record another value"):
        holds((put, None, None))


def test_positions_that_no_recording_has() -> None:
    choices = [("write", 1, None, OK), ("read", None, 1, OK)]
    backwards, twice = ([2, 3], [1, 4], "a return at position 1"), ([0, 1], [2, 2], "the same position")
    for invoked, returned, message in (backwards, twice):
        history = history_of(choices, invoked, returned, [0, 1])
        with pytest.raises(DscheckError, match=message):
            check(history)
        with pytest.raises(DscheckError, match=message):
            judge(history, "register")


def test_tokens_start_anywhere_and_may_be_huge() -> None:
    assert holds(("acquire", None, 0), ("release", 0, None), ("acquire", None, 1))
    assert holds(("acquire", None, -5), ("release", None, None), ("acquire", None, -4))
    assert not holds(("acquire", None, 2**70), ("release", None, None), ("acquire", None, 2**70 - 1))
    with pytest.raises(DscheckError, match='a fencing token is a whole number, and "a" is none'):
        holds(("acquire", None, "a"))


def test_results_tell_data_types_apart_by_their_types() -> None:
    assert recognise(one_after_another(("add", 2**70, None), ("read", None, 2**70))) == "counter"
    assert recognise(one_after_another(("read", None, {"a": 1}))) == "bank"
    assert recognise(one_after_another(("read", None, frozenset({1})))) == "set"
    assert recognise(one_after_another(("read", None, (1,)))) == "append-list"
    assert recognise(one_after_another(("acquire", None, True))) == "mutex"


def test_a_limiter_needs_moments() -> None:
    with pytest.raises(DscheckError, match="at which moment the limiter looked at its clock"):
        holds(("allow", None, True))


def test_a_set_is_no_text() -> None:
    both = ("add", "a", None), ("add", "b", None)
    assert not holds(*both, ("read", None, "ab"))
    assert not holds(*both, ("contains", "a", True), ("read", None, "ab"))


class Odd(Specification):
    """At fault in the way that the function says."""

    name = "odd"
    functions = ("several", "deep", "array", "tell", "one")

    def initial(self) -> Any:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "several":
            return self._each()
        if asked.function == "deep":
            for _ in range(2000):
                state = (state,)
            return state
        if asked.function == "one":
            return OneOf(5)  # type: ignore[arg-type]
        return {"x": []} if asked.function == "array" else REFUSED

    def _each(self) -> Iterator[Any]:
        yield from ((1,), (2,))

    def describe(self, state: Any) -> str:
        raise ValueError("none of your business")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("several", "for several states give OneOf"),
        ("deep", "too deeply"),
        ("array", "not hashable"),
        ("one", r"OneOf\(5\) is no tuple of states"),
        ("tell", "odd.describe raised ValueError: none of your business"),
    ],
)
def test_a_specification_is_told_what_is_wrong_with_it(function: str, message: str) -> None:
    with pytest.raises(DscheckError, match=message):
        check(one_after_another((function, None, None)), Odd())


@dataclass(frozen=True)
class Equal(Specification):
    """One of these is equal to another one, though it begins elsewhere."""

    first: Any
    name = "equal"
    functions = ("read",)

    def initial(self) -> Any:
        return self.first

    def step(self, state: Any, asked: Asked) -> Any:
        return state if asked.returned(state) else REFUSED


def test_equal_specifications_are_not_the_same() -> None:
    assert check(one_after_another(("read", None, 1)), Equal(1))[0].verdict is Verdict.HOLDS
    assert check(one_after_another(("read", None, True)), Equal(True))[0].verdict is Verdict.HOLDS


@dataclass
class Unhashable(Register):
    """Equal to others, and so without a hash."""

    first: int = 0

    def initial(self) -> int:
        return self.first


def test_a_specification_need_not_be_hashable() -> None:
    assert check(one_after_another(("read", None, 7)), Unhashable(7))[0].verdict is Verdict.HOLDS


class Slow(Specification):
    """A step of it takes a tenth of a second."""

    name = "slow"
    functions = ("add",)

    def initial(self) -> Any:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        time.sleep(0.1)
        return OneOf.of([(*state, asked.argument)])


def test_the_time_of_slow_steps_is_limited() -> None:
    choices = [("add", number, None, OK) for number in range(8)]
    history = history_of(choices, range(8), range(8, 16), range(8))
    began = time.monotonic()
    assert check(history, Slow(), limits=Limits(seconds=0.3))[0].verdict is Verdict.UNDECIDED
    assert time.monotonic() - began < 0.9


def test_little_time_for_a_long_history() -> None:
    """Neither what a near-linear check found nor the vocabulary of the search takes longer than its time."""
    count = 200_000
    choices = [("write", 0, None, OK), ("read", None, 1, OK)]
    two = history_of(choices, [0, 1], [2, 3], [0, 1])
    argument = np.where(np.arange(count) % 2, NIL, np.arange(count))
    result = np.where(np.arange(count) % 2, np.arange(count) + 1, NIL)
    columns = {
        "process": np.arange(count),
        "key": np.full(count, NIL),
        "argument": argument,
        "result": result,
    }
    columns |= {
        "invoked": 2 * np.arange(count),
        "returned": 2 * np.arange(count) + 1,
        "line": np.arange(count),
    }
    columns |= {"function": (np.arange(count) % 2).astype(np.uint16), "outcome": np.zeros(count, np.uint8)}
    history = replace(two, **columns)
    for promise, verdict in (
        ("linearizable", Verdict.VIOLATED),
        ("sequentially-consistent", Verdict.UNDECIDED),
    ):
        began = time.process_time()
        assert check(history, promise=promise, limits=Limits(seconds=0.1))[0].verdict is verdict
        assert time.process_time() - began < 1.5


def test_what_is_open_at_once_has_a_limit_of_its_own() -> None:
    count = 16_500
    choices = [("add", number, None, OK) for number in range(count)] + [("read", None, -1, OK)]
    history = history_of(choices, range(count + 1), range(count + 1, 2 * count + 2), range(count + 1))
    [judged] = check(history, by_name("counter"))
    assert judged.verdict is Verdict.UNDECIDED
    assert "more operations of one object are open at once" in judged.covered


def test_less_than_no_memory() -> None:
    with pytest.raises(DscheckError, match="less than nothing"):
        check(one_after_another(("read", None, 1)), limits=Limits(memory=-1))


def test_a_lock_is_refuted_by_operations_that_prove_it() -> None:
    rows: list[Timed] = [
        (0, "acquire", None, None, 0, 1, OK),
        (0, "release", None, True, 2, 8, OK),
        (2, "acquire", None, None, 2, 3, OK),
        (1, "release", None, False, 4, 5, OK),
        (3, "acquire", None, None, 7, 7, OK),
        (2, "release", None, None, 8, 9, OK),
        (1, "acquire", None, None, 11, 14, OK),
    ]
    history = timed(*rows)
    [judged] = check(history)
    members = judged.anomalies[0].witness.operations
    others = [row for row in range(len(history)) if row not in members]
    spec = by_name("mutex")
    for chosen in range(2 ** len(others)):
        outcome = history.outcome.copy()
        outcome[[row for at, row in enumerate(others) if chosen >> at & 1]] = FAIL
        assert not respects(replace(history, outcome=outcome), spec)


def test_endless_time_and_several_threads() -> None:
    spec = by_name("register")
    history = one_after_another(("write", 1, None), ("write", 1, None), ("read", None, 1))
    found: list[Verdict] = []

    def run() -> None:
        found.extend(check(history, spec, limits=Limits(seconds=float("inf")))[0].verdict for _ in range(50))

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Verdict.HOLDS] * 200


def test_what_was_there_at_the_start_is_not_said_to_be_missing() -> None:
    overwritten = one_after_another(("write", 1, None), ("write", 1, None), ("read", None, 0), initial=0)
    written_later = one_after_another(("write", 1, None), ("read", None, 0), ("write", 0, None), initial=0)
    for history in (overwritten, written_later):
        [judged] = check(history, by_name("register", initial=0))
        witness = judged.anomalies[0].witness
        assert "found 0 after `write 1`" in witness.sentence
        assert "nobody wrote 0 since" in witness.sentence
        assert not any("was there from the start" in detail for detail in witness.details)


def test_an_unequal_compare_and_set_proves_nothing_without_what_it_depends_on() -> None:
    history = one_after_another(("write", 0, None), ("read", None, 2), ("cas", (None, 2), False))
    [judged] = check(history, by_name("cas-register"))
    witness = judged.anomalies[0].witness
    assert 1 in witness.operations, "the read of what nobody wrote"


def test_what_is_missing_may_explain_what_nothing_here_does() -> None:
    history = one_after_another(("write", 1, None), ("read", None, 7), partial=True)
    for promise in PROMISES:
        [judged] = check(history, by_name("register"), promise=promise)
        assert (judged.verdict, judged.anomalies) == (Verdict.UNDECIDED, ())
        assert "parts of the recording are missing" in judged.covered
    [whole] = check(replace(history, hints={}), by_name("register"))
    assert whole.verdict is Verdict.VIOLATED
