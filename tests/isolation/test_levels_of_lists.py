"""Levels of list-append histories against the oracle: equal verdicts, and anomalies that did happen."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import kept
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.isolation.levels import LEVELS, canonical, implied
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History
from isolation.lists import all_lists, draw_lists, is_true
from isolation.textbook import overlapping


def agree(history: History) -> None:
    """Every level has the oracle's verdict, every edge is true, and every cycle is closed."""
    expected = {canonical(name) for name in kept(history)}
    told = check(history)
    by_name = {judged.promise: judged for judged in told}
    seen = [history.operation(row) for row in range(len(history))]
    held = {name for name, judged in by_name.items() if judged.verdict is Verdict.HOLDS}
    broken = {name for name, judged in by_name.items() if judged.verdict is Verdict.VIOLATED}
    assert held <= expected, (sorted(held - expected), seen)
    assert not broken & expected, (sorted(broken & expected), seen)
    assert held | broken == set(LEVELS), (sorted(set(LEVELS) - held - broken), seen)
    for name in held:
        assert not broken.intersection(implied(name)), (name, seen)
    for judged in told:
        assert bool(judged.anomalies) == (judged.verdict is Verdict.VIOLATED)
        for anomaly in judged.anomalies:
            edges = anomaly.witness.edges
            if judged.algorithm.startswith("dependency graph"):
                assert all(is_true(history, edge) for edge in edges), (anomaly, seen)
            assert all(a.target == b.source for a, b in zip(edges, edges[1:] + edges[:1], strict=True))


@pytest.mark.parametrize(("transactions", "operations", "every"), [(2, 1, 1), (3, 1, 1), (2, 2, 2)])
def test_all_small_histories_get_the_right_verdicts(transactions: int, operations: int, every: int) -> None:
    """Of the biggest size, every second one: all of them take twice as long, and were all right."""
    for history in islice(all_lists(transactions, operations), 0, None, every):
        agree(history)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_random_histories_get_the_right_verdicts(rng: Random) -> None:
    agree(draw_lists(rng))


def test_reading_an_old_version_again_breaks_a_monotonic_view() -> None:
    """The same version twice, and in between something that came with a later one."""
    history = overlapping(["x+1 y+1"], ["y=[] x=[1] y=[]"])
    agree(history)
    (judged,) = check(history, ["monotonic-atomic-view"])
    assert judged.verdict is Verdict.VIOLATED
