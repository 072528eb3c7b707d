"""Levels that depend on the order of versions, against the oracle; and proofs that hold by themselves."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import NAMES, kept
from dscheck.checker.consistency.isolation import strong
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History
from isolation.drawing import all_histories, draw_history
from isolation.textbook import overlapping

PROMISES = [name for name in NAMES if name.endswith(strong.LEVELS)]


def agree(history: History) -> None:
    """Every level that this module judges has the verdict of the oracle; witnesses are closed circles."""
    expected = kept(history)
    told = strong.judge(history, PROMISES)
    got = {judged.promise for judged in told if judged.verdict is Verdict.HOLDS}
    assert got == expected & set(PROMISES), [history.operation(row) for row in range(len(history))]
    for judged in told:
        assert bool(judged.anomalies) == (judged.verdict is Verdict.VIOLATED)
        for anomaly in judged.anomalies:
            edges = anomaly.witness.edges
            assert anomaly.witness.minimal
            assert all(a.target == b.source for a, b in zip(edges, edges[1:] + edges[:1], strict=True))


@pytest.mark.parametrize(("transactions", "operations"), [(2, 1), (3, 1), (2, 2)])
def test_all_small_histories_get_the_right_verdicts(transactions: int, operations: int) -> None:
    for history in all_histories(transactions, operations):
        agree(history)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_histories_get_the_right_verdicts(rng: Random) -> None:
    agree(draw_history(rng, keys=3, operations=4))


@pytest.mark.parametrize(
    ("history", "promise", "name"),
    [
        (overlapping(["x= x1"], ["x= x2"]), "snapshot-isolation", "no commit order"),
        (overlapping(["x= y= x1"], ["x= y= y1"]), "serializable", "G2-item"),
        (overlapping(["x1"], ["y1"], ["x=1 y="], ["x= y=1"]), "snapshot-isolation", "G-nonadjacent"),
        (overlapping(["x1 y1"], ["x=1 y="]), "serializable", "G-single"),
    ],
)
def test_anomalies_have_the_names_of_the_literature(history: History, promise: str, name: str) -> None:
    (judged,) = strong.judge(history, [promise])
    assert [anomaly.name for anomaly in judged.anomalies] == [name]


def test_a_check_that_runs_out_of_time_is_undecided() -> None:
    history = draw_history(Random(1), transactions=5, outcomes=False)
    (judged,) = strong.judge(history, ["serializable"], Limits(memory=1))
    assert judged.verdict is Verdict.UNDECIDED
