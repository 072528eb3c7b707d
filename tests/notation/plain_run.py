"""The simplest run there is: a dict of values, with a log of what was observed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

from dscheck import Message, Model
from dscheck.checker.notation.operations import Event
from dscheck.checker.notation.run import Collection, Disabled, Place, Run, running
from dscheck.checker.notation.values import order, show


class PlainRun(Run):
    """Reads and writes its own state; always picks the option that `picks` has next, or else the first."""

    def __init__(self, model: Model, *, start: int = 0, picks: Sequence[int] = ()) -> None:
        self.layout = model.layout
        self.values: dict[Place, Any] = dict(model.layout.starts[start])
        self.picks = list(picks)
        self.sent: list[Message] = []
        self.recorded: list[Event] = []
        self.log: list[str] = []
        """Every observation."""

    def look(self, place: Place) -> Any:
        return self.values.get(place, self.layout.default(place))

    def elements(self, collection: Collection) -> list[Any]:
        return [place.key for place in self.layout.member_places(collection) if self.look(place)]

    def read(self, place: Place) -> Any:
        self.log.append(str(place))
        return self.look(place)

    def write(self, place: Place, value: Hashable) -> None:
        self.values[place] = value

    def view(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> Any:
        self.log.append(f"{place} {name}")
        return function(self.look(place))

    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        self.values[place] = function(self.look(place))

    def contains(self, collection: Collection, element: Hashable) -> bool:
        return bool(self.read(self.layout.member_place(collection, element)))

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        self.write(self.layout.member_place(collection, element), member)

    def size(self, collection: Collection) -> int:
        self.log.append(f"len({collection.owner}.{collection.name})")
        return len(self.elements(collection))

    def members(self, collection: Collection) -> Iterator[Any]:
        for element in self.elements(collection):
            self.log.append(f"{collection.owner}.{collection.name} next {show(element)}")
            yield element

    def choose(self, options: Sequence[Any]) -> Any:
        if not options:
            raise Disabled
        return options[self.picks.pop(0) if self.picks else 0]

    def send(self, message: Message) -> None:
        self.sent.append(message)

    def is_in_flight(self, message: Message) -> bool:
        return message in self.sent

    def count_in_flight(self, kind: type[Message]) -> int:
        return len(set(self.list_in_flight(kind)))

    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        return iter(sorted((m for m in set(self.sent) if type(m) is kind), key=order))

    def record(self, event: Event) -> None:
        self.recorded.append(event)


def run(model: Model, *, start: int = 0, picks: Sequence[int] = ()) -> AbstractContextManager[PlainRun]:
    """``with run(model) as r:`` the variables of `model` can be read and assigned."""
    return running(PlainRun(model, start=start, picks=picks))  # type: ignore[return-value]
