"""What the symbolic search once got wrong."""

from __future__ import annotations

import pytest

from climbing import Ladder
from dscheck import Message, Model, Node, Verdict, action, explore, receive, refines, require, var
from dscheck._engine import Diagrams, Rules


class Ping(Message):
    value: int


class Cell(Node):
    sent: int = var(0)


class Total(Node):
    n: int = var(0)


class Count(Model):
    def setup(self) -> None:
        [self.total] = self.make(Total, 1, "t")

    @action
    def grow(self, t: Total) -> None:
        t.n += 1


class Sender(Model):
    """Its messages are counted, so what it stands for depends on the size of a set that grows."""

    network = "persistent"

    def setup(self) -> None:
        self.make(Cell, 2, "c")

    @action
    def send(self, c: Cell, to: Cell) -> None:
        require(c.sent < 2)
        c.send(to, Ping(value=c.sent))
        c.sent += 1

    @receive
    def on_ping(self, c: Cell, m: Ping) -> None:
        require(c.sent > 2)

    @refines(lambda self: Count())
    def counted(self, spec: Count) -> None:
        spec.total.n = len(self.in_flight(Ping))


class SendsTwice(Sender):
    @action
    def send(self, c: Cell, to: Cell) -> None:
        require(c.sent < 2)
        c.send(to, Ping(value=c.sent))
        c.send(c, Ping(value=c.sent + 1))
        c.sent += 1


@pytest.mark.parametrize("layers", [True, False])
def test_a_refinement_that_counts_messages(layers: bool) -> None:
    """The engine panicked: a line led to a relation that no state fits."""
    result = explore(Sender(), engine="symbolic", layers=layers)
    assert (result.verdict, result.states) == (Verdict.HOLDS, explore(Sender()).states)
    broken = explore(SendsTwice(), engine="symbolic", layers=layers)
    assert broken.verdict is Verdict.VIOLATED
    assert broken.trace is not None
    assert len(broken.trace.steps) == 1


def test_a_tree_of_which_nothing_is_known_is_a_gap() -> None:
    """It counted as compiled, so nothing seemed to be left to learn."""
    rules = Rules()
    rules.add_slot()
    rules.add_tree("step")
    diagrams = Diagrams(rules, [0], 1 << 28)
    diagrams.prepare()
    start = diagrams.states([[0]])
    diagrams.probe(start)
    assert diagrams.seen(start) == [("gap", 0, [], [0])]


@pytest.mark.parametrize("layers", [True, False])
def test_a_search_after_a_warm_up_that_taught_nothing(layers: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """It held in all its 1 states."""
    monkeypatch.setattr("dscheck.checker.search.symbolic.explore.warm_up", lambda *_: None)
    result = explore(Ladder(climbers=2), engine="symbolic", layers=layers)
    assert (result.verdict, result.states) == (Verdict.HOLDS, explore(Ladder(climbers=2)).states)


def test_more_lessons_than_an_integer_has_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nodes that a round may make were doubled with every lesson, until they overflowed."""
    monkeypatch.setattr("dscheck.checker.search.symbolic.explore.warm_up", lambda *_: None)
    result = explore(Ladder(top=100), engine="symbolic")
    assert (result.verdict, result.states) == (Verdict.HOLDS, 102)
