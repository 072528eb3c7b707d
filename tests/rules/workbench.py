"""What the tests of the rules share: searching a model, and looking at single footprints."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck import Model
from dscheck._engine import Report, Search
from dscheck.checker.rules.footprint import Footprint
from dscheck.checker.rules.recorder import answers_of
from dscheck.checker.rules.system import System

State = Sequence[int]


def searched(model: Model, *, depth: int | None = None, deadlock: bool = False) -> tuple[System, Report]:
    """The model's rules after a breadth-first search, and what the search says."""
    system = System(model)
    spec = (system.spec.rules, system.spec, system.spec.initial) if system.spec else None
    search = Search(system.rules, system, system.initial, spec=spec)
    return system, search.breadth_first(depth=depth, deadlock=deadlock)


def tree(system: System, label: str) -> int:
    """The tree of the instance with this label."""
    return [instance.label() for instance in system.instances].index(label)


def footprint(system: System, label: str, state: State | None = None, picks: Sequence[int] = ()) -> Footprint:
    """One run of an instance, in the first initial state or another one."""
    return system.run(tree(system, label), answers_of(state or system.initial[0]), picks)


def observed(system: System, found: Footprint) -> list[str]:
    """What a run observed, in words."""
    return [system.encoding.slots.describe(asked) for asked, _ in found.path if asked >= 0]


def written(system: System, found: Footprint) -> dict[str, object]:
    """What a run wrote: places and values."""
    writes, _ = found.effects
    slots = {slot.number: slot for slot in map(system.encoding.slots.__getitem__, places(system))}
    return {str(slots[slot].place): slots[slot].values[number] for slot, number in writes}


def places(system: System) -> list[object]:
    """Every place of a variable that has a slot."""
    return [place for place in system.encoding.places() if system.encoding.slots.has(place)]


def after(system: System, *labels: str) -> list[int]:
    """The state that these steps, one after the other, lead to from the first initial state."""
    state: State = system.initial[0]
    for label in labels:
        state, _ = system.after(tree(system, label), state, ())
    return list(state)
