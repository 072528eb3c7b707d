"""Models that cheat: what they depend on is not in the state, and that is found out."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest

from dscheck import HiddenState, Model, Node, action, always, choose, require, var
from dscheck.checker.rules.system import System
from rules.workbench import searched, tree

memory = 0


class Worker(Node):
    x: float = var(0)
    y: int = var(0)


class Honest(Model):
    """Two workers, each of which takes one step."""

    def setup(self) -> None:
        self.make(Worker, 2, "w")

    def secret(self) -> float:
        """What the step depends on."""
        return 1

    @action
    def step(self, w: Worker) -> None:
        require(not w.y)
        w.y = 1
        w.x = self.secret()


class Global(Honest):
    def secret(self) -> float:
        global memory
        memory += 1
        return memory


class Clock(Honest):
    def secret(self) -> float:
        return time.perf_counter_ns()


class Random(Honest):
    def secret(self) -> float:
        return random.random()


class MutableDefault(Honest):
    def secret(self, calls: list[int] = []) -> float:  # noqa: B006
        calls.append(1)
        return len(calls)


def closure() -> type[Model]:
    calls = 0

    class Closure(Honest):
        def secret(self) -> float:
            nonlocal calls
            calls += 1
            return calls

    return Closure


CHEATS = [Global, Clock, Random, MutableDefault, closure()]


@pytest.fixture(params=CHEATS, ids=lambda cheat: cheat.__name__)
def cheat(request: pytest.FixtureRequest) -> type[Model]:
    return request.param


@pytest.mark.parametrize("sample", [None, 4])
def test_an_audit_finds_out_what_a_model_remembers(cheat: type[Model], sample: int | None) -> None:
    system, report = searched(cheat())
    assert report.finding is None
    with pytest.raises(
        HiddenState, match=r"step\(w[12]\) \(.*step\) depends on something .* ended in something"
    ):
        system.audit(sample)


def test_the_error_names_the_likely_causes() -> None:
    system, _ = searched(Global())
    with pytest.raises(
        HiddenState, match=r"global.*default.*enclosing function.*time.*random.*var\(.*choose\("
    ):
        system.audit()


class Wavering(Honest):
    """It looks at something else from one run to the next."""

    turn: Callable[[], int]

    @action
    def step(self, w: Worker) -> None:
        require(not w.y)
        other = next(o for o in self.all(Worker) if o is not w)
        for _ in range(type(self).turn()):
            require(other.x < 9)
        w.y = choose((1, 2))


def turns(*numbers: int) -> Callable[[], int]:
    remaining: Iterator[int] = iter(numbers)
    return lambda: next(remaining)


@pytest.mark.parametrize(
    ("numbers", "what"),
    [
        ((0, 1), "observed w2.x where it chose between 2 options before"),
        ((1, 0), "chose between 2 options where it observed w2.x before"),
    ],
)
def test_runs_that_go_different_ways_after_the_same_observations(numbers: tuple[int, ...], what: str) -> None:
    system = System(type("Twice", (Wavering,), {"turn": staticmethod(turns(*numbers))})())
    with pytest.raises(HiddenState, match=rf"step\(w1\) .*{what}"):
        system.learn([(tree(system, "step(w1)"), system.initial[0], [])])


def test_a_search_notices_that_a_run_looks_elsewhere() -> None:
    class Restless(Honest):
        @action
        def grow(self, w: Worker) -> None:
            require(w.x < 2)
            w.x += 1

        @action
        def step(self, w: Worker) -> None:
            global memory
            memory += 1
            require(self.all(Worker)[memory > 2].x == 2)

    global memory
    memory = 0
    with pytest.raises(HiddenState, match=r"observed w2\.x where it observed w1\.x before"):
        searched(Restless())


def test_a_run_that_no_longer_chooses() -> None:
    class Fickle(Honest):
        @action
        def step(self, w: Worker) -> None:
            global memory
            memory += 1
            w.y = choose((1, 2)) if memory % 2 else 1

    global memory
    memory = 0
    system = System(Fickle())
    with pytest.raises(HiddenState, match="made 0 choices where it made 1 before"):
        system.learn([(tree(system, "step(w1)"), system.initial[0], [])])


def test_a_run_that_has_fewer_options() -> None:
    class Fickle(Honest):
        @action
        def step(self, w: Worker) -> None:
            global memory
            memory -= 1
            w.y = choose(range(memory))

    global memory
    memory = 3
    system = System(Fickle())
    with pytest.raises(HiddenState, match="only 1 options where it had more than 1"):
        system.learn([(tree(system, "step(w1)"), system.initial[0], [])])


def test_an_audit_finds_an_observation_that_was_not_made_before() -> None:
    class Curious(Honest):
        @action
        def step(self, w: Worker) -> None:
            global memory
            memory += 1
            require(memory > 1 and w.x > 9)

    global memory
    memory = 0
    system = System(Curious())
    system.learn([(tree(system, "step(w1)"), system.initial[0], [])])
    with pytest.raises(HiddenState, match=r"observed w1\.x, which it did not before"):
        system.audit()


def test_an_audit_of_an_honest_model_is_content() -> None:
    class Varied(Honest):
        @action
        def fail(self, w: Worker) -> None:
            require(w.y == 3)
            raise ValueError(object())  # whose text differs from run to run

        @action
        def pick(self, w: Worker) -> None:
            w.y = choose((1, 2, 3))

        @always
        def fine(self, w: Worker) -> bool:
            return w.y < 9

    system, report = searched(Varied())
    assert report.finding is not None
    assert system.audit() == system.rules.footprint_count()
    assert system.audit(3) == 3
    assert system.audit(seconds=0.0) <= 1
    calls = system.python_calls
    system.audit()
    assert system.python_calls == calls
