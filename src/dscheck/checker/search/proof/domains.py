"""Which values each slot may hold: those seen in a search, and those that steps then add, if that ends.

Membership in the domains is a part of what is proved.  If no step from a state that keeps the invariants
leaves them, they are closed, and then it does not matter where they came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

MOST_VALUES: Final = 2_000
"""Values that steps may add before the proof does without the rest."""
MOST_ROUNDS: Final = 40
"""How often steps may add values: a number that always grows gets a new one each time."""


class Domains(dict[int, tuple[int, ...]]):
    """The values of each slot, by their numbers."""

    def __init__(self, seen: Iterable[Sequence[int]]) -> None:
        super().__init__((slot, tuple(sorted(numbers))) for slot, numbers in enumerate(seen))
        self._seen = dict(self)
        self._rounds = self._added = 0
        self.is_closed = True
        """Whether all values that steps write are, or will be, in here."""

    @property
    def is_time_to_look(self) -> bool:
        """Now and then, for what is wrong within them already, as growing may take long, or have no end."""
        return self._rounds > 1 and self._rounds.bit_count() == 1

    def has(self, slot: int, number: int) -> bool:
        """Whether a slot may hold a value; one to which nothing was ever written holds number 0."""
        return number in self.get(slot, (0,))

    def add(self, leaving: Iterable[tuple[int, int]]) -> None:
        """Let slots hold these values, too; where there is no end of it, only what was seen counts."""
        self._rounds += 1
        for slot, number in leaving:
            if not self.has(slot, number):
                self[slot] = tuple(sorted((*self.get(slot, (0,)), number)))
                self._added += 1
        if self._rounds > MOST_ROUNDS or self._added > MOST_VALUES:
            self.clear()
            self.update(self._seen)
            self.is_closed = False
