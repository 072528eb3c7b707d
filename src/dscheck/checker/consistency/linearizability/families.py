"""What a data type is to the near-linear checks: its functions, and the words for what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dscheck.checker.consistency.wording import place, what
from dscheck.histories.history import History

LOOKS: Final = 0
"""The role of a function that changes nothing; the numbers are the engine's."""
PUTS: Final = 1
TAKES: Final = 2
SWAPS: Final = 3
SCANS: Final = 4

Words = Callable[[History, Sequence[int]], str]
"""One sentence about some rows of a history."""

TIME: Final = 7
"""The obstacle that time was over."""
FUNCTION: Final = 0
"""The obstacle that every data type has: a function that it does not know, or an odd argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A data type, as the engine judges it."""

    engine_name: str
    roles: Mapping[str, int]
    """By the name of the function: LOOKS, PUTS, TAKES, SWAPS or SCANS."""
    rules: Mapping[int, Words]
    """By the engine's number: what is wrong, in one sentence."""
    obstacles: Mapping[int, Words]
    """By the engine's number: why the algorithm does not apply."""
    has_truths: bool = False
    """Whether True and False among its results mean that it was done or not."""

    def sentence(self, history: History, rule: int, rows: Sequence[int]) -> str:
        """What is wrong."""
        return self.rules[rule](history, rows)

    def obstacle(self, history: History, number: int, rows: Sequence[int]) -> str:
        """Why the algorithm does not apply."""
        if number == FUNCTION:
            known = ", ".join(self.roles)
            return f"{told(history, rows[0])} is none of {known}, or has an argument of another shape"
        if number == TIME:
            return "time was over"
        return self.obstacles[number](history, rows)


def told(history: History, row: int) -> str:
    """An operation within a sentence: `read gave 3` (line 12)."""
    return f"`{what(history.operation(row))}` ({place(history, row)})"
