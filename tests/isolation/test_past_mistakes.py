"""Verdicts and names that were once wrong."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import verify
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


def bank(*steps: tuple[str, str | None, Any, Any]) -> History:
    build = Builder(name="bank.jsonl")
    for function, key, argument, result in steps:
        build.respond(build.invoke("p", function, argument, key=key), result)
    return build.build()


@pytest.mark.parametrize(
    "history",
    [
        bank(
            ("read", "a", None, {1: 10, 2: 10}),
            ("transfer", "a", {"from": 1, "to": 2, "amount": 5}, None),
            ("read", "b", None, {1: 20, 2: 20}),
        ),
        bank(
            ("read", None, None, {1: 10, 2: 10}),
            ("transfer", None, {"from": 1, "to": 3, "amount": 5}, None),
            ("read", None, None, {1: 5, 2: 10}),
        ),
    ],
    ids=["two banks", "an account that no read shows"],
)
def test_totals_that_may_not_be_compared_prove_nothing(history: History) -> None:
    assert {judged.verdict for judged in check(history)} <= {Verdict.UNDECIDED, Verdict.HOLDS}
    assert check(history, ["constant-total"])[0].verdict is Verdict.UNDECIDED


def test_who_appended_what_nobody_here_did_may_be_in_what_is_missing() -> None:
    def recorded(**hints: Any) -> History:
        build = Builder(name="part.jsonl", hints=hints)
        build.respond(build.invoke("p", "txn", micro=[("r", "x", (1,))]))
        return build.build()

    assert {judged.verdict for judged in check(recorded(partial=True))} == {Verdict.UNDECIDED}
    assert {judged.verdict for judged in check(recorded(initial=(1,)))} <= {Verdict.UNDECIDED, Verdict.HOLDS}
    assert check(recorded(), ["read-committed"])[0].verdict is Verdict.VIOLATED


def test_of_equal_timestamps_nobody_knows_which_came_first() -> None:
    history = stamped((0, [("r", "x", None)], (1, 3)), (1, [("w", "x", 3)], (2, 3)))
    [judged] = check(history, ["timestamped-serializable"])
    assert (judged.verdict, judged.anomalies) == (Verdict.UNDECIDED, ())
    assert "timestamps repeat" in judged.warnings[0]


def test_what_the_database_claims_is_judged_without_being_asked_for() -> None:
    history = stamped((0, [("w", "x", 1)], (1, 2)), (0, [("r", "x", 1)], (3, 3)))
    kept = verify(history).judgement("strong-session-timestamped-serializable")
    assert kept.verdict is Verdict.HOLDS
    assert verify(history, consistency=["timestamped-snapshot-isolation"]).verdict is Verdict.HOLDS


def test_what_transactions_do_tells_what_they_are_about() -> None:
    build = Builder()
    build.respond(build.invoke(0, "txn", micro=[("w", "x", 2)]))
    build.respond(build.invoke(1, "txn", micro=[("scan", "*", {"x": 2})]))
    assert verify(build.build(), consistency=["serializable"]).verdict is Verdict.HOLDS
    build = Builder()
    build.respond(build.invoke(0, "txn", micro=[("add", "x", 1), ("r", "x", (1,))]))
    assert verify(build.build(), consistency=["serializable"]).datatype == "set"
