"""Models for which an earlier engine or notation gave a wrong verdict; found by the review of soundness."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import (
    Counter,
    Model,
    ModelError,
    Node,
    Verdict,
    action,
    always,
    budget,
    choose,
    counter,
    explore,
    refines,
    require,
    var,
)


class Process(Node):
    n: Counter = var(counter(0))


@pytest.mark.parametrize("values", [2 * 8, 100])
def test_a_variable_that_gets_many_values_at_once(values: int) -> None:
    class Draws(Model):
        drawn: bool = var(False)
        started: bool = var(False)
        x: int = var(0)
        bad: bool = var(False)

        def setup(self) -> None:
            self.make(Process, 1, "p")

        @action
        def start(self) -> None:
            require(not self.started)
            self.started = True

        @action
        def draw(self) -> None:
            require(self.started and not self.drawn)
            self.drawn, self.x = True, choose(range(values))

        @action
        def use(self) -> None:
            require(self.x == 7)
            self.bad = True

        @always
        def fine(self) -> bool:
            return not self.bad

    result = explore(Draws())
    assert (result.verdict, len(result.levels)) == (Verdict.VIOLATED, 4)


def test_a_step_raises_only_where_it_does() -> None:
    class Fails(Model):
        x: int = var(0)

        def setup(self) -> None:
            self.make(Process, 1, "p")
            self.x = choose((0, 1))

        @action
        def count(self, p: Process) -> None:
            require(self.x >= 0)
            p.n.add(1)
            p.n.add(1)

        @action
        def fail(self) -> None:
            require(self.x == 1)
            raise ValueError("x is 1")

    result = explore(Fails(), depth=3)
    assert result.verdict is Verdict.AT_FAULT
    assert result.trace is not None
    assert result.trace.start["x"] == "1"


def test_a_mapping_that_raises_is_no_step_that_is_not_allowed() -> None:
    class Abstract(Model):
        u: int = var(0)

        def setup(self) -> None:
            self.make(Process, 1, "a")

        @action
        def both(self) -> None:
            require(self.u == 0)
            self.u = 1

    class Maps(Model):
        x: int = var(0)

        def setup(self) -> None:
            self.make(Process, 1, "p")

        @action
        def go(self) -> None:
            require(self.x == 0)
            self.x = 1

        @refines(lambda self: Abstract())
        def spec(self, spec: Abstract) -> None:
            if self.x:
                raise ValueError("the mapping does not know x = 1")
            spec.u = 0

    assert explore(Maps()).verdict is Verdict.AT_FAULT


def test_a_variable_may_be_called_partition() -> None:
    class Named(Model):
        cuts: int = budget("partition", 1)
        partition: set[int] = var(set())

        def setup(self) -> None:
            self.make(Process, 2, "p")

        @action
        def go(self) -> None:
            require(self.cuts >= 0)

        @always
        def fine(self) -> bool:
            return not self.partition

    assert explore(Named()).verdict is Verdict.HOLDS


def test_a_property_that_forgets_all() -> None:
    class Forgets(Model):
        def setup(self) -> None:
            self.ps = self.make(Process, 2, "p")

        @action
        def go(self, p: Process) -> None:
            require(p.n == 0)
            p.n.add(1)

        @always
        def safe(self) -> Any:
            return (p.n == 0 for p in self.ps)

    with pytest.raises(ModelError, match=r"returned a generator, which always counts as true; write all"):
        explore(Forgets())
