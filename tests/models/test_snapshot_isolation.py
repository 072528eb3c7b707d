"""What snapshot isolation allows beyond serializability, and what mends it."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import pytest

from dscheck import Verdict, always, explore, param, require
from dscheck.models.transactions.snapshot_isolation import (
    Key,
    PromisesTooMuch,
    SnapshotIsolation,
    Transaction,
)


class LooksAtReadsToo(PromisesTooMuch):
    """A transaction that has written commits only if nobody has overwritten what it has read."""

    write_skew = None

    def may_commit(self, t: Transaction) -> bool:
        seen = [k for k in self.names if t.saw[k] is not None]
        is_valid = all(self.newest(k, len(self.log)) <= t.snapshot for k in seen)
        return super().may_commit(t) and (is_valid or not t.writes)


def test_who_looks_at_what_it_has_read_is_serializable() -> None:
    assert explore(LooksAtReadsToo()).verdict is Verdict.HOLDS


class OneKey(PromisesTooMuch):
    """Write skew needs two keys: what overwrites what it has read itself is caught."""

    write_skew = None
    keys: int = param(1, "keys", least=1)


@pytest.mark.parametrize(("transactions", "states"), [(2, 161), (3, 5_537)])
def test_one_key_alone_is_serializable(transactions: int, states: int) -> None:
    result = explore(OneKey(transactions=transactions))
    assert (result.verdict, result.states) == (Verdict.HOLDS, states)


def test_write_skew() -> None:
    result = explore(PromisesTooMuch())
    assert result.trace is not None
    assert [step.label for step in result.trace.steps] == [
        "begin(t1)",
        "read(t1, 'k1')",
        "write(t1, 'k2')",
        "begin(t2)",
        "read(t2, 'k2')",
        "write(t2, 'k1')",
        "commit(t1)",
        "commit(t2)",
    ]
    assert [(goal.name, goal.depth) for goal in explore(SnapshotIsolation()).goals] == [("write_skew", 8)]


class TrustsItsReader(PromisesTooMuch):
    """The third transaction only reads; said to be serializable as soon as the two others are."""

    transactions: int = param(3, "transactions", least=3, most=3)
    write_skew = serializable = None

    def write(self, t: Transaction, k: Key) -> None:
        require(t.name != "t3")
        super().write(t, k)

    @always
    def reader_does_no_harm(self) -> bool:
        if len(self.log) < 3:
            return True
        writers = [t for t in self.log if t.name != "t3"]
        all_are, writers_are = (any(map(self.explains, permutations(some))) for some in (self.log, writers))
        return all_are or not writers_are


def test_the_anomaly_of_a_read_only_transaction() -> None:
    """Fekete, O'Neil and O'Neil, "A Read-Only Transaction Anomaly Under Snapshot Isolation" (2004)."""
    result = explore(TrustsItsReader())
    assert (result.verdict, result.finding and result.finding.name) == (
        Verdict.VIOLATED,
        "reader_does_no_harm",
    )
    assert result.trace is not None
    steps = [step.label.split("(")[0] for step in result.trace.steps]
    assert Counter(steps) == {"begin": 3, "read": 3, "write": 2, "commit": 3}
