"""Each of three strategies keeps all updates; what a lock costs; and the counts by formula."""

from __future__ import annotations

import pytest

from dscheck import ModelError, Verdict, explore
from dscheck.models.transactions.lost_update import ChecksThenWrites, LostUpdate, TakesEveryWrite


@pytest.mark.parametrize("strategy", ["version", "value"])
@pytest.mark.parametrize(("updates", "states"), [(1, 11), (2, 41), (3, 103), (4, 209)])
def test_all_states_of_two_optimists(strategy: str, updates: int, states: int) -> None:
    """Each has counted any number of times; who is not done has read nothing, the number, or an old one.

    Only one of them can know an old number: since it read, the other one has written last.
    """
    now = (2 * updates + 1) ** 2
    old = sum(b * (2 if b < updates else 1) for _ in range(updates) for b in range(updates + 1))
    assert states == now + 2 * old
    result = explore(LostUpdate(strategy=strategy, updates=updates))
    assert (result.verdict, result.states) == (Verdict.HOLDS, states)


@pytest.mark.parametrize(("clients", "updates"), [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_all_states_of_a_lock(clients: int, updates: int) -> None:
    """It is free, or one that is not done holds it."""
    free = (updates + 1) ** clients
    held = clients * updates * (updates + 1) ** (clients - 1)
    result = explore(LostUpdate(strategy="lock", clients=clients, updates=updates))
    assert (result.verdict, result.states, result.never_enabled) == (Verdict.HOLDS, free + held, ())


@pytest.mark.parametrize("strategy", ["version", "value"])
def test_an_optimist_may_crash(strategy: str) -> None:
    result = explore(LostUpdate(strategy=strategy, clients=3, crashes=2))
    assert (result.verdict, result.actions["crash"] > 0) == (Verdict.HOLDS, True)


def test_a_lock_outlives_its_holder() -> None:
    result = explore(LostUpdate(strategy="lock", crashes=1))
    assert result.trace is not None
    assert [step.label for step in result.trace.steps] == ["read(c1)", "crash(c1)"]
    assert result.finding is not None
    assert result.finding.name == "deadlock"


@pytest.mark.parametrize("mutant", [TakesEveryWrite, ChecksThenWrites])
def test_one_client_alone_loses_nothing(mutant: type[LostUpdate]) -> None:
    assert explore(mutant(clients=1)).verdict is Verdict.HOLDS


def test_an_unknown_strategy() -> None:
    with pytest.raises(ModelError, match="strategy='hope'; write version, value or lock"):
        explore(LostUpdate(strategy="hope"))
