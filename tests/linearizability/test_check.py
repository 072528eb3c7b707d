"""What `check` says: verdicts with evidence that proves them, limits, and who is at fault."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest

from brute.orders import is_linearizable, is_sequentially_consistent
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability.check import PROMISES, check
from dscheck.checker.errors import DscheckError
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.specifications.specification import REFUSED, Asked, OneOf, Specification
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, NEVER, History
from linearizability.menus import MENUS, OPTIONS
from linearizability.small import Choice, drawn, history_of, with_info


def keyed(random: Random, choices: list[Choice]) -> History:
    return drawn(choices, random.randint(4, 8), random, keys=random.choice([1, 2]))


@pytest.mark.parametrize("name", [name for name in MENUS if by_name(name).keyed])
def test_every_key_on_its_own_and_all_in_one_order(name: str) -> None:
    """Against brute force: linearizable key by key, sequentially consistent with all keys together."""
    spec = by_name(name, **OPTIONS.get(name, {}))
    random = Random(name)
    for _ in range(60):
        history = keyed(random, with_info(MENUS[name]))
        keys = np.unique(history.key)
        alone = [only(history, history.key == key) for key in keys]
        [judged] = check(history, spec)
        assert (judged.verdict is Verdict.HOLDS) is all(is_linearizable(one, spec) for one in alone)
        [judged] = check(history, spec, promise="coherent")
        assert (judged.verdict is Verdict.HOLDS) is all(
            is_sequentially_consistent(one, spec) for one in alone
        )
        [judged] = check(history, spec, promise="sequentially-consistent")
        together = Together(spec, tuple(history.values.value(key) for key in keys))
        expected = is_sequentially_consistent(with_keys_in_arguments(history), together)
        assert (judged.verdict is Verdict.HOLDS) is expected


class Together(Specification):
    """Several objects as one: the argument of an operation is its key and what it is there."""

    def __init__(self, spec: Specification, keys: tuple[Any, ...]) -> None:
        self._spec, self._keys = spec, keys

    def initial(self) -> Any:
        return tuple(self._spec.initial() for _ in self._keys)

    def step(self, state: Any, asked: Asked) -> Any:
        key, argument = asked.argument
        at = self._keys.index(key)
        answer = self._spec.step(state[at], Asked(asked.function, argument, asked.result))
        if answer is REFUSED:
            return REFUSED
        states = answer.states if isinstance(answer, OneOf) else (answer,)
        return OneOf.of((*state[:at], after, *state[at + 1 :]) for after in states)


def with_keys_in_arguments(history: History) -> History:
    value, code = history.values.value, history.values.code
    pairs = zip(history.key, history.argument, strict=True)
    argument = [code((value(key), value(argument))) for key, argument in pairs]
    return replace(history, argument=np.array(argument, np.int64))


def only(history: History, rows: Any) -> History:
    return replace(history, outcome=np.where(rows, history.outcome, FAIL).astype(np.uint8))


@pytest.mark.parametrize("name", MENUS)
def test_witnesses_prove_violations(name: str) -> None:
    """With its other operations absent or present, in every way, there is no order; and none can go."""
    spec = by_name(name, **OPTIONS.get(name, {}))
    random = Random(name)
    shown = 0
    while shown < 12:
        history = drawn(with_info(MENUS[name]), random.randint(4, 6), random)
        [judged] = check(history, spec)
        if judged.verdict is not Verdict.VIOLATED:
            continue
        shown += 1
        [anomaly] = judged.anomalies
        rows = set(anomaly.witness.operations)
        assert anomaly.witness.sentence
        assert not any(some_world_fits(history, spec, rows, is_linearizable)), history
        for row in rows if anomaly.witness.minimal else ():
            assert any(some_world_fits(history, spec, rows - {row}, is_linearizable))


def test_witnesses_of_sequential_consistency_prove_violations() -> None:
    spec = by_name("cas-register")
    random = Random(3)
    shown = 0
    while shown < 30:
        history = drawn(with_info(MENUS["cas-register"]), random.randint(4, 7), random)
        [judged] = check(history, spec, promise="sequentially-consistent")
        if judged.verdict is Verdict.VIOLATED:
            shown += 1
            rows = set(judged.anomalies[0].witness.operations)
            assert not any(some_world_fits(history, spec, rows, is_sequentially_consistent)), history


def some_world_fits(history: History, spec: Specification, rows: set[int], fits: Any) -> Any:
    """For every choice of the operations outside the witness: whether the history has an order then."""
    others = [row for row in range(len(history)) if row not in rows]
    for chosen in range(2 ** len(others)):
        absent = [row for at, row in enumerate(others) if not chosen >> at & 1]
        outcome = history.outcome.copy()
        outcome[absent] = FAIL
        yield fits(replace(history, outcome=outcome), spec)


def test_the_longest_prefix_is_an_order_that_fits() -> None:
    spec = by_name("register")
    random = Random(1)
    for _ in range(300):
        history = drawn(with_info(MENUS["register"]), 8, random)
        [judged] = check(history, spec)
        for anomaly in judged.anomalies:
            state = spec.initial()
            for row in anomaly.witness.order:
                operation = history.operation(row)
                state = spec.step(state, Asked(operation.function, operation.argument, operation.result))
                assert state is not REFUSED
            places = {row: at for at, row in enumerate(anomaly.witness.order)}
            for first in places:
                for second in places:
                    assert not (
                        history.returned[first] < history.invoked[second] and places[first] > places[second]
                    )


def test_a_stale_read_is_told_in_a_sentence() -> None:
    built = Builder(hints={"initial": 0})
    for value in (3, 3, 4):
        built.respond(built.invoke(1, "write", value))
    built.respond(built.invoke(2, "read"), 3)
    [judged] = check(built.build())
    [anomaly] = judged.anomalies
    assert anomaly.witness.operations == (0, 1, 2, 3)
    assert anomaly.witness.order == (0, 1, 2)
    assert anomaly.witness.states == ("4",)
    assert anomaly.witness.stuck == (3,)
    assert anomaly.witness.sentence == (
        "`read gave 3` (line 4) found 3 after `write 4` (line 3) had completed, and nobody wrote 3 since"
    )


class Slow(Specification):
    """So many states that no search ends."""

    name = "slow"
    functions = ("add", "never")

    def initial(self) -> Any:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        return (*state, asked.argument) if asked.function == "add" else REFUSED


def hard(operations: int) -> History:
    """All operations overlap, and the one that returns first fits nowhere."""
    choices = [("never", None, None, 0), *(("add", number, None, 0) for number in range(operations))]
    count = len(choices)
    return history_of(choices, range(count), range(count, 2 * count), range(count))


def test_time_is_a_hard_limit() -> None:
    began = time.monotonic()
    [judged] = check(hard(40), Slow(), limits=Limits(seconds=0.3))
    assert judged.verdict is Verdict.UNDECIDED
    assert "time was over: 41 of 82 invocations and returns" in judged.covered
    assert time.monotonic() - began < 1.5


def test_memory_is_a_hard_limit() -> None:
    [judged] = check(hard(40), Slow(), limits=Limits(seconds=20, memory=1))
    assert judged.verdict is Verdict.UNDECIDED
    assert "memory was full" in judged.covered


def test_one_hard_key_does_not_hide_a_broken_one() -> None:
    slow, simple = hard(40), [("add", 0, None, 0), ("never", None, None, 0)]
    choices = [(*what(slow, row), 0) for row in range(len(slow))] + simple
    places = [100, 102]
    history = history_of(
        choices,
        [*slow.invoked, *places],
        [*slow.returned, *(place + 1 for place in places)],
        range(len(choices)),
        [*["hard"] * len(slow), "easy", "easy"],
    )
    [judged] = check(history, Slow(), limits=Limits(seconds=0.5))
    assert judged.verdict is Verdict.VIOLATED
    assert [anomaly.key for anomaly in judged.anomalies] == ["easy"]
    assert "1 key undecided" in judged.covered


def what(history: History, row: int) -> tuple[str, Any, Any]:
    operation = history.operation(row)
    return operation.function, operation.argument, operation.result


class Wrong(Specification):
    """At fault in a way of its own."""

    name = "wrong"
    functions = ("divide", "look", "leap", "list")
    pure = ("look",)
    blind = ("leap",)

    def initial(self) -> Any:
        return 0

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "divide":
            return 1 // state
        return [] if asked.function == "list" else state + 1


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("divide", r"wrong.step raised ZeroDivisionError: .* for divide\(\) in the state 0"),
        ("look", r"wrong says that look\(\) changes nothing, but in the state 0 it does"),
        ("leap", r"wrong says that leap\(\) always leads to the same state, but in the state 1 it does not"),
        ("list", r"the state \[\] is not hashable"),
        ("jump", r"has the functions jump, which the specification wrong does not know; it knows divide"),
    ],
)
def test_a_specification_at_fault_is_an_error(function: str, message: str) -> None:
    history = history_of([(function, None, None, 0)] * 2, [0, 2], [1, 3], [0, 0])
    with pytest.raises(DscheckError, match=message):
        check(history, Wrong())


def test_a_recording_without_real_time_has_no_linearizability() -> None:
    history = history_of([("write", 1, None, 0)], [0], [1], [0])
    with pytest.raises(DscheckError, match="ask for sequentially-consistent"):
        check(replace(history, ordered_in_time=False))
    assert check(replace(history, ordered_in_time=False), promise=PROMISES[1])[0].verdict is Verdict.HOLDS


def test_failed_operations_did_not_happen_and_pending_ones_may_have() -> None:
    choices = [("write", 1, None, FAIL), ("write", 2, None, INFO), ("read", None, 2, 0), ("read", None, 1, 0)]
    history = history_of(choices, [0, 2, 3, 5], [1, NEVER, 4, 6], [0, 1, 2, 2])
    assert check(only(history, np.arange(4) < 3))[0].verdict is Verdict.HOLDS
    assert check(history)[0].verdict is Verdict.VIOLATED


def test_many_pending_operations_are_no_trouble() -> None:
    """A thousand writes that nobody saw return, of two values, and reads that need some of them."""
    choices: list[Choice] = [("write", at % 2, None, INFO) for at in range(1000)]
    choices += [("read", None, at % 2, 0) for at in range(200)]
    ends = [NEVER] * 1000 + [1001 + 2 * at for at in range(200)]
    begins = [*range(1000), *(1000 + 2 * at for at in range(200))]
    history = history_of(choices, begins, ends, [*range(1000), *[5000] * 200])
    [judged] = check(history, by_name("cas-register"), limits=Limits(seconds=10))
    assert judged.verdict is Verdict.HOLDS


def test_nothing_that_could_be_wrong_is_said() -> None:
    [judged] = check(history_of([("write", 1, None, 0)], [0], [1], [0]))
    assert "says little" in judged.warnings[0]


@pytest.mark.parametrize("promise", PROMISES[:2])
def test_ctrl_c_ends_a_search_cleanly(promise: str) -> None:
    signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    with interrupts_kept():  # Hypothesis listens to the garbage collector
        [judged] = check(hard(40), Slow(), promise=promise, limits=Limits(seconds=20))
    assert judged.verdict is Verdict.UNDECIDED
    assert "interrupted" in judged.covered
    assert judged.seconds < 10


@pytest.mark.parametrize("name", ["register", "multi-register"])
def test_a_value_that_may_have_been_there_from_the_start_is_a_hint(name: str) -> None:
    asked = {"register": ("read", None, 7, 0), "multi-register": ("txn", (("r", "x", None),), (7,), 0)}
    history = history_of([asked[name]], [0], [1], [0])
    [judged] = check(history, by_name(name))
    assert judged.verdict is Verdict.VIOLATED
    assert f"--model {name}:initial=7" in judged.anomalies[0].witness.details[-1]
    assert check(history, by_name(f"{name}:initial=7"))[0].verdict is Verdict.HOLDS
