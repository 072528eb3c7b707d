"""One model's states as the engine's: which slots there are at the start, and how to read a state back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dscheck._engine import Rules
from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import order
from dscheck.checker.rules.monitors.watch import Watch
from dscheck.checker.rules.networks import network_of
from dscheck.checker.rules.slot import State
from dscheck.checker.rules.slots import Slots

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model


class Encoding:
    """A model's places and messages, and the slots that they have in `rules`."""

    def __init__(self, model: Model, rules: Rules, watched: Sequence[Watch] = ()) -> None:
        self.model, self.layout = model, model.layout
        self.watched = watched
        """The promises about operations; each has a place for its monitor."""
        self.slots = Slots(rules)
        self.network = network_of(model, self.slots)
        collections = {(id(c.owner), c.name): c for c in self.layout.collections}
        self._fixed = list(
            dict.fromkeys([*self.layout.places, *(p for start in self.layout.starts for p in start)])
        )
        for place in self._fixed:
            collection = collections.get((id(place.owner), place.name)) if place.is_member else None
            # Number 0 of an element is False even where it is a member at the start: groups count the others.
            self.slots.declare(place, self.layout.default(place) if collection is None else False, collection)
            self.slots.allot(place)
        for watch in watched:
            self.slots.adopt(watch.place, watch.monitor)
            self.slots.allot(watch.place)
        defaults = {place: self.layout.default(place) for place in self._fixed}
        self.default = self.slots.encode(defaults)
        """The state in which every variable holds its declared initial value."""
        starts = [tuple(self.slots.encode(defaults | start)) for start in self.layout.starts]
        self.initial = [list(start) for start in dict.fromkeys(starts)]
        """The states in which the model may start, each once."""

    def view(self, state: State) -> StateView:
        """What `state` means."""
        return StateView(self, state)

    def places(self) -> Iterator[Place]:
        """Every place of a variable: fixed ones, those that growing sets have gained, and monitors."""
        yield from self._fixed
        fixed = set(self._fixed)
        for collection in self.layout.collections:
            members = (place for place in self.slots.group(collection).places if place not in fixed)
            yield from sorted(members, key=lambda place: order(place.key))
        yield from (watch.place for watch in self.watched)


class StateView:
    """A state in the model's terms."""

    def __init__(self, encoding: Encoding, state: State) -> None:
        self._encoding, self._state = encoding, state

    def value(self, place: Place) -> Any:
        """What the state holds at `place`."""
        return self._encoding.slots.value(place, self._state)

    def variables(self) -> Iterator[tuple[Place, Any]]:
        """Every place of a variable with its value, in canonical order; all views list the same places."""
        return ((place, self.value(place)) for place in self._encoding.places())

    def messages(self) -> list[Message]:
        """The messages in flight with their copies, in canonical order; fifo: oldest first."""
        return list(self._encoding.network.messages(self._state))
