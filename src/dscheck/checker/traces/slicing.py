"""What the end of a path depends on: a dynamic slice (Korel and Laski 1988) made of footprints.

Backwards from what the judgement at the end observed: a step that wrote something of that is needed, and then
so is what the step observed.  What is left out could have been otherwise, or not at all, without another end.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from dscheck.checker.rules.recorder import answers_of

if TYPE_CHECKING:
    from dscheck._engine import Path
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System

Judged = tuple[str, int, list[int]]
"""What was found in the last state, as the engine says it: its kind, its tree, and what it picked."""


def needed_after(system: System, path: Sequence[Numbers], judged: Judged) -> list[set[int]] | None:
    """After each step of a path, the slots on which the end depends; None where that is everything."""
    kind, tree, picks = judged
    if kind not in ("always", "fault"):  # what was not possible, or not allowed, depends on the whole state
        return None
    needed = _observed(system, system.run(tree, answers_of(path[-1][2]), picks).path)
    found = []
    for (_, _, before), (tree, picks, _) in reversed(list(pairwise(path))):
        found.append(needed)
        footprint = system.run(tree, answers_of(before), picks)
        writes, operators = footprint.effects
        written = {slot for slot, _ in writes}
        updated = {system.encoding.slots.updated(operator) for operator in operators}
        if not needed.isdisjoint(written | updated):
            needed = (needed - written) | _observed(system, footprint.path)
    return found[::-1]


def _observed(system: System, path: Path) -> set[int]:
    """The slots that a run depended on."""
    asked = [number for number, _ in path if number >= 0]
    return {slot for number in asked for slot in system.encoding.slots.behind(number)}
