"""The near-linear checks against every order tried: all small histories, and random ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.orders import is_linearizable
from dscheck.checker.consistency.linearizability.near_linear import DATATYPES, Outcome, judge
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import INFO, NEVER, OK, History
from dscheck.histories.values import NIL
from linearizability.small import in_time, with_info
from linearizability.unique import MENUS, mutated, part, simulated


def type_of(case: str) -> str:
    return "set" if case == "growing-set" else case


def only(history: History, datatype: str) -> Outcome:
    """The outcome of a history without keys."""
    (outcome,) = judge(history, type_of(datatype))
    return outcome


def agrees(history: History, datatype: str, *, least_first: bool = False) -> Verdict | None:
    """The verdict, which is the right one or none."""
    options = {"largest_first": False} if least_first else {}
    spec = by_name(type_of(datatype), **options)
    (outcome,) = judge(history, type_of(datatype), least_first=least_first)
    if outcome.verdict is not None:
        expected = Verdict.HOLDS if is_linearizable(history, spec) else Verdict.VIOLATED
        assert outcome.verdict is expected, list(map(history.operation, range(len(history))))
    else:
        assert outcome.reason
    return outcome.verdict


def test_every_data_type_is_tested() -> None:
    assert set(map(type_of, MENUS)) == DATATYPES.keys()


@pytest.mark.parametrize("datatype", MENUS)
def test_all_small_histories_are_judged_right(datatype: str) -> None:
    found: dict[Verdict | None, int] = {Verdict.HOLDS: 0, Verdict.VIOLATED: 0, None: 0}
    for history in in_time(with_info(MENUS[datatype]), 3):
        found[agrees(history, datatype)] += 1
    assert found[Verdict.HOLDS] > 100
    assert found[Verdict.VIOLATED] > 100
    assert found[None] < sum(found.values()) * 0.7


def test_the_least_first() -> None:
    for history in in_time([(*choice, OK) for choice in MENUS["priority-queue"]], 3):
        agrees(history, "priority-queue", least_first=True)


@pytest.mark.parametrize("datatype", MENUS)
@settings(max_examples=400)
@given(seed=st.integers(0, 10**9), count=st.integers(4, 9), pending=st.sampled_from([0.0, 0.2]))
def test_recordings_of_an_object_and_their_mutants_are_judged_right(
    datatype: str, seed: int, count: int, pending: float
) -> None:
    history = simulated(datatype, count, seed, pending=pending)
    assert only(history, datatype).verdict is not Verdict.VIOLATED
    agrees(history, datatype)
    agrees(mutated(history, seed), datatype)


@pytest.mark.parametrize("datatype", [name for name in MENUS if name not in ("set", "mutex", "growing-set")])
def test_a_minimal_witness_is_in_violation_by_itself(datatype: str) -> None:
    spec = by_name(datatype)
    minimal = 0
    for seed in range(150):
        history = mutated(simulated(datatype, 30, seed, pending=0.1), seed)
        outcome = only(history, datatype)
        if outcome.witness is None or not outcome.witness.minimal:
            continue
        rows = list(outcome.witness.operations)
        if len(rows) <= 10:
            assert not is_linearizable(part(history, rows), spec), rows
            minimal += 1
    assert minimal > 20


@pytest.mark.parametrize("datatype", MENUS)
@pytest.mark.parametrize("clients", [3, 30])
def test_long_recordings_hold_and_damage_is_found(datatype: str, clients: int) -> None:
    history = simulated(datatype, 500 if datatype == "growing-set" else 3_000, clients, clients=clients)
    unequal = datatype == "cas-register"
    assert only(history, datatype).verdict is (None if unequal else Verdict.HOLDS)
    caught = [only(mutated(history, seed), datatype).verdict for seed in range(20)]
    assert caught.count(Verdict.VIOLATED) >= (1 if datatype in ("mutex", "set", "growing-set") else 8)


@pytest.mark.parametrize("datatype", MENUS)
def test_at_the_position_of_a_violation_the_recording_has_ceased_to_hold(datatype: str) -> None:
    """It is the first such position unless takes that have not returned by then make it hard to say."""
    spec = by_name(type_of(datatype))
    for seed in range(60):
        history = mutated(simulated(datatype, 8, seed), seed)
        outcome = only(history, datatype)
        if outcome.position is not None:
            if datatype in ("register", "kv", "cas-register", "set", "growing-set", "mutex"):
                assert is_linearizable(until(history, outcome.position - 1), spec)
            assert not is_linearizable(until(history, outcome.position), spec)


def until(history: History, position: int) -> History:
    """What was known at a position: later returns have not happened."""
    later = history.returned > position
    outcome, result, returned = history.outcome.copy(), history.result.copy(), history.returned.copy()
    outcome[later], result[later], returned[later] = INFO, NIL, NEVER
    seen = replace(history, outcome=outcome, result=result, returned=returned)
    return part(seen, [row for row in range(len(history)) if history.invoked[row] <= position])
