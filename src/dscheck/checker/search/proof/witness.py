"""Of the states that show something one that is easy to read: as little in it as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.rules.slot import number_at

if TYPE_CHECKING:
    from dscheck.checker.rules.system import System
    from dscheck.checker.search.proof.symbols import Symbols

_SECONDS: Final = 3.0
"""For a state that reads better; any state proves the point."""


def simplest(
    system: System,
    symbols: Symbols,
    domains: Mapping[int, Sequence[int]],
    find: Callable[..., list[int] | None],
) -> list[int]:
    """A state that `find` finds, with one slot after the other as it is at the start, if that can be.

    Messages come first: what is not in flight, nobody has to read.
    """
    state = find()
    assert state is not None, "there is a state to begin with"
    until = monotonic() + _SECONDS
    start, fixed = system.initial[0], list[Any]()
    for slot in _in_order(system, domains):
        usual = symbols.holds(slot, (number_at(start, slot),))
        if usual is False:
            continue
        if number_at(state, slot) != number_at(start, slot):
            simpler = find(*fixed, usual) if monotonic() < until else None
            if simpler is None:
                continue
            state = simpler
        fixed.append(usual)
    return state


def _in_order(system: System, domains: Mapping[int, Sequence[int]]) -> Iterator[int]:
    slots = system.encoding.slots
    places = [*system.encoding.network.places(), *system.encoding.places()]
    numbers = [slots[place].number for place in places if slots.has(place)]
    yield from (slot for slot in dict.fromkeys(numbers) if slot in domains)
