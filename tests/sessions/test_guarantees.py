"""Session guarantees and causal consistencies against their definitions, on small histories."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.sessions import JUDGES, kept
from dscheck import Verdict
from dscheck.checker.consistency.sessions.check import check
from dscheck.histories.history import History
from sessions.drawing import all_sessions, sessions

NAMES = tuple(JUDGES)


def agrees(history: History, *, may_doubt: bool = False) -> None:
    for judged in check(history, NAMES):
        truth = kept(history, judged.promise)
        torn = any("contradicts itself" in text for text in judged.warnings)
        thin = any("nobody wrote" in text for text in judged.warnings)
        if judged.verdict is Verdict.UNDECIDED and (may_doubt or torn or thin):
            continue
        told = [history.operation(row) for row in range(len(history))]
        assert judged.verdict is (Verdict.HOLDS if truth else Verdict.VIOLATED), (judged.promise, told)
        assert bool(judged.anomalies) == (judged.verdict is Verdict.VIOLATED)


@pytest.mark.parametrize(("shape", "keys"), [((2, 2), "x"), ((3, 1), "x"), ((1, 2), "xy"), ((1, 1, 1), "xy")])
def test_all_small_histories_are_judged_as_defined(shape: tuple[int, ...], keys: str) -> None:
    for history in all_sessions(shape, keys):
        agrees(history)


@settings(max_examples=150)
@given(sessions())
def test_larger_histories_are_judged_as_defined(history: History) -> None:
    agrees(history)


@settings(max_examples=150)
@given(sessions(most=6, infos=True, cas=True))
def test_unknown_outcomes_and_compare_and_set(history: History) -> None:
    agrees(history, may_doubt=any(history.operation(row).result is False for row in range(len(history))))


@settings(max_examples=150)
@given(sessions(most=6, processes=2, infos=True, duplicates=True, cas=True))
def test_reads_of_values_written_twice_are_never_judged_wrongly(history: History) -> None:
    agrees(history, may_doubt=True)


IMPLIED = {
    "causal-memory": ("pram", "causal-consistency", "writes-follow-reads"),
    "causal-convergence": (
        "causal-consistency",
        *JUDGES.keys() - {"pram", "causal-memory", "causal-consistency"},
    ),
    "pram": ("read-your-writes", "monotonic-reads", "monotonic-writes"),
}


@given(st.one_of(sessions(most=30, processes=4), sessions(most=20, processes=4, infos=True, cas=True)))
def test_stronger_promises_imply_weaker_ones(history: History) -> None:
    verdicts = {judged.promise: judged.verdict for judged in check(history, NAMES)}
    for strong, weaker in IMPLIED.items():
        for weak in weaker:
            assert not (verdicts[strong] is Verdict.HOLDS and verdicts[weak] is Verdict.VIOLATED), (
                strong,
                weak,
            )
