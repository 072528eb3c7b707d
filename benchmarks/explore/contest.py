"""Several commands that do the same job, in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.process import BenchmarkError, Cost, measure


@dataclass(frozen=True)
class Facts:
    """What a contestant says of its own search."""

    states: int
    transitions: int | None = None
    before: int | None = None
    """Bytes that were resident before the search; None where nobody asked."""
    python_calls: int | None = None
    peak: int | None = None
    """Bytes that were resident at most, where it knows better than process.Cost."""


@dataclass(frozen=True)
class Contestant:
    """A command, and how to read what it prints."""

    name: str
    command: Sequence[str]
    read: Callable[[str], Facts]
    states: int | None = None
    """How many it must find, where contestants do not all find the same number."""


@dataclass(frozen=True)
class Contest:
    """One job for several contestants."""

    name: str
    job: str
    contestants: Sequence[Contestant]
    states: int | None = None
    """How many there are, where that is known from elsewhere."""
    absent: Sequence[str] = ()
    """Who does not take part, and why."""
    unequal: str = ""
    """Why contestants find different numbers of states, where it cannot be otherwise; empty: an error."""


@dataclass(frozen=True)
class Run:
    """One search of one contestant."""

    facts: Facts
    cost: Cost

    @property
    def bytes_per_state(self) -> float | None:
        """How much memory the search added for each state: everything, not only the states themselves."""
        before = self.facts.before
        if before is None or (self.facts.peak is None and self.cost.peak <= self.cost.floor):
            return None
        return (self.peak - before) / self.facts.states

    @property
    def peak(self) -> int:
        """Bytes that were resident at most."""
        return self.cost.peak if self.facts.peak is None else self.facts.peak


@dataclass(frozen=True)
class Standing:
    """What one contestant did: the medians of its runs."""

    name: str
    runs: Sequence[Run]

    @property
    def facts(self) -> Facts:
        """What it says of its search, the same each time but for the memory."""
        return self.runs[0].facts

    @property
    def cpu(self) -> float:
        """CPU-seconds."""
        return median(run.cost.cpu for run in self.runs)

    @property
    def spread(self) -> float | None:
        """By which part of the least the most CPU-seconds are more: what the machine's other work does."""
        cpus = [run.cost.cpu for run in self.runs]
        return max(cpus) / min(cpus) - 1 if len(cpus) > 1 else None

    @property
    def wall(self) -> float:
        """Seconds."""
        return median(run.cost.wall for run in self.runs)

    @property
    def peak(self) -> float:
        """Resident bytes at most."""
        return median(run.peak for run in self.runs)

    @property
    def load(self) -> float:
        """The machine's load average."""
        return median(run.cost.load for run in self.runs)

    @property
    def pace(self) -> float:
        """Distinct states for each CPU-second."""
        return self.facts.states / self.cpu

    @property
    def bytes_per_state(self) -> float | None:
        """Memory that the search added for each state."""
        each = [run.bytes_per_state for run in self.runs]
        known = [figure for figure in each if figure is not None]
        return median(known) if known else None


Say = Callable[[str], None]


def hold(contest: Contest, rounds: int, say: Say) -> list[Standing]:
    """Let everyone run in turn, so that a busy minute of the machine hits all alike."""
    done: dict[str, list[Run]] = {contestant.name: [] for contestant in contest.contestants}
    for at in range(rounds):
        for contestant in contest.contestants:
            say(f"{contest.name}: {contestant.name}, run {at + 1} of {rounds}")
            printed, cost = measure(contestant.command)
            done[contestant.name].append(Run(contestant.read(printed), cost))
        _agree(contest, done)
    return [Standing(name, runs) for name, runs in done.items()]


def _agree(contest: Contest, done: Mapping[str, Sequence[Run]]) -> None:
    """Times can be compared only where the work was the same, also in runs before and after."""
    if not contest.unequal:
        _same(contest, list(_counts(contest, contest.contestants, done)))
        return
    for contestant in contest.contestants:
        _same(contest, list(_counts(contest, [contestant], done)))


def _same(contest: Contest, counts: Sequence[tuple[str, str, int]]) -> None:
    for what in ("states", "transitions"):
        found = [f"  {name}: {number:,}" for name, kind, number in counts if kind == what]
        if len({number for _, kind, number in counts if kind == what}) > 1:
            raise BenchmarkError("\n".join([f"{contest.name}: different numbers of {what}", *found]))


def _counts(
    contest: Contest, contestants: Sequence[Contestant], done: Mapping[str, Sequence[Run]]
) -> Iterator[tuple[str, str, int]]:
    for known in {contest.states, *(contestant.states for contestant in contestants)}:
        if known is not None:
            yield "as known", "states", known
    for contestant in contestants:
        for run in done[contestant.name]:
            yield contestant.name, "states", run.facts.states
            if run.facts.transitions is not None:
                yield contestant.name, "transitions", run.facts.transitions
