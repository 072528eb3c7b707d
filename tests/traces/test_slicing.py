"""What is put aside in a trace is really not needed: without those steps the end is the same."""

from __future__ import annotations

from typing import Any

import pytest

from climbing import Stuck
from dscheck import Model, explore, retrace
from dscheck.checker.traces.text import trace_lines
from dscheck.models.consensus.raft import ForgetsItsVote, VotesTwice
from dscheck.models.registers.abd_register import StoresAtOne
from dscheck.models.services.lease_lock import IgnoresTokens
from dscheck.models.services.transactional_outbox import ActsOnEveryMessage

SEEDS = range(12)


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        (VotesTwice(), {"walks": 5_000, "length": 40}),
        (ForgetsItsVote(), {"walks": 5_000, "length": 60}),
        (IgnoresTokens(), {"walks": 5_000, "length": 60}),
        (ActsOnEveryMessage(), {"walks": 5_000, "length": 40}),
        (StoresAtOne(), {"walks": 5_000, "length": 60}),
    ],
    ids=lambda value: str(value) if isinstance(value, Model) else "",
)
def test_without_the_steps_put_aside_the_end_is_the_same(model: Model, request_: dict[str, Any]) -> None:
    shorter = 0
    for seed in SEEDS:
        result = explore(model, seed=seed, audit="none", **request_)
        if result.trace is None or result.finding is None:
            continue
        needed = [step for step in result.trace.steps if step.is_needed]
        shorter += len(needed) < len(result.trace.steps)
        again = retrace(model, *((s.label, *s.picks) for s in needed), breaks=result.finding.name)
        assert again.obstacle is None
        assert again.finding is not None
        assert (again.finding.name, again.finding.arguments) == (
            result.finding.name,
            result.finding.arguments,
        )
    assert shorter >= 1, "walks wander"


def test_a_shortest_trace_needs_all_of_its_steps_and_not_all_that_they_do() -> None:
    result = explore(ForgetsItsVote())
    assert result.trace is not None
    assert all(step.is_needed for step in result.trace.steps)
    first = result.trace.steps[0]
    assert first.is_beside("s1.voted_for"), "nobody asks s1 for its vote"
    assert not first.is_beside("s1.term")
    sent = [first.is_beside(str(message)) for message in first.sent]
    assert sent == [True, False], "s2 never hears of it, s3 does"
    roles = {line.text.strip(): line.role for line in trace_lines(result.trace)}
    assert roles["s1.voted_for: None => s1"] == "note"
    assert roles["s1.role: 'follower' => 'candidate'"] == "change"


def test_a_deadlock_depends_on_everything() -> None:
    result = explore(Stuck())
    assert result.trace is not None
    assert [step.beside for step in result.trace.steps] == [(), ()]
