"""Networks: how messages in flight are laid out in the state.

    set         one place per message: is it in flight?
    persistent  the same, and a message stays when it is delivered
    bag         one place per message: how many copies are in flight
    fifo        one place per channel: the queue of messages

Places appear with the first message that needs them.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Iterator
from typing import TYPE_CHECKING

from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import key
from dscheck.checker.rules.fifo import FifoNetwork
from dscheck.checker.rules.network import Delivery, Network
from dscheck.checker.rules.slot import Observation, State
from dscheck.checker.rules.slots import Slots

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.rules.recorder import Recorder


class MessageByMessage(Network):
    """One place per message."""

    zero: Hashable = False

    def place(self, message: Message) -> Place:
        """The place of a message."""
        return self._place(key(message), "in flight", self.zero, message, type(message))

    def count(self, run: Recorder, kind: type[Message]) -> int:
        """One observation, whatever the messages are."""
        return run.size(self._collection(kind))

    def listed(self, run: Recorder, kind: type[Message]) -> list[Message]:
        """Message after message, until none is left."""
        return [place.key for place in run.present(self._collection(kind))]  # type: ignore[misc]

    def delivery(self, message: Message) -> Delivery:
        """Each message is delivered by a step of its own."""

        def peek(run: Recorder) -> Message | None:
            return message if self.holds(run, message) else None

        handler = self._model.handler(message)
        return Delivery(key(message), handler, message.dst, message, peek, self._presence(message))

    def messages(self, state: State) -> Iterator[Message]:
        """Sorted, with copies side by side."""
        for place in self._ordered():
            for _ in range(int(self._slots.value(place, state))):
                yield place.key  # type: ignore[misc]

    @abstractmethod
    def _presence(self, message: Message) -> Observation:
        """The observation that asks whether `message` is in flight; 0: it is not."""


class SetNetwork(MessageByMessage):
    """A message that is sent twice is there once."""

    def put(self, run: Recorder, message: Message) -> None:
        """It is there, whether or not it was before."""
        run.write(self.place(message), True)

    def take(self, run: Recorder, message: Message) -> None:
        """It is no longer there."""
        run.write(self.place(message), False)

    def holds(self, run: Recorder, message: Message) -> bool:
        """Observe this message alone."""
        return bool(run.read(self.place(message)))

    def _presence(self, message: Message) -> Observation:
        return self._slots[self.place(message)].observation


class PersistentNetwork(SetNetwork):
    """What was sent once can be delivered for ever: this covers loss, delay and repetition at once."""

    forgets = False


class BagNetwork(MessageByMessage):
    """A message that is sent twice is there twice."""

    zero = 0

    def put(self, run: Recorder, message: Message) -> None:
        """One more, however many there are."""
        run.operate(self.place(message), "one more", lambda count: count + 1)

    def take(self, run: Recorder, message: Message) -> None:
        """One less, however many there are."""
        run.operate(self.place(message), "one less", lambda count: count - 1)

    def holds(self, run: Recorder, message: Message) -> bool:
        """Observe only whether there is one."""
        return bool(run.view(self.place(message), "present", bool))

    def _presence(self, message: Message) -> Observation:
        return self._slots[self.place(message)].view("present", bool).observation


_NETWORKS: dict[str, type[Network]] = {
    "set": SetNetwork,
    "persistent": PersistentNetwork,
    "bag": BagNetwork,
    "fifo": FifoNetwork,
}


def network_of(model: Model, slots: Slots) -> Network:
    """The network that a model declares."""
    return _NETWORKS[model.network](model, slots)
