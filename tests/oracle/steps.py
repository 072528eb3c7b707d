"""What can happen next in a state: actions, deliveries and faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.nodes import Node
from oracle.execution import outcomes
from oracle.state import Network, State


@dataclass(frozen=True)
class Step:
    """Something that happens: into a state, or, where the model raised, into an exception."""

    name: str
    after: State | None
    error: Exception | None = None


def steps(state: State) -> Iterator[Step]:
    """Every enabled step, one for each way its choices can go; steps that change nothing included."""
    yield from actions(state)
    for message in state.network.heads():
        if can_arrive(state, message):
            yield from deliveries(state, message)
    yield from crashes(state)
    yield from losses(state)
    yield from partitions(state)


def actions(state: State) -> Iterator[Step]:
    model = state.model
    for declared in model.declared("action"):
        for args in model.instances_of(declared):
            if all(is_up(state, x) for x in args if isinstance(x, Node)):
                yield from called(declared.name, state, state.network, declared.function, *args)


def deliveries(state: State, message: Message) -> Iterator[Step]:
    """A message arrives and is gone, or, by a duplication, arrives and stays."""
    handler = state.model.handler(message)
    forgets = state.network.kind != "persistent"
    rest = state.network.without(message) if forgets else state.network
    yield from called(handler.name, state, rest, handler.function, message.dst, message)
    if (spent := spend(state, "duplicate")) is not None:
        yield from called("duplicate", spent, state.network, handler.function, message.dst, message)


def called(
    name: str, state: State, network: Network, function: Callable[..., object], *args: object
) -> Iterator[Step]:
    for outcome in outcomes(state, network, partial(function, state.model, *args)):
        yield Step(name, outcome.state, outcome.error)


def can_arrive(state: State, message: Message) -> bool:
    """The receiver is up, and no partition lies between."""
    side = state[cut] if (cut := state.model.layout.partition) else None
    return is_up(state, message.dst) and (side is None or (message.src in side) == (message.dst in side))


def is_up(state: State, node: Node) -> bool:
    up = state.model.layout.up
    return node not in up or bool(state[up[node]])


def spend(state: State, fault: str) -> State | None:
    """The state with one fault of this kind less to come, or None where none is left."""
    budget = state.model.layout.budgets.get(fault)
    left = state[budget] if budget else 0
    return state.updated({budget: left - 1}) if budget and left > 0 else None


def crashes(state: State) -> Iterator[Step]:
    """A node loses its memory; where restarts are declared, it stays down until one."""
    up = state.model.layout.up
    for node in state.model.layout.nodes:
        if is_up(state, node):
            if (spent := spend(state, "crash")) is not None:
                lost = spent.forgetting(node)
                yield Step("crash", lost.updated({up[node]: False}) if up else lost)
        elif (spent := spend(state, "restart")) is not None:
            yield Step("restart", spent.updated({up[node]: True}))


def losses(state: State) -> Iterator[Step]:
    if (spent := spend(state, "lose")) is not None:
        for message in state.network.heads():
            yield Step("lose", spent.updated({}, state.network.without(message)))


def partitions(state: State) -> Iterator[Step]:
    """The nodes split in two sides, or are one again.  The side that holds the first node stands for both."""
    place = state.model.layout.partition
    if place is None:
        return
    if state[place] is not None:
        yield Step("heal", state.updated({place: None}))
    elif (spent := spend(state, "partition")) is not None:
        first, *others = state.model.layout.nodes
        for size in range(len(others)):
            for companions in combinations(others, size):
                yield Step("partition", spent.updated({place: frozenset({first, *companions})}))
