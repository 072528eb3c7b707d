"""What the suite asks of every other checker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from benchmarks.explore.contest import Contestant
from benchmarks.explore.spaces import Space


class Peer(Protocol):
    """A checker that takes part where the machine has it."""

    name: str

    def missing(self) -> str:
        """Why it cannot take part at all; empty: it can."""

    def version(self) -> str:
        """As it says itself, with its settings."""

    def declines(self, space: Space) -> str:
        """Why it does not take part in this contest; empty: it does."""

    def contestants(self, space: Space) -> Sequence[Contestant]:
        """Its searches, built and ready to run; building is not measured."""
