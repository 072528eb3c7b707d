"""Bounded staleness and consistent prefix against their definitions, on small histories."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from brute.sessions import kept, within_time, within_versions
from dscheck import Verdict
from dscheck.checker.consistency.sessions.check import check
from dscheck.histories.history import History
from sessions.drawing import sessions, transactions

TOLD = {True: Verdict.HOLDS, False: Verdict.VIOLATED}
TIMES = (0, 1, 3, 8)


def told(history: History) -> list[Any]:
    return [history.operation(row) for row in range(len(history))]


def agrees_on_bounds(history: History, *, may_doubt: bool = False) -> None:
    """Of each bound the verdict, and that the measured bounds are those of the definition."""
    bounds = {f"bounded-staleness:k={k}": within_versions(history, k) for k in (1, 2, 3)}
    if history.invoke_time is not None:
        bounds |= {f"bounded-staleness:t={t}ns": within_time(history, t) for t in TIMES}
    for judged in check(history, tuple(bounds)):
        if judged.verdict is Verdict.UNDECIDED and may_doubt:
            continue
        assert judged.verdict is TOLD[bounds[judged.promise]], (judged, told(history))
        for anomaly in judged.anomalies:
            assert anomaly.witness.operations
            assert anomaly.witness.sentence


@settings(max_examples=120)
@given(sessions(most=6, keys="x"))
def test_versions_of_operations_one_after_the_other(history: History) -> None:
    agrees_on_bounds(history)


@settings(max_examples=150)
@given(sessions(most=6, keys="x", timed=True))
def test_versions_and_time_of_operations_that_overlap(history: History) -> None:
    agrees_on_bounds(history)


@settings(max_examples=200)
@given(sessions(most=6, keys="x", touching=True))
def test_a_process_that_goes_on_at_the_instant_of_its_return_keeps_its_order(history: History) -> None:
    agrees_on_bounds(history)


@settings(max_examples=100)
@given(sessions(most=5, keys="x", timed=True, infos=True, cas=True))
def test_unknown_outcomes_and_compare_and_set(history: History) -> None:
    agrees_on_bounds(history, may_doubt=True)


@settings(max_examples=100)
@given(sessions(most=5, keys="x", timed=True, infos=True, duplicates=True))
def test_values_written_twice_are_never_judged_wrongly(history: History) -> None:
    agrees_on_bounds(history, may_doubt=True)


def agrees_on_prefix(history: History, *, may_doubt: bool) -> None:
    judged = check(history, ["consistent-prefix"])[0]
    if not (may_doubt and judged.verdict is Verdict.UNDECIDED):
        assert judged.verdict is TOLD[kept(history, "consistent-prefix")], (judged, told(history))


@settings(max_examples=100)
@given(sessions(most=6, infos=True, cas=True))
def test_prefixes_of_single_operations(history: History) -> None:
    agrees_on_prefix(history, may_doubt=True)


@settings(max_examples=250)
@given(transactions())
def test_prefixes_of_transactions(history: History) -> None:
    agrees_on_prefix(history, may_doubt=True)


@settings(max_examples=100)
@given(
    st.one_of(sessions(most=25, processes=4, timed=True), sessions(most=15, timed=True, infos=True, cas=True))
)
def test_a_wider_bound_is_kept_where_a_narrower_one_is(history: History) -> None:
    names = [f"bounded-staleness:{of}" for of in ("k=1", "k=2", "k=5", "t=0ns", "t=3ns", "t=9ns")]
    verdicts = [judged.verdict for judged in check(history, names)]
    for narrow, wide in ((0, 1), (1, 2), (3, 4), (4, 5), (0, 3)):
        assert not (verdicts[narrow] is Verdict.HOLDS and verdicts[wide] is Verdict.VIOLATED)
