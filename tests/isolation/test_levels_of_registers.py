"""The entry to isolation, on registers: with a known order of versions or without, it is the oracle's."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import kept
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.isolation.levels import canonical
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History
from isolation.drawing import all_histories, draw_history


def agree(history: History) -> None:
    """Every level has the oracle's verdict."""
    expected = {canonical(name) for name in kept(history)}
    told = check(history)
    seen = [history.operation(row) for row in range(len(history))]
    held = {judged.promise for judged in told if judged.verdict is Verdict.HOLDS}
    broken = {judged.promise for judged in told if judged.verdict is Verdict.VIOLATED}
    assert held <= expected, (sorted(held - expected), seen)
    assert not broken & expected, (sorted(broken & expected), seen)
    assert held | broken == {judged.promise for judged in told}, seen
    for judged in told:
        assert bool(judged.anomalies) == (judged.verdict is Verdict.VIOLATED)


@pytest.mark.parametrize(("transactions", "operations"), [(2, 1), (3, 1), (2, 2)])
def test_all_small_histories_get_the_right_verdicts(transactions: int, operations: int) -> None:
    for history in all_histories(transactions, operations):
        agree(history)


@settings(max_examples=200, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_histories_get_the_right_verdicts(rng: Random) -> None:
    agree(draw_history(rng))
