"""Runs that change nothing of the state they look at: of properties, and of refinement mappings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.properties import ReadOnly
from dscheck.checker.notation.run import Collection, Place, Run
from dscheck.checker.rules.footprint import Effects
from dscheck.checker.rules.recorder import Ask, Recorder, answers_of

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.operations import Event
    from dscheck.checker.rules.encoding import Encoding


class Reader(ReadOnly, Recorder):
    """A run that only looks."""

    def __init__(self, encoding: Encoding, ask: Ask, name: str) -> None:
        super().__init__(encoding, ask)
        self.property = name


class Mapping(Run):
    """A run that looks at one model's state and assigns the variables of its abstract model.

    Each side is a run of its own: the footprint is the concrete one's, what is assigned the abstract one's.
    """

    def __init__(self, concrete: Reader, abstract: Encoding) -> None:
        self.concrete = concrete
        self.abstract = Recorder(abstract, answers_of(abstract.default))
        self._owners = {id(abstract.model), *map(id, abstract.layout.nodes)}

    def effects(self) -> Effects:
        """What was assigned, in the numbers of the abstract model."""
        return self.abstract.effects()

    def _side(self, what: Place | Collection) -> Recorder:
        return self.abstract if id(what.owner) in self._owners else self.concrete

    def _readable_side(self, place: Place) -> Recorder:
        side = self._side(place)
        if side is self.abstract and place not in side.touched():
            raise ModelError(
                f"{self.concrete.property} reads {place} of the abstract model without having assigned it; "
                "compute what it is from the variables of self"
            )
        return side

    def read(self, place: Place) -> Any:
        """A concrete value, or what was assigned."""
        return self._readable_side(place).read(place)

    def write(self, place: Place, value: Hashable) -> None:
        """Assign an abstract variable."""
        self._side(place).write(place, value)

    def view(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> Any:
        """A function of a concrete value, or of what was assigned."""
        return self._readable_side(place).view(place, name, function)

    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        """Assign an abstract variable, by an update of its declared initial value."""
        self._side(place).operate(place, name, function)

    def contains(self, collection: Collection, element: Hashable) -> bool:
        """Whether a concrete set has a member, or an abstract one was assigned it."""
        return self._side(collection).contains(collection, element)

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        """Assign a member of an abstract set."""
        self._side(collection).put(collection, element, member)

    def size(self, collection: Collection) -> int:
        """How many members a concrete set has, or an abstract one was assigned."""
        return self._side(collection).size(collection)

    def members(self, collection: Collection) -> Iterator[Any]:
        """What members a concrete set has, or an abstract one was assigned."""
        return self._side(collection).members(collection)

    def choose(self, options: Sequence[Any]) -> Any:
        """Refused: a state stands for one abstract state."""
        return self.concrete.choose(options)

    def send(self, message: Message) -> None:
        """Refused: only variables are mapped."""
        self.concrete.send(message)

    def is_in_flight(self, message: Message) -> bool:
        """Whether the concrete network has a message."""
        return self.concrete.is_in_flight(message)

    def count_in_flight(self, kind: type[Message]) -> int:
        """How many different messages of a type the concrete network has."""
        return self.concrete.count_in_flight(kind)

    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        """What messages of a type the concrete network has."""
        return self.concrete.list_in_flight(kind)

    def record(self, event: Event) -> None:
        """Refused: clients operate in actions."""
        self.concrete.record(event)
