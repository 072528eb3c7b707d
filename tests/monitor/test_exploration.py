"""Promises about operations in a model: what the notation means, and what results show."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from dscheck import (
    Message,
    Model,
    ModelError,
    Node,
    Verdict,
    abandon,
    action,
    always,
    bound,
    budget,
    durable,
    explore,
    invoke,
    linearizable,
    param,
    receive,
    refines,
    replay,
    require,
    respond,
    sequentially_consistent,
    var,
    volatile,
)
from dscheck.checker.specifications.register import Register
from oracle import search


class Shelf(Enum):
    TOP = "top"
    LOW = "low"


class Client(Node):
    step: int = var(0)


class Careless(Model):
    """One client writes; another reads, and is told what `told` says."""

    told: int = param(1)

    def setup(self) -> None:
        self.writer, self.reader = self.make(Client, 2, "c")
        self.writer.step = 10

    @action
    def operate(self, c: Client) -> None:
        c.step += 1
        match c.step:
            case 1:
                invoke(c, "read")
            case 2:
                respond(c, self.told)
            case 11:
                invoke(c, "write", 1)
            case 12:
                respond(c)
            case _:
                require(False)

    @linearizable(Register(0))
    def atomic(self) -> None:
        """Reads see what was written."""


@pytest.mark.parametrize(
    ("told", "verdict"), [(0, Verdict.VIOLATED), (1, Verdict.VIOLATED), (2, Verdict.VIOLATED)]
)
def test_a_constant_answer_is_wrong_some_time(told: int, verdict: Verdict) -> None:
    result = explore(Careless(told=told))
    assert result.verdict is verdict
    assert result.trace is not None
    answer = search(Careless(told=told))
    assert len(result.trace.steps) == answer.depth_of_finding == {0: 4, 1: 2, 2: 2}[told]


def test_a_promise_that_is_not_asked_for_is_not_in_the_state() -> None:
    result = explore(Careless(), properties=[])
    assert (result.verdict, result.states) == (Verdict.HOLDS, 9)
    assert result.trace is None


def test_what_a_trace_shows() -> None:
    result = explore(Careless(told=0))
    text = str(result)
    assert result.sentence() == "Careless violates atomic: not linearizable, after 4 steps"
    for line in ("c1 invokes write(1)", "c1 is told None", "c2 invokes read()", "c2 is told 0"):
        assert f"       {line}\n" in text
    assert "       atomic: 1 => nothing is possible" in text
    assert "possible before step 4: 1" in text
    data = result.to_json()
    assert data["finding"]["kind"] == "linearizable"
    assert data["trace"]["steps"][3]["operations"] == [["respond", "c2", "0", ""]]
    again = replay(data, Careless(told=0))
    assert (again.verdict, again.finding, again.differences) == (Verdict.VIOLATED, result.finding, ())
    changed = replay(data, Careless(told=1))
    assert changed.finding is None
    assert "step 4, operate(c2): now c2 is told 1" in changed.differences


@pytest.mark.parametrize("asked", [None, ["early"]])
def test_a_replay_of_another_promise_watches_what_was_watched(asked: list[str] | None) -> None:
    class Early(Careless):
        @always
        def early(self, c: Client) -> bool:
            return c.step != 12

    data = explore(Early(told=0), properties=asked).to_json()
    again = replay(data, Early(told=0))
    assert again.finding is not None
    assert (again.finding.name, again.differences) == ("early", ())


def test_walks() -> None:
    result = explore(Careless(told=2), walks=20, seed=1)
    assert result.verdict is Verdict.VIOLATED
    assert result.finding is not None
    assert result.finding.reasons[0].condition.endswith("explains c2 read() = 2:")


class InOrder(Careless):
    """Lamport's weaker promise: the read may be put before the write."""

    atomic = None

    @sequentially_consistent(Register(0))
    def in_order(self) -> None:
        """There is one order."""


