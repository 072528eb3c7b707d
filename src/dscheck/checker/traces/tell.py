"""The engine's numbers, told in the model's terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import Invoked, Responded
from dscheck.checker.notation.values import show
from dscheck.checker.traces.trace import Change, Operated, Step, Trace

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.notation.operations import Event
    from dscheck.checker.notation.run import Collection, Place
    from dscheck.checker.rules.happening import Happening
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System


def tell(system: System, path: Sequence[Numbers]) -> Trace:
    """The trace along a path of the engine, from an initial state."""
    _, _, start = path[0]
    steps = []
    before: State = start
    for tree, picks, after in path[1:]:
        happening = system.rerun(tree, before, picks)
        steps.append(step(system, happening, before, after, picks))
        before = after
    return Trace(variables(system, start), free_variables(system), tuple(steps))


def step(system: System, happening: Happening, before: State, after: State, picks: Sequence[int]) -> Step:
    """One step between two states."""
    old, new = messages(system, before), messages(system, after)
    return Step(
        label=happening.label,
        picks=tuple(picks),
        chosen=tuple(map(show, happening.chosen)),
        changes=tuple(changes(system, before, after)),
        sent=tuple((new - old).elements()),
        gone=tuple((old - new).elements()),
        operations=tuple(map(operated, happening.recorded)),
    )


def operated(event: Event) -> Operated:
    """What a client began, or was told."""
    on = "" if event.on is None else show(event.on)
    match event:
        case Invoked():
            argument = "" if event.argument is None else show(event.argument)
            return Operated("invoke", event.process.name, f"{event.function}({argument})", on)
        case Responded():
            return Operated("respond", event.process.name, show(event.result), on)
        case _:
            return Operated("abandon", event.process.name, "", on)


def changes(system: System, before: State, after: State) -> Iterator[Change]:
    """The variables that differ between two states."""
    old, new = variables(system, before), variables(system, after)
    return (Change(name, old[name], value) for name, value in new.items() if old[name] != value)


def variables(system: System, state: State) -> dict[str, str]:
    """Every variable with its value, as a trace shows them: a set is one, a table one for each key."""
    sets = {(c.owner, c.name): c for c in system.model.layout.collections}
    members: dict[Collection, list[str]] = {collection: [] for collection in sets.values()}
    found: dict[str, str] = {}
    for place, value in system.view(state).variables():
        collection = sets.get((place.owner, place.name))
        if collection is None:
            found[name_of(place)] = show(value)
        elif value:
            members[collection].append(show(place.key))
        if collection is not None:
            found[name_of(collection)] = "{" + ", ".join(members[collection]) + "}"
    return found


def messages(system: System, state: State) -> Counter[str]:
    """The messages in flight with their copies."""
    return Counter(map(show, system.view(state).messages()))


def name_of(what: Place | Collection) -> str:
    """As the model writes it: `s1.log`, `s1.next[s2]`; a variable of the model itself has no owner's name."""
    owner = f"{what.owner}." if isinstance(what.owner, Node) else ""
    key = getattr(what, "key", None)
    return f"{owner}{what.name}" + ("" if key is None else f"[{show(key)}]")


def free_variables(system: System) -> tuple[str, ...]:
    """The variables in which the initial states differ."""
    first, *others = [variables(system, state) for state in system.initial]
    return tuple(name for name, value in first.items() if any(other[name] != value for other in others))
