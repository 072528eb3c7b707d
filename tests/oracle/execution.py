"""Running one method of a model on one state, once for every way that its choices can go."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.operations import Event
from dscheck.checker.notation.properties import WATCHED, ReadOnly
from dscheck.checker.notation.run import Collection, Disabled, Place, Run, running
from dscheck.checker.notation.values import order
from oracle.state import Network, State, message_in


class Execution(Run):
    """It reads the state, writes to a copy, and follows `picks` before it takes first options."""

    def __init__(self, state: State, network: Network | None = None, picks: tuple[int, ...] = ()):
        self.state = state
        self.network = network or state.network
        self.picks = picks
        self.arities: list[int] = []
        self.written: dict[Place, Any] = {}
        self.history = state.history

    def read(self, place: Place) -> Any:
        return self.written[place] if place in self.written else self.state[place]

    def write(self, place: Place, value: Hashable) -> None:
        self.written[place] = value

    def view(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> Any:
        return function(self.read(place))

    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        self.write(place, function(self.read(place)))

    def member_place(self, collection: Collection, element: Hashable) -> Place:
        return self.state.model.layout.member_place(collection, element)

    def contains(self, collection: Collection, element: Hashable) -> bool:
        return bool(self.read(self.member_place(collection, element)))

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        self.write(self.member_place(collection, element), member)

    def size(self, collection: Collection) -> int:
        return len(list(self.members(collection)))

    def members(self, collection: Collection) -> Iterator[Any]:
        if collection.universe is not None:
            return iter([x for x in collection.universe if self.contains(collection, x)])
        touched = (*self.state.model.layout.places, *self.state.changed, *self.written)
        places = [p for p in touched if p.owner is collection.owner and p.name == collection.name]
        return iter(sorted((p.key for p in dict.fromkeys(places) if self.read(p)), key=order))

    def choose(self, options: Sequence[Any]) -> Any:
        if not options:
            raise Disabled
        at = len(self.arities)
        self.arities.append(len(options))
        return options[self.picks[at] if at < len(self.picks) else 0]

    def send(self, message: Message) -> None:
        self.network = self.network.with_sent(message)

    def is_in_flight(self, message: Message) -> bool:
        return message_in(message, self.network.messages)

    def count_in_flight(self, kind: type[Message]) -> int:
        return len(list(self.list_in_flight(kind)))

    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        return iter(sorted((m for m in self.network.distinct() if type(m) is kind), key=order))

    def record(self, event: Event) -> None:
        if any(map(self.state.model.declared, WATCHED)):
            self.history = (*self.history, event)


class Inspection(ReadOnly, Execution):
    """An execution that may look and not touch: a property's."""


@dataclass(frozen=True)
class Outcome:
    """How one execution ended: in a state, or in an exception."""

    picks: tuple[int, ...]
    state: State | None
    error: Exception | None = None


def outcomes(state: State, network: Network, call: Callable[[], object]) -> Iterator[Outcome]:
    """Every enabled way to execute `call`, with `network` in place of the state's; first options first."""
    pending: list[tuple[int, ...]] = [()]
    while pending:
        run = Execution(state, network, pending.pop())
        try:
            with running(run):
                call()
        except Disabled:
            pass
        except ModelError:
            raise  # misuse of the notation is not a finding
        except Exception as error:
            yield Outcome(taken(run), None, error)
        else:
            after = state.updated(run.written, run.network)
            yield Outcome(taken(run), replace(after, history=run.history))
        pending += untried(run)


def taken(run: Execution) -> tuple[int, ...]:
    """The options that this execution took: the prescribed ones, then first ones."""
    return (*run.picks, *[0] * (len(run.arities) - len(run.picks)))


def untried(run: Execution) -> list[tuple[int, ...]]:
    """The other options of the choices that this execution was the first to meet; the next to try is last."""
    path = taken(run)
    fresh = range(len(run.picks), len(run.arities))
    return [(*path[:at], option) for at in fresh for option in reversed(range(1, run.arities[at]))]
