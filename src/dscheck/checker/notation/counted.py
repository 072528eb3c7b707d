"""What is known of a model and must not change unnoticed: its states, and when its mutants are caught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Count:
    """How many distinct states a model has for some parameters: ``Count({"nodes": 3}, states=288)``."""

    params: Mapping[str, Any]
    """Parameters other than the defaults."""
    states: int
    transitions: int | None = None
    depth: int | None = None
    """Up to how many steps; None: all of them."""

    def __str__(self) -> str:
        where = " ".join(f"{name} {value}" for name, value in self.params.items()) or "as it is"
        steps = "" if self.transitions is None else f", {self.transitions:,} transitions"
        within = "" if self.depth is None else f", up to depth {self.depth}"
        return f"{where}: {self.states:,} states{steps}{within}"


@dataclass(frozen=True, slots=True)
class Caught:
    """Where a mutant is caught, and after how many steps."""

    params: Mapping[str, Any]
    """Parameters other than the defaults: those for which it is caught soonest."""
    steps: int | None = None
    """The length of a shortest counterexample."""
