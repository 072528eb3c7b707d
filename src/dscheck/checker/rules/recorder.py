"""One tracked run: what it observed and picked, and what it does.

A run sees a state only through numbered observations, so its footprint, the list of them with their answers,
decides all that it does: any other state that gives the same answers has the same outcome.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dscheck.checker.notation.run import Collection, Disabled, Place, Run
from dscheck.checker.notation.values import order
from dscheck.checker.rules.footprint import Effects
from dscheck.checker.rules.monitors.watch import check_watched
from dscheck.checker.rules.slot import Function, Observation, State

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.operations import Event
    from dscheck.checker.rules.encoding import Encoding

Ask = Callable[[Observation], int]
"""Where a run gets the answers to its observations from."""


def answers_of(state: State) -> Ask:
    """The answers that a state gives."""
    return lambda observation: observation.answer(state)


Update = tuple[Hashable, Function]
"""A blind update: its name, and the function from the value before to the value after."""


class Diverged(BaseException):
    """The run did something else than the run it repeats.

    Not an ``Exception``: a model's own ``except Exception`` must not swallow it.
    """


class Recorder(Run):
    """One run over the answers of one state.

    Writes win over what the state holds.  Blind updates wait until something asks for the value: then they
    are folded, together with what was observed, into a write.
    """

    def __init__(self, encoding: Encoding, ask: Ask, picks: Sequence[int] = ()) -> None:
        self.path: list[tuple[int, int]] = []
        self.picks: list[int] = []
        self.chosen: list[Any] = []
        self.sent: list[Message] = []
        self.gone: list[Message] = []
        self.delivered: Message | None = None
        """What the network held ready for this run."""
        self.recorded: list[Event] = []
        """What clients began and were told."""
        self._layout, self._slots, self._network = encoding.layout, encoding.slots, encoding.network
        self._model, self._watched = encoding.model, encoding.watched
        self._ask, self._given = ask, picks
        self._answers: dict[int, int] = {}
        self._written: dict[Place, Any] = {}
        self._pending: dict[Place, list[Update]] = {}

    # -- variables

    def read(self, place: Place) -> Any:
        """The value at `place` now: what this run made of it, or what the state holds."""
        if place not in self._written:
            value = self._before(place)
            if place not in self._pending:
                return value
            self._written[place] = _fold(value, self._pending.pop(place))
        return self._written[place]

    def write(self, place: Place, value: Hashable) -> None:
        """Set `place` to `value`, whatever was done to it before."""
        self._pending.pop(place, None)
        self._written[place] = value

    def view(self, place: Place, name: Hashable, function: Function) -> Any:
        """Observe only ``function(value)``, through the updates that wait at `place`."""
        if self._is_known(place):
            return function(self.read(place))
        if updates := self._pending.get(place):
            name, function = (name, *(n for n, _ in updates)), _after(updates, function)
        view = self._slots[place].view(name, function)
        return view.answers.values[self._look(view.observation)]

    def operate(self, place: Place, name: Hashable, function: Function) -> None:
        """Update `place` without observing it."""
        if self._is_known(place):
            self.write(place, function(self.read(place)))
        else:
            self._pending.setdefault(place, []).append((name, function))

    # -- collections

    def contains(self, collection: Collection, element: Hashable) -> bool:
        """Whether `element` is a member now."""
        return bool(self.read(self._member(collection, element)))

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        """Make `element` a member, or not a member."""
        self.write(self._member(collection, element), member)

    def size(self, collection: Collection) -> int:
        """The number of members now: one observation, and one for each member that this run has changed."""
        size = self._look(self._slots.group(collection).size)
        for place in self._touched_in(collection):
            size += bool(self.read(place)) - bool(self._before(place))
        return size

    def members(self, collection: Collection) -> Iterator[Any]:
        """The members now, in canonical order."""
        if collection.universe is None:
            yield from sorted((place.key for place in self.present(collection)), key=order)
        else:
            yield from (element for element in collection.universe if self.contains(collection, element))

    def present(self, collection: Collection) -> list[Place]:
        """The places of the members now: asked for one after the other, until none is left."""
        group, found, after = self._slots.group(collection), list[Place](), 0
        while after := self._look(group.next(after)):
            found.append(group.places[after - 1])
        touched = self._touched_in(collection)
        unchanged = [place for place in found if place not in touched]
        return unchanged + [place for place in touched if self.view(place, "present", bool)]

    # -- choices and messages

    def choose(self, options: Sequence[Any]) -> Any:
        """The option that was picked for this run; the first one where nothing was."""
        if not options:
            raise Disabled
        picked = self._given[len(self.picks)] if len(self.picks) < len(self._given) else 0
        if picked >= len(options):
            raise Diverged(f"it has only {len(options)} options where it had more than {picked} before")
        self.path.append((-len(options), picked))
        self.picks.append(picked)
        self.chosen.append(options[picked])
        return options[picked]

    def send(self, message: Message) -> None:
        """Put `message` into the network."""
        self.sent.append(message)
        self._network.put(self, message)

    def take(self, message: Message) -> None:
        """Remove `message`, which was delivered or lost, from the network, if that forgets."""
        if self._network.forgets:
            self.gone.append(message)
            self._network.take(self, message)

    def is_in_flight(self, message: Message) -> bool:
        """Whether `message` is in the network now."""
        return self._network.holds(self, message)

    def count_in_flight(self, kind: type[Message]) -> int:
        """The number of different messages of this type in the network now."""
        return self._network.count(self, kind)

    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        """The different messages of this type in the network now, in canonical order."""
        yield from sorted(self._network.listed(self, kind), key=order)

    # -- operations of clients

    def record(self, event: Event) -> None:
        """Tell the promises about operations, each of which updates its monitor blindly."""
        check_watched(self._model, event)
        self.recorded.append(event)
        for watch in self._watched:
            if watch.sees(event):
                watch.record(self, event)

    # -- what the run did

    def effects(self) -> Effects:
        """The writes and blind updates, in the order of slots.

        Slots of new places are allotted in canonical order, so that a model which loops over a plain set,
        whose order differs between processes, still gets the same numbers in each.
        """
        touched = self.touched()
        new = [place for place in touched if not self._slots.has(place)]
        for place in sorted(new, key=lambda place: (place.name, order(place.owner), order(place.key))):
            self._slots.allot(place)
        touched.sort(key=lambda place: self._slots[place].number)
        writes = [
            (self._slots[place].number, self._number(place)) for place in touched if self._changes(place)
        ]
        updates = [(place, *update) for place in touched for update in self._pending.get(place, ())]
        return writes, [self._slots.operator(*update) for update in updates]

    def touched(self) -> list[Place]:
        """Every place that the run has written or updated."""
        return [*self._written, *self._pending]

    # -- inside

    def _before(self, place: Place) -> Any:
        """What the state holds at `place`, whatever this run made of it."""
        slot = self._slots[place]
        return slot.values[self._look(slot.observation)]

    def _look(self, observation: Observation) -> int:
        """The answer to an observation; it joins the footprint when it is made for the first time."""
        number = observation.number
        if number not in self._answers:
            self._answers[number] = self._ask(observation)
            self.path.append((number, self._answers[number]))
        return self._answers[number]

    def _is_known(self, place: Place) -> bool:
        """Whether the value at `place` follows from what this run has observed and written."""
        return place in self._written or self._is_observed(place)

    def _is_observed(self, place: Place) -> bool:
        return self._slots.has(place) and self._slots[place].observation.number in self._answers

    def _touched_in(self, collection: Collection) -> list[Place]:
        mine = (place for place in self.touched() if self._slots.within(place) is collection)
        return sorted(mine, key=lambda place: order(place.key))

    def _member(self, collection: Collection, element: Hashable) -> Place:
        place = self._layout.member_place(collection, element)
        self._slots.declare(place, False, collection)
        return place

    def _number(self, place: Place) -> int:
        return self._slots[place].number_of(self._written[place])

    def _changes(self, place: Place) -> bool:
        """Whether `place` is written, and not just with the value that it was seen to hold."""
        if place not in self._written:
            return False
        number = self._slots[place].observation.number
        return self._answers.get(number) != self._number(place)


def _fold(value: Any, updates: Sequence[Update]) -> Any:
    for _, function in updates:
        value = function(value)
    return value


def _after(updates: Sequence[Update], function: Function) -> Function:
    """`function` of the value that the updates make."""
    updates = tuple(updates)
    return lambda value: function(_fold(value, updates))
