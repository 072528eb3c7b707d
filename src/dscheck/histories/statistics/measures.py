"""What is measured of a recording, as plain data; times are in seconds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Latency:
    """How long operations took that returned with a known outcome."""

    count: int
    mean: float
    least: float
    p50: float
    p90: float
    p99: float
    p999: float
    most: float


@dataclass(frozen=True, slots=True)
class FunctionMeasures:
    """One function: how often with which outcome, and how long it took."""

    name: str
    ok: int
    fail: int
    info: int
    latency: Latency | None
    """Of those that were ok; None where times are unknown or none was ok."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many operations were open at once; one that never returned is open to the end of the recording."""

    mean: float
    """Over time; where times are unknown, over the invocations and returns."""
    most: int
    unreturned: int
    """Operations that never returned."""


@dataclass(frozen=True, slots=True)
class LittlesLaw:
    """L = lambda W (Little, Operations Research 9(3), 1961), on this recording.

    Arrival rate and mean time are counted one way, the open operations another; what is left between the two
    is what operations do that never returned: they are open, but nobody knows for how long.
    """

    arrivals: float
    """lambda: invocations per second."""
    time: float
    """W: the mean time of the operations that returned."""
    expected: float
    """lambda W."""
    measured: float
    """L: the mean number of open operations, from the invocations and returns in the order of time."""
    unreturned: float
    """How much of `measured - expected` the operations explain that never returned."""

    @property
    def unexplained(self) -> float:
        """What is left of the difference: rounding."""
        return self.measured - self.expected - self.unreturned


@dataclass(frozen=True, slots=True)
class KeyLoad:
    """One key and what was asked of it: operations, or micro-operations of transactions."""

    key: str
    reads: int
    others: int


@dataclass(frozen=True, slots=True)
class Load:
    """How the operations spread over the keys."""

    keys: int
    operations: int
    top: tuple[KeyLoad, ...]
    """The keys of which most was asked."""
    top_share: float
    """Which part of all operations these have."""
    gini: float
    """0 where all keys have equally many operations, near 1 where one key has nearly all."""


@dataclass(frozen=True, slots=True)
class OverTime:
    """The recording in slices of equal time; all columns have one number per slice."""

    width: float
    """Seconds per slice."""
    ok: tuple[int, ...]
    """Returns in the slice."""
    fail: tuple[int, ...]
    invoked: tuple[int, ...]
    open_mean: tuple[float, ...]
    open_most: tuple[int, ...]
    p50: tuple[float | None, ...]
    """Latency of what was invoked in the slice and was ok; None for none."""
    p90: tuple[float | None, ...]
    p99: tuple[float | None, ...]
    most: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A fault or another event: from when to when, in seconds since the beginning."""

    name: str
    begin: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Everything that is measured."""

    name: str
    format: str
    operations: int
    processes: int
    functions: tuple[FunctionMeasures, ...]
    micro_operations: tuple[tuple[str, int], ...] = ()
    """Of transactions: how many of each kind."""
    span: float | None = None
    """From the first invocation to the last event; None where times are unknown."""
    throughput: float | None = None
    """Returns that were ok, per second."""
    latency: Latency | None = None
    """Of everything that was ok."""
    concurrency: Concurrency | None = None
    """None where only the order within sessions is known."""
    little: LittlesLaw | None = None
    load: Load | None = None
    """None where no operation names a key."""
    over_time: OverTime | None = None
    bands: tuple[Band, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)
