"""What a check of a history found out: a verdict per promise, and the operations that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from dscheck.checker.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Edge:
    """One operation had to come before another, and why."""

    source: int
    """Row of the earlier operation."""
    target: int
    kind: str
    """ww, wr, rw, session, real-time, predicate, version or causal."""
    sentence: str
    """Why, in one sentence that names both operations and the values."""
    key: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The operations that prove a violation; small enough to read."""

    operations: tuple[int, ...]
    """Rows of the history, in the order of invocation."""
    sentence: str
    """What is wrong with them, in one sentence."""
    edges: tuple[Edge, ...] = ()
    """A cycle, in order: the last edge leads back to the first operation."""
    details: tuple[str, ...] = ()
    """Further sentences."""
    minimal: bool = False
    """Whether leaving out any of the operations would leave no violation."""
    order: tuple[int, ...] = ()
    """Linearizability: the longest prefix that could be put in order, in that order; its last operations
    where it is long."""
    along: tuple[str, ...] = ()
    """The states after each operation of `order`, one of the possible ones where there are several."""
    states: tuple[str, ...] = ()
    """Linearizability: the states that are possible after it."""
    stuck: tuple[int, ...] = ()
    """Linearizability: the operations of which none fits next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """One thing that went wrong, by its names."""

    name: str
    """As the literature has it: G1a, G-single, long fork, not linearizable, ..."""
    everyday: str
    """As engineers say: aborted read, read skew, ..."""
    witness: Witness
    key: Any = None
    count: int = 1
    """How many such were found; the witness is of a shortest one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was found out about one promise."""

    promise: str
    """A level, guarantee or bound: linearizable, serializable, monotonic-reads, 2-atomic, ..."""
    verdict: Verdict
    covered: str
    """How much was looked at, and where it stopped if it did: "12 keys, 4,000 operations"."""
    algorithm: str
    """By which method, with its source."""
    anomalies: tuple[Anomaly, ...] = ()
    """Where violated: at least one."""
    implied_by: str | None = None
    """The promise from which this verdict follows, where it was not judged itself."""
    warnings: tuple[str, ...] = ()
    """What makes the verdict weaker than it looks: vacuous reads, keys without a version order, ..."""
    vacuous: bool = False
    """Whether it holds only because nothing was recorded that could have broken it."""
    interrupted: bool = False
    """Whether it is undecided because of Ctrl-C."""
    measures: Mapping[str, Any] = field(default_factory=dict)
    """Numbers that belong to it: staleness quantiles, versions, ..."""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {**asdict(self), "verdict": str(self.verdict), "measures": dict(self.measures)}


def doubted(judged: Judgement, why: str) -> Judgement:
    """The judgement, but that what seems wrong is undecided, as something outside may explain it."""
    if judged.verdict is not Verdict.VIOLATED:
        return judged
    covered = f"{judged.covered}; {why}"
    return replace(judged, verdict=Verdict.UNDECIDED, covered=covered, anomalies=(), implied_by=None)


def not_reached(promise: str, why: str, *, algorithm: str = "none", interrupted: bool = False) -> Judgement:
    """Of a promise that was not judged at all, and why."""
    return Judgement(
        promise=promise,
        verdict=Verdict.UNDECIDED,
        covered=f"nothing; {why}",
        algorithm=algorithm,
        interrupted=interrupted,
    )


def because(covered: str, doubts: Iterable[str]) -> str:
    """What was looked at, and why it is not enough for a verdict, if it is not."""
    found = " and ".join(dict.fromkeys(doubts))
    return f"{covered}; undecided because {found}" if found else covered


TIME_WAS_OVER: Final = "the time was over"
INTERRUPTED: Final = "it was interrupted"
MISSING: Final = "parts of the recording are missing, and may explain what nothing here does"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """When a check has to give up; it is then undecided and says how far it got."""

    seconds: float | None = None
    memory: int | None = None
    """Bytes of the whole process."""
