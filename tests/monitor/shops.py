"""Models with clients, drawn at random: a shop that stores, answers and forgets as a plan says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from hypothesis import strategies as st

from dscheck import (
    Message,
    Model,
    Node,
    abandon,
    action,
    budget,
    choose,
    durable,
    invoke,
    linearizable,
    receive,
    require,
    respond,
    sequentially_consistent,
    sometimes,
    volatile,
)
from dscheck.checker.specifications.queue import FifoQueue
from dscheck.checker.specifications.register import CasRegister, Register
from dscheck.checker.specifications.specification import Specification

Call = tuple[str, Any]

CALLS: dict[type[Specification], list[Call]] = {
    Register: [("read", None), ("write", 1), ("write", 2)],
    CasRegister: [("read", None), ("write", 1), ("cas", (0, 2)), ("cas", (1, 0))],
    FifoQueue: [("enqueue", 1), ("enqueue", 2), ("dequeue", None)],
}


@dataclass(frozen=True)
class Plan:
    """A model, as Hypothesis draws it."""

    data: type[Specification]
    promise: str
    calls: tuple[tuple[Call, ...], ...]
    """What each client does, one after the other."""
    network: str
    early: bool
    """A request takes effect when it is made, not when it arrives."""
    careless: bool
    """A request may get lost in the shop, and be answered all the same."""
    stale: bool
    """An answer may be that of the state at the start."""
    patient: bool
    """Clients do not give up."""
    budgets: Mapping[str, int]


class Request(Message):
    number: int


class Answer(Message):
    number: int
    result: Any


class Shop(Node):
    state: Any = durable(None)


class Customer(Node):
    number: int = durable(0)
    waits: bool = volatile(False)


class Market(Model):
    """Customers who send one request after the other to one shop."""

    plan: ClassVar[Plan]

    def setup(self) -> None:
        [self.shop] = self.make(Shop, 1, "s")
        self.customers = self.make(Customer, len(self.plan.calls), "c")
        self.shop.state = initial(self.plan)

    def call(self, c: Customer, number: int) -> Call:
        return self.plan.calls[self.customers.index(c)][number - 1]

    @action
    def begin(self, c: Customer) -> None:
        require(not c.waits and c.number < len(self.plan.calls[self.customers.index(c)]))
        c.number += 1
        c.waits = True
        function, argument = self.call(c, c.number)
        invoke(c, function, argument)
        if self.plan.early and self.plan.careless:
            self.shop.state, _ = do(self.shop.state, function, argument)
        c.send(self.shop, Request(number=c.number))

    @receive
    def on_request(self, s: Shop, m: Request) -> None:
        assert isinstance(m.src, Customer)
        function, argument = self.call(m.src, m.number)
        after, result = do(s.state, function, argument)
        if self.plan.stale and choose((True, False)):
            _, result = do(initial(self.plan), function, argument)
        if not (self.plan.careless and choose((True, False))):
            s.state = after
        s.reply(m, Answer(number=m.number, result=result))

    @receive
    def on_answer(self, c: Customer, m: Answer) -> None:
        require(c.waits and m.number == c.number)
        c.waits = False
        respond(c, m.result)

    @action
    def give_up(self, c: Customer) -> None:
        require(c.waits and not self.plan.patient)
        c.waits = False
        abandon(c)

    @sometimes
    def all_done(self) -> bool:
        return all(c.number == len(self.plan.calls[self.customers.index(c)]) for c in self.customers)


def initial(plan: Plan) -> Any:
    return () if plan.data is FifoQueue else 0


def do(state: Any, function: str, argument: Any) -> tuple[Any, Any]:
    """The state after a call, and its result: as it should be."""
    match function:
        case "read":
            return state, state
        case "write":
            return argument, None
        case "cas":
            return (argument[1], True) if state == argument[0] else (state, False)
        case "enqueue":
            return (*state, argument), None
        case _:
            return state[1:], state[0] if state else None


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Two customers with two calls, or three with one."""
    data = draw(st.sampled_from(list(CALLS)))
    calls = st.sampled_from(CALLS[data])
    shape = draw(st.sampled_from([(2, 2), (2, 1), (1, 1, 1), (3, 1), (1, 1)]))
    faults = draw(st.sets(st.sampled_from(["crash", "lose", "duplicate"]), max_size=1))
    return Plan(
        data=data,
        promise=draw(st.sampled_from(["linearizable", "sequentially_consistent"])),
        calls=tuple(tuple(draw(calls) for _ in range(count)) for count in shape),
        network=draw(st.sampled_from(["set", "bag", "fifo"])),
        early=draw(st.booleans()),
        careless=draw(st.integers(0, 3)) == 0,
        stale=draw(st.integers(0, 3)) == 0,
        patient=draw(st.integers(0, 3)) > 0,
        budgets=dict.fromkeys(sorted(faults), 1),
    )


def build(plan: Plan) -> Market:
    """The model that does what the plan says."""
    spec = plan.data() if plan.data is FifoQueue else plan.data(0)  # type: ignore[call-arg]
    promise = linearizable if plan.promise == "linearizable" else sequentially_consistent

    @promise(spec)
    def makes_sense(self: Market) -> None: ...

    faults = {f"{kind}s": budget(kind, most) for kind, most in plan.budgets.items()}
    body: dict[str, Any] = {"plan": plan, "network": plan.network, "makes_sense": makes_sense, **faults}
    drawn: type[Market] = type("Drawn", (Market,), body)
    return drawn()
