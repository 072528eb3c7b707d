"""Levels up to causal against the oracle: equal verdicts, and witnesses that are what they say."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import NAMES, kept
from dscheck.checker.consistency.isolation import weak
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History
from isolation.drawing import all_histories, draw_history

PROMISES = [name for name in NAMES if name.endswith(weak.LEVELS)]


def agree(history: History) -> None:
    """Every level that this module judges has the verdict of the oracle."""
    expected = kept(history)
    told = weak.judge(history, PROMISES)
    got = {judged.promise for judged in told if judged.verdict is Verdict.HOLDS}
    assert got == expected & set(PROMISES), [history.operation(row) for row in range(len(history))]
    for judged in told:
        assert bool(judged.anomalies) == (judged.verdict is Verdict.VIOLATED)
        for anomaly in judged.anomalies:
            edges = anomaly.witness.edges
            assert all(a.target == b.source for a, b in zip(edges, edges[1:] + edges[:1], strict=True))


@pytest.mark.parametrize(("transactions", "operations"), [(2, 1), (3, 1), (2, 2)])
def test_all_small_histories_get_the_right_verdicts(transactions: int, operations: int) -> None:
    for history in all_histories(transactions, operations):
        agree(history)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_histories_get_the_right_verdicts(rng: Random) -> None:
    agree(draw_history(rng))