def test_sequential_consistency_is_weaker() -> None:
    assert explore(InOrder(told=0)).verdict is Verdict.HOLDS
    result = explore(InOrder(told=2))
    assert result.sentence() == "InOrder violates in_order: not sequentially consistent, after 2 steps"


def test_a_read_must_not_foresee_a_write() -> None:
    assert explore(InOrder(told=1)).verdict is Verdict.VIOLATED, "asked of every state, not of the last"


class Shelves(Model):
    """Two registers that answer what was written to one of them."""

    def setup(self) -> None:
        [self.client] = self.make(Client, 1, "c")

    @action
    def write(self, shelf: Shelf) -> None:
        require(self.client.step == 0)
        self.client.step = 1
        invoke(self.client, "write", 1, on=shelf)
        respond(self.client, on=shelf)

    @action
    def read(self, shelf: Shelf) -> None:
        require(self.client.step == 1)
        self.client.step = 2
        invoke(self.client, "read", on=shelf)
        respond(self.client, 1, on=shelf)

    @linearizable(Register(0))
    def each(self, shelf: Shelf) -> None:
        """Every shelf is a register."""


def test_one_promise_for_each_object() -> None:
    result = explore(Shelves())
    assert result.finding is not None
    assert result.finding.whom == "shelf = Shelf.LOW"
    assert result.sentence() == "Shelves violates each for shelf = Shelf.LOW: not linearizable, after 2 steps"
    [what, _] = result.finding.reasons
    assert what.values == (("c1 read()", "1, in step 2"),), "operations on other shelves have no part in it"
    assert search(Shelves()).depth_of_finding == 2


class Told(Message):
    value: int


class Forgetful(Node):
    waits: bool = volatile(False)
    turns: int = durable(0)


class Crashing(Model):
    """A client writes and crashes; its write may take effect, now or later or never."""

    network = "set"
    crashes: int = budget("crash", 1)
    late: bool = param(True)
    value: int = var(0)

    def setup(self) -> None:
        [self.client] = self.make(Forgetful, 1, "c")

    @action
    def begin(self, c: Forgetful) -> None:
        require(not c.waits and c.turns < 3)
        c.waits = True
        c.turns += 1
        if c.turns == 1:
            invoke(c, "write", 1)
            c.send(c, Told(value=1))
        else:
            invoke(c, "read")

    @receive
    def on_told(self, c: Forgetful, m: Told) -> None:
        self.value = m.value

    @action
    def answer(self, c: Forgetful) -> None:
        require(c.waits and c.turns > 1)
        c.waits = False
        respond(c, self.value)

    @action
    def lose_again(self) -> None:
        require(not self.late and self.value == 1)
        self.value = 0

    @linearizable(Register(0))
    def atomic(self) -> None:
        """A write that nobody saw the end of takes effect once, or never."""


def test_a_client_that_crashes_leaves_its_operation_pending() -> None:
    assert explore(Crashing()).verdict is Verdict.HOLDS
    result = explore(Crashing(late=False))
    assert result.verdict is Verdict.VIOLATED, "a value that was read is there for good"
    for late in (True, False):
        answer = search(Crashing(late=late))
        found = explore(Crashing(late=late))
        assert (found.verdict is Verdict.VIOLATED) == bool(answer.findings)
    assert result.trace is not None
    assert len(result.trace.steps) == search(Crashing(late=False)).depth_of_finding


class Impatient(Careless):
    """The writer gives up; its write may still take effect."""

    def operate(self, c: Client) -> None:
        if c.step == 11:
            c.step = 12
            abandon(c)
        else:
            super().operate(c)


def test_what_is_abandoned_may_take_effect_later_or_never() -> None:
    for told in (0, 1):
        result = explore(Impatient(told=told))
        answer = search(Impatient(told=told))
        assert [finding.kind for finding in answer.findings] == (["linearizable"] if told else [])
        assert (result.verdict is Verdict.HOLDS) == (told == 0)


# -- misuse


class Misuse(Careless):
    """Says nothing right."""

    def operate(self, c: Client) -> None:
        require(c.step < 2)
        c.step += 1
        invoke(c, "read")


