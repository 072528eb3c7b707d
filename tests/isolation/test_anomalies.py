"""Every anomaly by name: its smallest histories from the literature, what it breaks and what it leaves."""

from __future__ import annotations

import pytest

from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.isolation.levels import LEVELS, implied, strongest, weakest
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Limits
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, History
from isolation.textbook import one_by_one, overlapping

TEXTBOOK = {
    "dirty write": (overlapping(["x+1 y+1"], ["x+2 y+2"], ["x=[1,2] y=[2,1]"]), "G0", "read-uncommitted"),
    "aborted read": (overlapping(["x+1!"], ["x=[1]"]), "G1a", "read-committed"),
    "write on top of an aborted write": (
        overlapping(["x+1!"], ["x+2"], ["x=[1,2]"]),
        "dirty update",
        "read-committed",
    ),
    "intermediate read": (overlapping(["x+1 x+2"], ["x=[1]"]), "G1b", "read-committed"),
    "circular information flow": (overlapping(["x+1 y=[1]"], ["y+1 x=[1]"]), "G1c", "read-committed"),
    "own write not seen": (overlapping(["x+1 x=[]"]), "internal", "read-committed"),
    "own write seen before it was made": (overlapping(["x=[1] x+1"]), "future read", "read-committed"),
    "one write took effect twice": (
        overlapping(["x+1"], ["x=[1,1]"]),
        "duplicate elements",
        "read-committed",
    ),
    "reads that cannot come before each other": (
        overlapping(["x+1"], ["x+2"], ["x+3"], ["x=[1,2]"], ["x=[1,3]"]),
        "incompatible order",
        "read-committed",
    ),
    "value that nobody wrote": (overlapping(["x+1"], ["x=[1,9]"]), "garbage read", "read-uncommitted"),
    "lost update": (overlapping(["x=[] x+1"], ["x=[] x+2"], ["x=[1,2]"]), "G-single", "repeatable-read"),
    "non-repeatable read": (overlapping(["x+1"], ["x=[] x=[1]"]), "G-single", "read-atomic"),
    "fractured read": (overlapping(["x+1 y+1"], ["x=[] y=[1]"]), "G-single", "read-atomic"),
    "read skew": (
        overlapping(["x+1"], ["x=[1] y+1"], ["y=[1] x=[]"]),
        "G-single",
        "repeatable-read",
    ),
    "long fork": (
        overlapping(["x+1"], ["y+1"], ["x=[1] y=[]"], ["x=[] y=[1]"]),
        "G-nonadjacent",
        "snapshot-isolation",
    ),
    "write skew": (overlapping(["x=[] y+1"], ["y=[] x+1"]), "G2-item", "repeatable-read"),
    "stale read within a session": (
        one_by_one((0, "x+1"), (0, "x=[]")),
        "G-single-session",
        "strong-session-read-atomic",
    ),
    "stale read": (one_by_one((0, "x+1"), (1, "x=[]")), "G-single-realtime", "strong-read-atomic"),
    "read of the future": (
        one_by_one((0, "x=[1]"), (1, "x+1")),
        "G1c-realtime",
        "strong-read-committed",
    ),
}


def anomalies(told: list[Judgement]) -> dict[str, Anomaly]:
    return {anomaly.everyday: anomaly for judged in told for anomaly in judged.anomalies}


@pytest.mark.parametrize("everyday", TEXTBOOK)
def test_anomaly_is_found_and_named(everyday: str) -> None:
    history, name, level = TEXTBOOK[everyday]
    told = check(history)
    assert anomalies(told)[everyday].name == name
    broken = {judged.promise for judged in told if judged.verdict is Verdict.VIOLATED}
    assert level in broken
    assert not broken.intersection(implied(level)) or everyday == "lost update"


@pytest.mark.parametrize("everyday", TEXTBOOK)
def test_what_is_weaker_than_the_weakest_broken_level_is_kept(everyday: str) -> None:
    told = check(TEXTBOOK[everyday][0])
    kept = {judged.promise for judged in told if judged.verdict is Verdict.HOLDS}
    broken = {judged.promise for judged in told if judged.verdict is Verdict.VIOLATED}
    assert kept | broken == set(LEVELS)
    for name in weakest(broken):
        assert set(implied(name)) <= kept
    for name in strongest(kept):
        assert not kept.intersection(other for other in LEVELS if name in implied(other))


def test_a_valid_history_keeps_everything() -> None:
    told = check(one_by_one((0, "x+1 y+1"), (1, "x=[1] x+2"), (0, "x=[1,2] y=[1]")))
    assert {judged.verdict for judged in told} == {Verdict.HOLDS}
    assert strongest({judged.promise for judged in told}) == ("strict-serializable",)


def test_sentences_name_both_transactions_and_the_values() -> None:
    anomaly = anomalies(check(overlapping(["x=[] y+1"], ["y=[] x+1"])))["write skew"]
    assert [edge.sentence for edge in anomaly.witness.edges] == [
        "T0 (line 1) read [] of key 'x', which lacks 1, appended by T1 (line 2): so T0 came before T1.",
        "T1 (line 2) read [] of key 'y', which lacks 1, appended by T0 (line 1): so T1 came before T0.",
    ]


def test_what_nobody_knows_is_not_kept() -> None:
    unread = overlapping(["x+1"], ["x+1"], ["x=[1]"])
    (judged,) = check(unread, ["serializable"])
    assert judged.verdict is Verdict.UNDECIDED
    assert "written more than once" in judged.warnings[0]


