"""What a search covered, in the model's terms: how often each action happened, which goals were reached."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dscheck.checker.notation.properties import PROMISES

if TYPE_CHECKING:
    from dscheck._engine import Report, Search
    from dscheck.checker.rules.system import System

STEPS: Final = ("action", "receive", "fault")
"""The kinds of instances that change the state."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A property marked @sometimes, and whether some state has it."""

    name: str
    reached: bool
    depth: int | None
    """How many steps the nearest such state is away; None where the search does not know."""


def count_actions(system: System, report: Report) -> dict[str, int]:
    """How often each action, handler and fault happened; 0 for what is declared and never did."""
    declared = [*system.model.declared("action"), *system.model.declared("receive")]
    counts = {method.name: 0 for method in declared}
    for instance, taken in zip(system.instances, report.taken, strict=False):
        if instance.kind in STEPS:
            counts[instance.name] = counts.get(instance.name, 0) + taken
    return counts


def reached_goals(
    system: System, search: Search, report: Report, properties: Collection[str] | None
) -> tuple[Goal, ...]:
    """Every goal, or those asked for; one with parameters is reached where it holds for some of their values.

    So a goal whose parameters range over nothing is never reached.
    """
    nearest: dict[str, int | None] = {}
    for tree, index in report.reached:
        depth = len(search.path(index)) - 1 if index >= 0 else None
        known = nearest.setdefault(system.instances[tree].name, depth)
        if depth is not None and known is not None:
            nearest[system.instances[tree].name] = min(depth, known)
    goals = [method.name for method in system.model.declared("sometimes")]
    asked = [name for name in goals if properties is None or name in properties]
    return tuple(Goal(name, name in nearest, nearest.get(name)) for name in asked)


def empty_promises(system: System, properties: Collection[str] | None) -> tuple[str, ...]:
    """Promises that hold because their parameters range over nothing."""
    promises = [method.name for kind in PROMISES for method in system.model.declared(kind)]
    asked = [name for name in promises if properties is None or name in properties]
    checked = {instance.name for instance in system.instances}
    return tuple(name for name in asked if name not in checked)
