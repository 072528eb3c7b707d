"""Fifo networks: one place per channel (source, destination), which holds its queue of messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import key
from dscheck.checker.rules.network import Channel, Delivery, Network
from dscheck.checker.rules.slot import State

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.rules.recorder import Recorder

Queue = tuple["Message", ...]


class FifoNetwork(Network):
    """Each channel delivers in the order of sending."""

    def place(self, message: Message) -> Place:
        """The place of the channel that a message goes through."""
        ends = (message.src, message.dst)
        return self._place(key(ends), "channel", (), ends, "channels")

    def put(self, run: Recorder, message: Message) -> None:
        """It joins the end of the queue."""
        run.operate(self.place(message), ("push", key(message)), lambda queue: (*queue, message))

    def take(self, run: Recorder, message: Message) -> None:
        """It leaves the head of the queue."""
        run.operate(self.place(message), "pop", lambda queue: queue[1:])

    def holds(self, run: Recorder, message: Message) -> bool:
        """Observe only whether the queue has this message anywhere."""
        identity = key(message)
        held = run.view(
            self.place(message), ("holds", identity), lambda queue: any(key(m) == identity for m in queue)
        )
        return bool(held)

    def count(self, run: Recorder, kind: type[Message]) -> int:
        """Channel by channel, where there is something in flight."""
        return sum(
            run.view(channel, ("count", kind), lambda queue: len(_different(queue, kind)))
            for channel in run.present(self._collection("channels"))
        )

    def listed(self, run: Recorder, kind: type[Message]) -> list[Message]:
        """Channel by channel, where there is something in flight."""
        return [
            message
            for channel in run.present(self._collection("channels"))
            for message in run.view(channel, ("list", kind), lambda queue: _different(queue, kind))
        ]

    def delivery(self, message: Message) -> Delivery:
        """Each channel has a step for each handler, for the heads that are that handler's."""
        handler, channel = self._model.handler(message), self.place(message)
        name = ("head for", handler.name)

        def head(queue: Queue) -> Message | None:
            return queue[0] if queue and self._model.handler(queue[0]).name == handler.name else None

        def peek(run: Recorder) -> Message | None:
            return run.view(channel, name, head)  # type: ignore[no-any-return]

        told = Channel(message.src, message.dst)
        nothing = self._slots[channel].view(name, head).observation
        return Delivery((channel, handler.name), handler, message.dst, told, peek, nothing)

    def messages(self, state: State) -> Iterator[Message]:
        """Channel by channel, each from its head."""
        for place in self._ordered():
            yield from self._slots.value(place, state)


def _different(queue: Queue, kind: type[Message]) -> Queue:
    return tuple({key(m): m for m in queue if type(m) is kind}.values())