def test_real_time_needs_positions() -> None:
    build = Builder(ordered_in_time=False)
    build.respond(build.invoke(0, "txn", micro=[("append", "x", 1)]))
    verdicts = {judged.promise: judged.verdict for judged in check(build.build())}
    assert verdicts["strict-serializable"] is Verdict.UNDECIDED
    assert verdicts["strong-session-serializable"] is Verdict.HOLDS


def test_no_time_is_no_verdict() -> None:
    whole = [f"x=[{','.join(map(str, range(1, size)))}]" for size in range(1, 600)]
    told = check(overlapping([f"x+{at}" for at in range(1, 600)], whole), None, Limits(seconds=0.0))
    assert {judged.verdict for judged in told} == {Verdict.UNDECIDED}
    assert "the time was up" in told[0].covered


def test_unknown_levels_and_values_are_told() -> None:
    history = overlapping(["x+1"])
    with pytest.raises(DscheckError, match="no level of isolation: strongest"):
        check(history, ["strongest"])
    with pytest.raises(DscheckError, match="a list was expected"):
        check(overlapping(["x+1 x=1"]))


def scans(*texts: tuple[list[tuple[str, object, object]], int]) -> History:
    build = Builder()
    asked = [(build.invoke(at, "txn", micro=micro), outcome) for at, (micro, outcome) in enumerate(texts)]
    for operation, outcome in asked:
        build.respond(operation, outcome=outcome)
    return build.build()


def test_phantoms_break_serializability_but_not_repeatable_reads() -> None:
    """Adya's G2: both look for all, find nothing, and insert."""
    told = check(scans(([("scan", "*", {}), ("w", "a", 1)], 0), ([("scan", "*", {}), ("w", "b", 1)], 0)))
    verdicts = {judged.promise: judged.verdict for judged in told}
    assert verdicts["serializable"] is Verdict.VIOLATED
    assert verdicts["repeatable-read"] is Verdict.HOLDS
    assert verdicts["snapshot-isolation"] is Verdict.HOLDS
    assert anomalies(told)["phantom"].name == "G2"


def test_phantom_within_one_transaction_is_read_skew() -> None:
    again = [("scan", "*", {}), ("scan", "*", {"a": 1})]
    told = check(scans(([("w", "a", 1)], 0), (again, 0)))
    verdicts = {judged.promise: judged.verdict for judged in told}
    assert verdicts["snapshot-isolation"] is Verdict.VIOLATED
    assert verdicts["read-committed"] is Verdict.HOLDS


def test_predicates_of_unknown_match_leave_levels_undecided() -> None:
    told = check(scans(([("scan", "v > 3", {}), ("w", "b", 1)], 0), ([("w", "a", 1)], 0)), ["serializable"])
    assert told[0].verdict is Verdict.UNDECIDED


def test_what_another_read_shows_to_match_is_a_phantom() -> None:
    """Nobody says what `v > 3` means, but a later read of it shows both keys."""
    told = check(
        scans(
            ([("scan", "v > 3", {}), ("w", "a", 5)], 0),
            ([("scan", "v > 3", {}), ("w", "b", 5)], 0),
            ([("scan", "v > 3", {"a": 5, "b": 5})], 0),
        ),
        ["serializable", "repeatable-read"],
    )
    assert [judged.verdict for judged in told] == [Verdict.VIOLATED, Verdict.HOLDS]


def test_failed_predicate_reads_say_nothing() -> None:
    told = check(scans(([("scan", "*", {}), ("w", "a", 1)], FAIL), ([("scan", "*", {})], 0)))
    assert {judged.verdict for judged in told} == {Verdict.HOLDS}


def test_sets_within_transactions_are_judged_by_element() -> None:
    added = [("add", "s", 1), ("add", "t", 1)]
    told = check(scans((added, 0), ([("r", "s", {1}), ("r", "t", set())], 0)))
    verdicts = {judged.promise: judged.verdict for judged in told}
    assert verdicts["read-atomic"] is Verdict.VIOLATED
    assert verdicts["read-committed"] is Verdict.HOLDS
    assert "fractured read" in anomalies(told)


def bank(*reads: dict[str, int]) -> History:
    build = Builder()
    build.respond(build.invoke(0, "transfer", {"from": "a", "to": "b", "amount": 3}))
    for read in reads:
        build.respond(build.invoke(1, "read"), read)
    return build.build()


def test_a_bank_that_loses_money_breaks_snapshots() -> None:
    told = {judged.promise: judged for judged in check(bank({"a": 7, "b": 3}, {"a": 7, "b": 2}))}
    assert told["constant-total"].verdict is Verdict.VIOLATED
    assert told["snapshot-isolation"].verdict is Verdict.VIOLATED
    assert told["read-committed"].verdict is Verdict.UNDECIDED
    assert "undecided because banks are judged by totals" in told["read-committed"].covered


def test_a_linearizable_bank_keeps_every_level() -> None:
    told = {judged.promise: judged for judged in check(bank({"a": 7, "b": 3}, {"a": 7, "b": 3}))}
    assert {judged.verdict for judged in told.values()} == {Verdict.HOLDS}
    assert told["serializable"].implied_by is not None


def test_an_overdrawn_bank_is_told_unless_it_may_be() -> None:
    (judged,) = check(bank({"a": -3, "b": 3}), ["non-negative-balances"])
    assert judged.verdict is Verdict.VIOLATED
