"""What a search covered, in the model's terms: how often each action happened, which goals were reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

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


def reached_goals(system: System, search: Search, report: Report) -> tuple[Goal, ...]:
    """Every goal; one with parameters is reached where it holds for some of their values."""
    nearest: dict[str, int | None] = {}
    for tree, index in report.reached:
        depth = len(search.path(index)) - 1 if index >= 0 else None
        known = nearest.setdefault(system.instances[tree].name, depth)
        if depth is not None and known is not None:
            nearest[system.instances[tree].name] = min(depth, known)
    asked = dict.fromkeys(instance.name for instance in system.instances if instance.kind == "sometimes")
    return tuple(Goal(name, name in nearest, nearest.get(name)) for name in asked)
