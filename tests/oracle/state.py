"""A state: the variables that differ from their defaults, and the messages in flight."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import Event
from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import key
from oracle.operations import partial_order


@dataclass(frozen=True)
class Network:
    """The messages in flight, oldest first."""

    kind: str
    messages: tuple[Message, ...] = ()

    def with_sent(self, message: Message) -> Network:
        """Sets and networks that never forget hold a message once; bags and channels hold every copy."""
        if self.kind in ("set", "persistent") and message_in(message, self.messages):
            return self
        return replace(self, messages=(*self.messages, message))

    def without(self, message: Message) -> Network:
        """One copy less: the oldest."""
        oldest = [key(m) for m in self.messages].index(key(message))
        return replace(self, messages=self.messages[:oldest] + self.messages[oldest + 1 :])

    def distinct(self) -> list[Message]:
        """Every message once, oldest first."""
        return list({key(m): m for m in self.messages}.values())

    def heads(self) -> list[Message]:
        """What may be delivered or lost next: in a fifo network only the oldest message of each channel."""
        if self.kind != "fifo":
            return self.distinct()
        return [messages[0] for messages in self.channels().values()]

    def channels(self) -> dict[tuple[Node, Node], list[Message]]:
        """The messages from one node to another, oldest first."""
        channels: dict[tuple[Node, Node], list[Message]] = {}
        for message in self.messages:
            channels.setdefault((message.src, message.dst), []).append(message)
        return channels

    def identity(self) -> Hashable:
        """Equal for networks that are the same; the order of sending counts within a fifo channel only."""
        if self.kind == "fifo":
            return frozenset((ends, tuple(map(key, messages))) for ends, messages in self.channels().items())
        return frozenset(Counter(map(key, self.messages)).items())


def message_in(message: Message, messages: tuple[Message, ...]) -> bool:
    """Membership that tells values apart by type: True is not 1."""
    return key(message) in map(key, messages)


@dataclass(frozen=True)
class State:
    """What a place is not listed with is its default, so a volatile variable is lost by being left out."""

    model: Model
    network: Network
    changed: dict[Place, Any] = field(default_factory=dict)
    history: tuple[Event, ...] = ()
    """What clients began and were told, as far as a promise is about it."""

    def __getitem__(self, place: Place) -> Any:
        return self.changed[place] if place in self.changed else self.model.layout.default(place)

    def updated(self, values: dict[Place, Any], network: Network | None = None) -> State:
        """The state with these values instead."""
        merged = {**self.changed, **values}
        changed = {p: value for p, value in merged.items() if key(value) != key(self.model.layout.default(p))}
        return replace(self, changed=changed, network=network or self.network)

    def forgetting(self, node: Node) -> State:
        """The state after `node` lost whatever it keeps in memory only."""
        durable = self.model.layout.is_durable
        return replace(
            self, changed={p: v for p, v in self.changed.items() if p.owner is not node or durable(p)}
        )

    def identity(self) -> Hashable:
        """Equal for equal states, and only for these."""
        values = frozenset((place, key(value)) for place, value in self.changed.items())
        return values, self.network.identity(), partial_order(self.history)


def default_state(model: Model) -> State:
    """Every variable at its default, nothing in flight."""
    return State(model, Network(model.network))


def initial_states(model: Model) -> list[State]:
    """The model's initial states, each once."""
    states = [default_state(model).updated(start) for start in model.layout.starts]
    return list({state.identity(): state for state in states}.values())