def test_two_operations_at_once_are_a_fault_with_a_trace() -> None:
    result = explore(Misuse())
    assert result.verdict is Verdict.AT_FAULT
    assert result.finding is not None
    assert result.finding.failure is not None
    assert "c2 invokes read(), but it still waits" in result.finding.failure.error
    assert result.trace is not None
    assert [step.label for step in result.trace.steps] == ["operate(c2)", "operate(c2)"]
    assert {kind for kind, _ in search(Misuse()).shortest} == {"fault"}


def test_an_answer_that_nobody_asked_for_is_a_fault() -> None:
    class Answers(Careless):
        def operate(self, c: Client) -> None:
            respond(c, 0)

    result = explore(Answers())
    assert result.verdict is Verdict.AT_FAULT
    assert "is told 0, but it waits for no answer" in str(result)


def refused(model: type[Model], **params: Any) -> str:
    with pytest.raises(ModelError) as error:
        explore(model(**params))
    return str(error.value)


def test_refusals() -> None:
    class Unknown(Careless):
        def operate(self, c: Client) -> None:
            invoke(c, "increase")

    assert refused(Unknown).endswith("register has no such function; it has read, write")

    class Elsewhere(Careless):
        def operate(self, c: Client) -> None:
            invoke(c, "read", on="disk")

    assert "leave out on=..., or give the promise a parameter" in refused(Elsewhere)

    class Nowhere(Shelves):
        def read(self, shelf: Shelf) -> None:
            invoke(self.client, "read")

    assert "write on=... with one of Shelf.LOW, Shelf.TOP" in refused(Nowhere)

    class Mutable(Careless):
        def operate(self, c: Client) -> None:
            invoke(c, "write", [1])  # type: ignore[arg-type]

    assert "a list" in refused(Mutable)

    class NoNode(Careless):
        def operate(self, c: Client) -> None:
            invoke("c", "read")  # type: ignore[arg-type]

    assert "is not a node" in refused(NoNode)

    class NoName(Careless):
        def operate(self, c: Client) -> None:
            invoke(c, 7)  # type: ignore[arg-type]

    assert "a function has a name" in refused(NoName)

    class NoSpecification(Careless):
        @linearizable(lambda self: 7)  # type: ignore[arg-type, return-value]
        def atomic(self) -> None: ...

    assert "7 is not a specification" in refused(NoSpecification)

    class TwoParameters(Careless):
        @linearizable(Register)
        def atomic(self, a: Shelf, b: Shelf) -> None: ...

    assert "at most one parameter" in refused(TwoParameters)

    class InAProperty(Careless):
        @always
        def fine(self) -> bool:
            respond(self.reader, 1)
            return True

    assert "a property only looks at the state" in refused(InAProperty)

    class InSetup(Careless):
        def setup(self) -> None:
            super().setup()
            invoke(self.reader, "read")

    assert "no operation has begun yet" in refused(InSetup)


def test_a_specification_may_depend_on_parameters() -> None:
    class Started(Careless):
        initial: int = param(0)

        @linearizable(lambda self: Register(self.initial))
        def atomic(self) -> None: ...

    for initial in (0, 2):
        result = explore(Started(told=2, initial=initial))
        assert result.trace is not None
        assert len(result.trace.steps) == (2 if initial == 0 else 4)


def test_bounds_and_refinement_go_on_as_before() -> None:
    class Numbers(Model):
        total: int = var(0)

        @action
        def grow(self) -> None:
            require(self.total < 22)
            self.total += 1

    class Bounded(Careless):
        @bound
        def short(self) -> bool:
            return self.writer.step < 11

        @refines(lambda self: Numbers())
        def numbers(self, spec: Numbers) -> None:
            spec.total = self.writer.step + self.reader.step

    result = explore(Bounded(told=0))
    assert result.finding is not None
    assert result.finding.kind == "initial", "the mapping starts at 10"
    result = explore(Bounded(told=0), properties=["atomic"])
    assert (result.verdict, result.pruned) == (Verdict.HOLDS, 3)
