"""The count of TLC, and half a commit where the acceptors are not heeded."""

from __future__ import annotations

from dscheck import Verdict, explore
from dscheck.models.commit.paxos_commit import DecidesOnOneVote, PaxosCommit


def test_the_count_of_tlc() -> None:
    """PaxosCommit of tlaplus/Examples, transaction_commit: 1,321,761 states in 28 levels."""
    result = explore(PaxosCommit(nodes=2, acceptors=3, ballots=2))
    assert (result.verdict, result.states, len(result.levels)) == (Verdict.HOLDS, 1_321_761, 28)
    assert [(goal.name, goal.depth) for goal in result.goals] == [("all_commit", 9), ("all_abort", 2)]


def test_with_ballot_0_alone_nobody_takes_over() -> None:
    result = explore(PaxosCommit(ballots=1))
    assert (result.verdict, result.states) == (Verdict.HOLDS, 545)
    assert result.never_enabled == ("take_over", "on_prepare", "on_promise")


def test_one_acceptor_is_not_enough() -> None:
    result = explore(DecidesOnOneVote(), properties=["consistent"])
    assert result.finding is not None
    assert result.finding.whom == "a = rm1, b = rm2"
