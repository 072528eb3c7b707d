"""The counts that TLC, SPIN and Stateright find, and the refinement."""

from __future__ import annotations

import pytest

from dscheck import Verdict, explore
from dscheck.models.commit.two_phase_commit import CommitsOnMajority, TransactionCommit, TwoPhaseCommit


@pytest.mark.parametrize(
    ("nodes", "states"), [(1, 12), (2, 56), (3, 288), (4, 1_568), (5, 8_832), (6, 50_816)]
)
def test_all_states(nodes: int, states: int) -> None:
    assert states == 6**nodes + 4**nodes + 2**nodes
    result = explore(TwoPhaseCommit(nodes=nodes))
    assert (result.verdict, result.states) == (Verdict.HOLDS, states)
    assert result.depth == 3 * nodes + 1
    assert result.never_enabled == ()


def test_the_numbers_of_three_resource_managers() -> None:
    result = explore(TwoPhaseCommit(nodes=3))
    assert result.transitions == 1_145
    assert sum(result.actions.values()) == result.transitions
    assert [(goal.name, goal.depth) for goal in result.goals] == [("all_commit", 10), ("all_abort", 3)]


@pytest.mark.parametrize(("nodes", "states"), [(2, 12), (3, 34)])
def test_the_abstract_model(nodes: int, states: int) -> None:
    assert states == 3**nodes + 2**nodes - 1
    assert explore(TransactionCommit(nodes=nodes)).states == states


def test_a_majority_is_not_enough() -> None:
    result = explore(CommitsOnMajority(), properties=["consistent"])
    assert result.finding is not None
    assert result.finding.whom == "a = rm1, b = rm3"
    assert explore(CommitsOnMajority(nodes=2)).verdict is Verdict.HOLDS
