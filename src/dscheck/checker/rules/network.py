"""What every network is: messages in flight, as places of the model."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dscheck.checker.notation.run import Collection, Place
from dscheck.checker.notation.values import order
from dscheck.checker.rules.slot import Observation, State
from dscheck.checker.rules.slots import Slots

if TYPE_CHECKING:
    from dscheck.checker.notation.marks import Declared
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.notation.nodes import Node
    from dscheck.checker.rules.recorder import Recorder


@dataclass(frozen=True)
class Channel:
    """One direction between two nodes, as labels show it."""

    src: Node
    dst: Node

    def __repr__(self) -> str:
        return f"{self.src}->{self.dst}"


@dataclass(frozen=True)
class Delivery:
    """What one step delivers: a certain message, or the head of a channel where it is for one handler."""

    identity: Hashable
    """Tells this delivery from all others of its network."""
    handler: Declared
    dst: Node
    told: Message | Channel
    """What labels show: the message, or the channel where it differs from state to state."""
    peek: Callable[[Recorder], Message | None]
    """Observe what there is to deliver, if anything."""
    nothing: Observation
    """The observation with which `peek` begins; its answer 0 means that there is nothing."""


class Network(ABC):
    """The messages in flight, as places of one model."""

    forgets = True
    """Whether a message is gone once it is delivered or lost."""

    def __init__(self, model: Model, slots: Slots) -> None:
        self._model, self._slots = model, slots
        self._places: dict[Hashable, Place] = {}
        self._collections: dict[Any, Collection] = {}

    @abstractmethod
    def place(self, message: Message) -> Place:
        """The place that holds a message while it is in flight."""

    @abstractmethod
    def put(self, run: Recorder, message: Message) -> None:
        """Add `message`."""

    @abstractmethod
    def take(self, run: Recorder, message: Message) -> None:
        """Remove `message`, which a delivery has peeked at."""

    @abstractmethod
    def holds(self, run: Recorder, message: Message) -> bool:
        """Whether `message` is in flight."""

    @abstractmethod
    def count(self, run: Recorder, kind: type[Message]) -> int:
        """The number of different messages of a type."""

    @abstractmethod
    def listed(self, run: Recorder, kind: type[Message]) -> list[Message]:
        """The different messages of a type, in no particular order."""

    @abstractmethod
    def delivery(self, message: Message) -> Delivery:
        """How `message`, once it is in flight, will be delivered."""

    @abstractmethod
    def messages(self, state: State) -> Iterator[Message]:
        """Every message in flight in `state`, with its copies, in canonical order."""

    def places(self) -> list[Place]:
        """Every place that has held a message so far."""
        return list(self._places.values())

    def _place(self, identity: Hashable, name: str, zero: Hashable, shown: Hashable, group: Any) -> Place:
        """The place of that identity; `group`: what collection it is a member of while it is not `zero`."""
        if identity not in self._places:
            self._places[identity] = place = Place(self._model, name, shown)
            self._slots.declare(place, zero, self._collection(group))
        return self._places[identity]

    def _collection(self, group: Any) -> Collection:
        if group not in self._collections:
            self._collections[group] = Collection(self._model, "in flight", None)
        return self._collections[group]

    def _ordered(self) -> list[Place]:
        return sorted(self._places.values(), key=lambda place: order(place.key))
