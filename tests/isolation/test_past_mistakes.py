"""Verdicts and names that were once wrong."""

from __future__ import annotations

from dscheck.checker.consistency.isolation import strong
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import History
from isolation.textbook import overlapping


def stamped(*transactions: tuple[int, list[tuple[str, str, int | None]], tuple[int, int]]) -> History:
    """Transactions with a process and start and commit timestamps, all of them at once."""
    build = Builder()
    asked = [build.invoke(process, "txn", micro=micro) for process, micro, _ in transactions]
    for number, (_, _, stamps) in zip(asked, transactions, strict=True):
        build.respond(number, stamps=stamps)
    return build.build()


def test_equal_commit_timestamps_prove_nothing() -> None:
    """Both write x and commit at 5, and each misses what the other wrote."""
    history = stamped(
        (0, [("r", "z", None), ("w", "x", 2), ("w", "y", 1)], (1, 5)),
        (1, [("r", "y", None), ("w", "x", 1), ("w", "z", 1)], (5, 5)),
    )
    claimed, kept = check(history, ["timestamped-snapshot-isolation", "snapshot-isolation"])
    assert claimed.verdict is not Verdict.HOLDS
    assert kept.verdict is Verdict.VIOLATED


def test_sessions_at_equal_timestamps() -> None:
    """A process reads what it writes only afterwards."""
    history = stamped((0, [("r", "x", 1)], (4, 4)), (0, [("w", "x", 1)], (4, 4)))
    for promise in (
        "strong-session-timestamped-serializable",
        "strong-session-timestamped-snapshot-isolation",
    ):
        assert check(history, [promise])[0].verdict is not Verdict.HOLDS


def test_a_dirty_write_is_named_only_where_every_order_of_versions_has_it() -> None:
    history = overlapping(["x1 y1"], ["x2 y2"], ["x=1 y=2"])
    (judged,) = strong.judge(history, ["serializable"])
    assert judged.verdict is Verdict.VIOLATED
    assert [anomaly.name for anomaly in judged.anomalies] == ["no commit order"]
    assert check(history, ["read-uncommitted"])[0].verdict is Verdict.HOLDS


def test_totals_of_different_accounts_are_not_compared() -> None:
    build = Builder(hints={"datatype": "bank"})
    for read in ({"a": 10}, {"a": 10, "b": 20}):
        build.respond(build.invoke(0, "read"), read)
    build.respond(build.invoke(0, "transfer", {"from": "a", "to": "b", "amount": 1}))
    (judged,) = check(build.build(), ["constant-total"])
    assert judged.verdict is Verdict.UNDECIDED
    assert judged.warnings
