"""Footprints: one run each, as the engine remembers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dscheck._engine import Path
    from dscheck.checker.rules.recorder import Recorder

DISABLED = -1
"""The leaf of a run whose guard refused."""
FIRST_FAULT = -2
"""The leaf of a run that raised fault 0; that of fault k is k less."""

Effects = tuple[list[tuple[int, int]], list[int]]
"""What a run does: pairs of a slot and its new value, and the operators to apply then."""
NOTHING: Effects = ([], [])


@dataclass(frozen=True)
class Footprint:
    """What a run observed and picked, and how it ended."""

    path: Path
    leaf: int
    effects: Effects
    run: Recorder
    """The run itself, on the state that it looked at."""
    result: Any
    """What the method returned."""
    error: Exception | None
    """What it raised."""

    def next_picks(self, given: int) -> list[int] | None:
        """The picks of the next run that agrees in the first `given` ones; None after the last."""
        choices = [(-asked, picked) for asked, picked in self.path if asked < 0]
        while len(choices) > given:
            arity, picked = choices.pop()
            if picked + 1 < arity:
                return [earlier for _, earlier in choices] + [picked + 1]
        return None
