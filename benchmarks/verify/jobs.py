"""What is judged, what it may cost, and what others were measured or published to need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from benchmarks.verify import closed_loop, collections, lists, registers
from dscheck.checker.consistency.isolation import check as isolation
from dscheck.checker.consistency.linearizability import check as linearizability
from dscheck.histories.history import History
from dscheck.histories.values import NIL

Check = Callable[[], str]
"""Judges a recording that is in memory, and returns the verdict."""


@dataclass(frozen=True)
class Job:
    """A recording and a question."""

    name: str
    what: str
    prepare: Callable[[], tuple[History, Check]]
    expected: str
    """The verdict; a run that ends in another one is an error, not a figure."""
    seconds: float | None = None
    """The CPU time that it may take."""
    megabytes: float | None = None
    """The memory that it may take, over what was resident before."""
    others: Mapping[str, float] = field(default_factory=dict)
    """Published or earlier measured seconds of other tools; see ../README.md for the sources."""
    porcupine: bool = False
    """Whether Porcupine takes part."""


def _objects(history: History) -> tuple[History, Check]:
    return history, lambda: str(linearizability.check(history)[0].verdict)


def _levels(history: History, *names: str) -> tuple[History, Check]:
    return history, lambda: " ".join(str(found.verdict) for found in isolation.check(history, names))


def _register(
    operations: int, clients: int, keys: int, *, stale: bool = False, values: int | None = None
) -> Job:
    size = f"{operations // 1000}k"
    kind = "unique writes" if values is None else f"{values} values"
    return Job(
        name=f"register-{keys}-{clients}-{size}"
        + ("-stale" if stale else "")
        + (f"-{values}" if values else ""),
        what=f"{keys} keys, {clients} clients, {operations:,} operations, {kind}"
        + (", a stale read" if stale else ""),
        prepare=lambda: _objects(
            closed_loop.registers(
                operations=operations, clients=clients, keys=keys, stale=stale, values=values
            )
        ),
        expected="violated" if stale else "holds",
        porcupine=True,
    )


def _collection(kind: str, polylin: float) -> Job:
    return Job(
        name=f"{kind}-1M",
        what=f"{kind}, 20 clients, 1,000,000 operations, each value once",
        prepare=lambda: _objects(collections.recording(kind, 1_000_000)),
        expected="holds",
        seconds=3.0,
        others={"PolyLin": polylin},
    )


def _lists(stale: bool, elle: float) -> Job:
    return Job(
        name="list-append-100k" + ("-stale" if stale else ""),
        what="100,000 transactions on lists, strict serializability" + (", a stale read" if stale else ""),
        prepare=lambda: _levels(lists.serializable(transactions=100_000, stale=stale), "strict-serializable"),
        expected="violated" if stale else "holds",
        seconds=1.0,
        megabytes=1000.0,
        others={"Elle": elle},
    )


def _weak(level: str, seconds: float, awdit: float) -> Job:
    return Job(
        name=f"{level.removeprefix('strong-session-')}-1M",
        what=f"{level}, 100,000 transactions of 50 sessions, 1,000,000 operations",
        prepare=lambda: _levels(
            registers.serializable(transactions=100_000, sessions=50, operations=10, keys=10_000), level
        ),
        expected="holds",
        seconds=seconds,
        others={"AWDIT": awdit},
    )


def _strong(name: str, level: str, seconds: float, others: Mapping[str, float], **shape: float) -> Job:
    told = ", ".join(f"{key} {value}" for key, value in shape.items())
    return Job(
        name=name,
        what=f"{level}: {told}",
        prepare=lambda: _levels(registers.serializable(**shape), level),  # type: ignore[arg-type]
        expected="holds",
        seconds=seconds,
        others=others,
    )


def _orders(name: str, level: str, transactions: int, seconds: float, others: Mapping[str, float]) -> Job:
    return Job(
        name=name,
        what=f"{level}: {transactions:,} transactions of 20 sessions, as customers order from 10 warehouses",
        prepare=lambda: _levels(registers.orders(transactions=transactions, sessions=20), level),
        expected="holds",
        seconds=seconds,
        others=others,
    )


JOBS: Final = (
    replace(_register(100_000, 50, 10), name="kv", seconds=0.3),
    replace(_register(100_000, 50, 10, stale=True), name="kv-stale", seconds=0.3),
    _register(100_000, 50, 10, values=5),
    replace(_register(1_000, 20, 1), seconds=0.005),
    replace(_register(100_000, 20, 1), seconds=0.2, megabytes=200.0),
    replace(_register(100_000, 20, 1, stale=True), seconds=0.2, megabytes=200.0),
    _register(10_000, 20, 1, values=5),
    _collection("queue", 10.7),
    _collection("stack", 13.8),
    _collection("priority-queue", 19.6),
    _lists(stale=False, elle=12.0),
    _lists(stale=True, elle=15.9),
    _weak("strong-session-monotonic-atomic-view", 0.6, 0.94),
    _weak("strong-session-read-atomic", 0.9, 1.35),
    _weak("causal", 3.0, 5.12),
    _strong(
        "si-5k",
        "strong-session-snapshot-isolation",
        3.0,
        {"PolySI": 27.9},
        transactions=5000,
        sessions=20,
        operations=15,
        keys=10_000,
    ),
    _orders("si-orders-10k", "strong-session-snapshot-isolation", 10_000, 8.0, {"PolySI, TPC-C": 77.7}),
    _strong(
        "ser-blind-10k",
        "strong-session-serializable",
        20.0,
        {"VeriStrong": 56.0},
        transactions=10_000,
        sessions=20,
        operations=8,
        keys=10_000,
    ),
    _orders(
        "timestamped-si-100k",
        "strong-session-timestamped-snapshot-isolation",
        100_000,
        0.3,
        {"Chronos": 0.98},
    ),
)
"""All of them; the names of AWDIT's levels are explained in ../README.md."""


def rows(history: History) -> list[str]:
    """A recording as the peers read it: key, function, argument, old, result, called, returned."""

    def told(code: int) -> str:
        return "nil" if code == NIL else str(code)

    return [
        " ".join(
            (
                told(history.key[row]),
                history.functions[history.function[row]],
                told(history.argument[row]),
                "nil",
                told(history.result[row]),
                str(history.invoked[row]),
                str(min(int(history.returned[row]), 2**60)),
            )
        )
        for row in range(len(history))
    ]
