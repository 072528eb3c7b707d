"""What we want to reach, and whether we do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.explore.contest import Standing
from benchmarks.explore.peers import spin
from benchmarks.explore.suite import COMMAND, DEEPEST, LARGEST, ONE, TWO

Standings = Mapping[str, Standing]
"""Of one contest, by contestant."""


@dataclass(frozen=True)
class Target:
    """A limit for one figure of one contest."""

    contest: str
    what: str
    limit: float
    figure: Callable[[Standings], float | None]
    """None: it was measured without whom it takes."""
    form: str
    """How the figure is written."""
    at_least: bool = False

    def measured(self, results: Mapping[str, Standings]) -> float | None:
        """The figure, if this run has it."""
        standings = results.get(self.contest)
        return self.figure(standings) if standings is not None else None

    def is_met(self, figure: float) -> bool:
        """Whether the figure is within the limit."""
        return figure >= self.limit if self.at_least else figure <= self.limit

    @property
    def wanted(self) -> str:
        """The limit in words."""
        return f"{'at least' if self.at_least else 'at most'} {self.form.format(self.limit)}"


def _of_spins_time(standings: Standings) -> float | None:
    return standings[ONE].cpu / standings[spin.NAME].cpu if spin.NAME in standings else None


def _speed_up(standings: Standings) -> float:
    return standings[ONE].wall / standings[TWO].wall


_TWO_PHASE: Final = f"two_phase_commit-{LARGEST}"
_RAFT: Final = f"raft-{DEEPEST}"

TARGETS: Final = (
    Target(_TWO_PHASE, "CPU time, in SPIN's (the aim is 0.25)", 0.4, _of_spins_time, "{:.2f}"),
    Target(_TWO_PHASE, "memory for each state", 16, lambda s: s[ONE].bytes_per_state, "{:.1f} B"),
    Target(_RAFT, "distinct states per CPU-second", 1e6, lambda s: s[ONE].pace, "{:,.0f}", at_least=True),
    Target(_RAFT, "speed-up by a second worker", 1.7, _speed_up, "{:.2f}", at_least=True),
    Target(_RAFT, "Python calls", 5000, lambda s: s[ONE].facts.python_calls, "{:,.0f}"),
    Target("tiny", "time to the verdict", 0.4, lambda s: s[COMMAND].wall, "{:.2f} s"),
    Target("tiny", "peak memory", 80, lambda s: s[COMMAND].peak / 1e6, "{:.0f} MB"),
)
