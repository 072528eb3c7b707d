"""What a search covered, in the model's terms: how often each action happened, which goals were reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dscheck.checker.notation.values import order, show
from dscheck.checker.rules.instances import STEPS
from dscheck.checker.traces.tell import tell
from dscheck.checker.traces.trace import Trace

if TYPE_CHECKING:
    from dscheck._engine import Report
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System
    from dscheck.checker.search.symbolic.report import SymbolicReport


@dataclass(frozen=True, slots=True)
class Goal:
    """A property marked @sometimes, and whether some state has it."""

    name: str
    reached: bool
    depth: int | None
    """How many steps the nearest such state is away; None where the search does not know."""
    state: int | None = None
    """The number of that state in the state graph."""


class Store(Protocol):
    """What a search keeps of states."""

    def path(self, index: int, /) -> list[Numbers]:
        """A run to a state."""

    def values(self) -> list[list[int]]:
        """Per slot: the values that it has in some state."""


def count_actions(system: System, counts_of_trees: Sequence[int | None]) -> dict[str, int | None]:
    """The counts of the engine's trees by action, handler and fault; 0 for what never happened.

    None, of a tree or an action: it happened, how often is not counted.
    """
    declared = [*system.model.declared("action"), *system.model.declared("receive")]
    counts: dict[str, int | None] = {method.name: 0 for method in declared}
    for instance, count in zip(system.instances, counts_of_trees, strict=False):
        if instance.kind in STEPS:
            known = counts.get(instance.name, 0)
            counts[instance.name] = None if known is None or count is None else known + count
    return counts


def reached_goals(
    system: System, search: Store, report: Report | SymbolicReport, properties: Collection[str] | None
) -> tuple[Goal, ...]:
    """Every goal, or those asked for; one with parameters is reached where it holds for some of their values.

    So a goal whose parameters range over nothing is never reached.
    """
    nearest: dict[str, tuple[int, int] | None] = {}
    for tree, index in report.reached:
        found = (len(search.path(index)) - 1, index) if index >= 0 else None
        known = nearest.setdefault(system.instances[tree].name, found)
        if found is not None and known is not None:
            nearest[system.instances[tree].name] = min(found, known)
    goals = [method.name for method in system.model.declared("sometimes")]
    asked = [name for name in goals if properties is None or name in properties]
    return tuple(Goal(name, name in nearest, *(nearest.get(name) or (None, None))) for name in asked)


@dataclass(frozen=True, slots=True)
class Action:
    """An action, handler or fault, and how often it was seen."""

    name: str
    enabled: int | None
    """How often it was possible, once for each state and arguments; None: not counted."""
    taken: int | None
    """How many steps it was: more, where it has choices."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a search came to see, of actions, values and goals."""

    actions: tuple[Action, ...]
    values: Mapping[str, tuple[str, ...]]
    """Of each variable, entry of a table or member of a set: every value that it had in some state."""
    goals: Mapping[str, Trace]
    """Of each goal that was reached: a shortest run to it."""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "actions": [asdict(action) for action in self.actions],
            "values": {name: list(values) for name, values in self.values.items()},
            "goals": {name: trace.to_json() for name, trace in self.goals.items()},
        }


def survey(
    system: System, search: Store | None, report: Report | SymbolicReport, goals: Iterable[Goal]
) -> Coverage:
    """What was seen; random walks (without `search`) keep no states, so they know of actions alone."""
    taken = count_actions(system, report.taken)
    enabled = count_actions(system, report.enabled)
    actions = (Action(name, enabled[name] if search else None, taken[name]) for name in taken)
    if search is None:
        return Coverage(tuple(actions), {}, {})
    nearest = {goal.name: tell(system, search.path(goal.state)) for goal in goals if goal.state is not None}
    return Coverage(tuple(actions), _values(system, search.values()), nearest)


def _values(system: System, seen: list[list[int]]) -> dict[str, tuple[str, ...]]:
    slots = system.encoding.slots
    found = {}
    for place, _ in system.view(system.initial[0]).variables():
        numbers = seen[slots[place].number] if slots.has(place) and slots[place].number < len(seen) else [0]
        values = [slots.decode(place, number) for number in numbers]
        found[str(place)] = tuple(map(show, sorted(values, key=order)))
    return found
