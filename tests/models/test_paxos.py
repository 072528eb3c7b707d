"""The count of TLC, every value can be chosen in every ballot, and every mutant chooses two."""

from __future__ import annotations

import pytest

from dscheck import Verdict, explore
from dscheck.models.consensus.paxos import ForgetsItsPromise, Paxos


def test_the_count_of_tlc() -> None:
    """MCPaxosTiny of tlaplus/Examples, PaxosHowToWinATuringAward: 3,921 states in 17 levels."""
    result = explore(Paxos(nodes=3, values=2, ballots=2))
    assert (result.verdict, result.states, len(result.levels)) == (Verdict.HOLDS, 3_921, 17)
    assert [(goal.name, goal.depth) for goal in result.goals] == [("chooses", 6)]


def test_crashes_change_nothing_where_all_is_on_disk() -> None:
    assert explore(Paxos(crashes=2)).states == 3 * 3_921


@pytest.mark.parametrize("mutant", Paxos.mutants, ids=lambda mutant: mutant.__name__)
def test_every_mutant_chooses_two_values(mutant: type[Paxos]) -> None:
    assert mutant.caught is not None
    result = explore(mutant(**mutant.caught.params), properties=["agreement"])
    assert result.finding is not None
    assert (result.finding.name, result.verdict) == ("agreement", Verdict.VIOLATED)


def test_a_promise_that_is_forgotten() -> None:
    result = explore(ForgetsItsPromise(crashes=1), properties=["agreement"])
    assert result.trace is not None
    assert len(result.trace.steps) == 13
    assert sum("crash" in step.label for step in result.trace.steps) == 1
    assert explore(ForgetsItsPromise(crashes=0)).verdict is Verdict.HOLDS
