"""Raft keeps its five promises as far as it is searched, and the counts stay what they are."""

from __future__ import annotations

from dscheck import Verdict, explore
from dscheck.models.consensus.raft import ElectsStaleLeader, ForgetsItsVote, Raft


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
