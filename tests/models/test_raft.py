"""Raft keeps its five promises as far as it is searched, and the counts stay what they are."""

from __future__ import annotations

from dscheck import Verdict, explore
from dscheck.models.consensus.raft import CommitsByCounting, ElectsStaleLeader, Figure8, ForgetsItsVote, Raft


def test_three_servers_up_to_a_depth() -> None:
    result = explore(Raft(nodes=3), depth=9)
    assert (result.verdict, result.stop) == (Verdict.HOLDS, "depth")
    assert result.levels == (1, 4, 18, 73, 283, 996, 3_273, 9_930, 27_337, 67_625)
    assert [(goal.name, goal.depth) for goal in result.goals] == [("elects", 4), ("commits", 9)]
    assert result.never_enabled == ()


def test_lost_messages() -> None:
    result = explore(Raft(nodes=2, losses=1), depth=12)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["lose"] > 0


def test_two_leaders_in_one_term() -> None:
    result = explore(ForgetsItsVote())
    assert result.finding is not None
    assert result.finding.whom == "a = s1, b = s2"
    [reason] = result.finding.reasons
    assert dict(reason.values) == {"a.role": "'leader'", "b.role": "'leader'", "a.term": "1", "b.term": "1"}
    assert explore(ForgetsItsVote(crashes=0), depth=9).verdict is Verdict.HOLDS


def test_a_vote_for_a_shorter_log_is_harmless_where_there_is_nothing_to_lose() -> None:
    assert explore(ElectsStaleLeader(nodes=2, crashes=0), depth=9).verdict is Verdict.HOLDS


def test_figure_8_does_no_harm() -> None:
    """An entry of an earlier term is committed, but together with one of the leader's own."""
    result = explore(Figure8(nodes=2))
    assert (result.verdict, result.states, result.never_enabled) == (Verdict.HOLDS, 47_912, ())
    assert explore(Figure8(requests=1), depth=16).verdict is Verdict.HOLDS, "where the mutant fails"


def test_figure_8_with_a_leader_that_only_counts() -> None:
    result = explore(CommitsByCounting(requests=1))
    assert result.finding is not None
    assert result.trace is not None
    assert result.trace.steps[-1].label == "advance_commit(s1)"
    [reason] = result.finding.reasons
    assert dict(reason.values) == {
        "leader.log[: a.commit]": "(Entry(term=2, leader=s2),)",
        "a.committed": "(Entry(term=1, leader=s1),)",
    }
