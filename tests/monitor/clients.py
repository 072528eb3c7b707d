"""Clients for tests of monitors: nodes that operate on nothing, and events drawn for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from dscheck import Model, Node, action
from dscheck.checker.notation.operations import Abandoned, Event, Invoked, Responded
from dscheck.checker.rules.monitors.linearizability import Linearizability
from dscheck.checker.rules.monitors.monitor import Known, Monitor
from dscheck.checker.rules.monitors.sequential import SequentialConsistency
from dscheck.checker.rules.monitors.steps import Steps
from dscheck.checker.specifications.queue import FifoQueue, UnorderedQueue
from dscheck.checker.specifications.register import CasRegister, Register
from dscheck.checker.specifications.sets import Set
from dscheck.checker.specifications.specification import Specification


class Client(Node):
    """One who operates."""


class Clients(Model):
    """Three of them."""

    def setup(self) -> None:
        self.clients = self.make(Client, 3, "c")

    @action
    def rest(self) -> None: ...


CLIENTS = Clients().clients

MONITORS: dict[str, type[Monitor]] = {
    "linearizable": Linearizability,
    "sequentially_consistent": SequentialConsistency,
}

OPERATIONS: dict[type[Specification], list[tuple[str, Sequence[Any], Sequence[Any]]]] = {
    Register: [("read", [None], [None, 1, 2]), ("write", [1, 2], [None])],
    CasRegister: [
        ("read", [None], [None, 1, 2]),
        ("write", [1, 2], [None]),
        ("cas", [(1, 2), (2, 1), (None, 1)], [True, False]),
    ],
    FifoQueue: [("enqueue", [1, 2], [None]), ("dequeue", [None], [None, 1, 2])],
    UnorderedQueue: [("enqueue", [1, 2], [None]), ("dequeue", [None], [None, 1, 2])],
    Set: [("add", [1, 2], [None]), ("contains", [1, 2], [True, False])],
}
"""For each data type its functions, with arguments and results to draw from."""


def monitor(kind: str, spec: Specification, may_crash: bool = True) -> Monitor:
    """A monitor of its own."""
    return MONITORS[kind](Steps(spec), may_crash)


def feed(watching: Monitor, events: Sequence[Event]) -> Known:
    """Its value after these events."""
    value = watching.start
    for event in events:
        value = watching.after(value, event)
    return value


@st.composite
def histories(draw: st.DrawFn, kind: type[Specification], most: int = 9) -> tuple[Event, ...]:
    """Events in which a client operates, is answered, gives up, or crashes and begins anew."""
    events: list[Event] = []
    waiting: dict[Node, Sequence[Any]] = {}
    for _ in range(draw(st.integers(1, most))):
        client = draw(st.sampled_from(CLIENTS))
        what = draw(st.sampled_from(("go on", "go on", "go on", "go on", "go on", "give up", "forget")))
        if client in waiting and what == "go on":
            events.append(Responded(client, None, draw(st.sampled_from(waiting.pop(client)))))
        elif client in waiting and what == "give up":
            del waiting[client]
            events.append(Abandoned(client, None))
        else:
            function, arguments, results = draw(st.sampled_from(OPERATIONS[kind]))
            events.append(Invoked(client, None, function, draw(st.sampled_from(arguments))))
            waiting[client] = results
    return tuple(events)
