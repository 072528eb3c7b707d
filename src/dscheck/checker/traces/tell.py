"""The engine's numbers, told in the model's terms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import Invoked, Responded
from dscheck.checker.notation.values import show
from dscheck.checker.traces.slicing import Judged, needed_after
from dscheck.checker.traces.trace import Change, Flight, Operated, Step, Trace

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.notation.operations import Event
    from dscheck.checker.notation.run import Collection, Place
    from dscheck.checker.rules.happening import Happening
    from dscheck.checker.rules.instances import Instance
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System


def tell(system: System, path: Sequence[Numbers], judged: Judged | None = None) -> Trace:
    """The trace along a path of the engine, from an initial state to what was found."""
    needed = needed_after(system, path, judged) if judged is not None else None
    steps = []
    for number, ((_, _, before), (tree, picks, after)) in enumerate(pairwise(path)):
        happening = system.rerun(tree, before, picks)
        told = step(system, happening, before, after, picks)
        steps.append(told if needed is None else set_apart(system, happening, told, needed[number]))
    return trace_of(system, path[0][2], tuple(steps))


def trace_of(system: System, start: State, steps: tuple[Step, ...]) -> Trace:
    """The trace of steps from an initial state."""
    layout = system.model.layout
    return Trace(
        start=variables(system, start),
        free=free_variables(system),
        steps=steps,
        nodes=tuple(node.name for node in layout.nodes),
        budgets=tuple(name_of(place) for place in layout.budgets.values()),
    )


def step(system: System, happening: Happening, before: State, after: State, picks: Sequence[int]) -> Step:
    """One step between two states."""
    old, new = messages(system, before), messages(system, after)
    instance = happening.instance
    return Step(
        label=happening.label,
        kind=instance.kind,
        name=instance.name,
        actor=actor(instance),
        message=None if happening.delivered is None else flight(happening.delivered),
        picks=tuple(picks),
        chosen=tuple(map(show, happening.chosen)),
        changes=tuple(changes(system, before, after)),
        sent=tuple((new - old).elements()),
        gone=tuple((old - new).elements()),
        operations=tuple(map(operated, happening.recorded)),
    )


def set_apart(system: System, happening: Happening, step: Step, needed: set[int]) -> Step:
    """The step with what the end does not depend on put aside."""
    slots, network = system.encoding.slots, system.encoding.network
    moved = [(message, network.place(message)) for message in (*happening.sent, *happening.gone)]
    flights = {str(flight(message)) for message, place in moved if slots[place].number in needed}
    changed = [place for place, _, _ in happening.writes if slots[place].number in needed]
    names = {shown_as(system, place) for place in changed}
    told = [*(change.variable for change in step.changes), *map(str, step.sent), *map(str, step.gone)]
    beside = tuple(what for what in told if what not in names | flights)
    return replace(step, beside=beside if names or flights else None)


def actor(instance: Instance) -> str:
    """The node that a step is about: the first among its arguments, or where its message goes."""
    if instance.delivery is not None:
        return str(instance.delivery.dst) if instance.name != "lose" else ""
    return next((arg.name for arg in instance.args if isinstance(arg, Node)), "")


def flight(message: Message) -> Flight:
    """A message, as it is told."""
    way = f" {message.src}->{message.dst}"
    return Flight(show(message).removesuffix(way), str(message.src), str(message.dst))


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
    sets = _sets(system)
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


def shown_as(system: System, place: Place) -> str:
    """The name under which a trace shows a place: for the membership of an element, that of its set."""
    return name_of(_sets(system).get((place.owner, place.name), place))


def _sets(system: System) -> dict[tuple[Model | Node, str], Collection]:
    return {(found.owner, found.name): found for found in system.model.layout.collections}


def messages(system: System, state: State) -> Counter[Flight]:
    """The messages in flight with their copies."""
    return Counter(map(flight, system.view(state).messages()))


def name_of(what: Place | Collection) -> str:
    """As the model writes it: `s1.log`, `s1.next[s2]`; a variable of the model itself has no owner's name."""
    owner = f"{what.owner}." if isinstance(what.owner, Node) else ""
    key = getattr(what, "key", None)
    return f"{owner}{what.name}" + ("" if key is None else f"[{show(key)}]")


def free_variables(system: System) -> tuple[str, ...]:
    """The variables in which the initial states differ."""
    first, *others = [variables(system, state) for state in system.initial]
    return tuple(name for name, value in first.items() if any(other[name] != value for other in others))
