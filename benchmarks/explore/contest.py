"""Several commands that do the same job, in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.explore.process import BenchmarkError, Cost, run


@dataclass(frozen=True)
class Facts:
    """What a contestant says of its own search."""

    states: int
    transitions: int | None = None
    before: int | None = None
    """Bytes that were resident before the search; None where nobody asked."""
    python_calls: int | None = None


@dataclass(frozen=True)
class Contestant:
    """A command, and how to read what it prints."""

    name: str
    command: Sequence[str]
    read: Callable[[str], Facts]


@dataclass(frozen=True)
class Contest:
    """One job for several contestants."""

    name: str
    job: str
    contestants: Sequence[Contestant]
    states: int | None = None
    """How many there are, where that is known from elsewhere."""
    absent: str = ""
    """Who should take part but cannot, and why."""


@dataclass(frozen=True)
class Standing:
    """What one contestant did, in all its runs."""

    name: str
    facts: Facts
    costs: Sequence[Cost]

    @property
    def cpu(self) -> float:
        """The median of CPU-seconds."""
        return median(cost.cpu for cost in self.costs)

    @property
    def spread(self) -> float:
        """By which part of the least the most CPU-seconds are more: what the machine's other work does."""
        cpus = [cost.cpu for cost in self.costs]
        return max(cpus) / min(cpus) - 1

    @property
    def wall(self) -> float:
        """The median of seconds."""
        return median(cost.wall for cost in self.costs)

    @property
    def peak(self) -> float:
        """The median of peak resident bytes."""
        return median(cost.peak for cost in self.costs)

    @property
    def load(self) -> float:
        """The median of the machine's load averages."""
        return median(cost.load for cost in self.costs)

    @property
    def bytes_per_state(self) -> float | None:
        """How much memory the search added for each state: everything, not only the states themselves."""
        return None if self.facts.before is None else (self.peak - self.facts.before) / self.facts.states


Say = Callable[[str], None]


def hold(contest: Contest, runs: int, say: Say) -> list[Standing]:
    """Let everyone run in turn, so that a busy hour of the machine hits all alike."""
    costs: dict[str, list[Cost]] = {contestant.name: [] for contestant in contest.contestants}
    facts: dict[str, Facts] = {}
    for at in range(runs):
        for contestant in contest.contestants:
            say(f"{contest.name}: {contestant.name}, run {at + 1} of {runs}")
            printed, cost = run(contestant.command)
            facts[contestant.name] = contestant.read(printed)
            costs[contestant.name].append(cost)
        _agree(contest, facts)
    return [Standing(name, facts[name], costs[name]) for name in costs]


def _agree(contest: Contest, facts: dict[str, Facts]) -> None:
    """Times can be compared only where the work was the same."""
    counts = list(_counts(contest, facts))
    for what in ("states", "transitions"):
        if len({number for _, kind, number in counts if kind == what}) > 1:
            found = "\n".join(f"  {name}: {number:,}" for name, kind, number in counts if kind == what)
            raise BenchmarkError(f"{contest.name}: different numbers of {what}\n{found}")


def _counts(contest: Contest, facts: dict[str, Facts]) -> Iterator[tuple[str, str, int]]:
    if contest.states is not None:
        yield "as known", "states", contest.states
    for name, said in facts.items():
        yield name, "states", said.states
        if said.transitions is not None:
            yield name, "transitions", said.transitions
