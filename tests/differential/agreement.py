"""What the engine's result and the oracle's answer must have in common: everything but time and memory."""

from __future__ import annotations

import re
from typing import Any

from dscheck import Model, Result, Verdict, explore, replay
from dscheck.checker.notation.properties import WATCHED
from oracle import Answer, search


def compare(model: Model, *, states: int, deadlock: bool = False) -> Answer:
    """Search with both, as deep as the oracle gets until it has found so many states."""
    answer = search(model, states=states, deadlock=deadlock)
    depth = len(answer.levels) - 1 if answer.frontier else None
    result = explore(type(model)(**model.params), depth=depth, deadlock=deadlock, workers=1, audit="all")
    if answer.findings:
        check_finding(answer, result)
        check_trace(type(model)(**model.params), result)
    else:
        check_coverage(answer, result, any(map(model.declared, WATCHED)))
    return answer


def check_finding(answer: Answer, result: Result) -> None:
    """The same way to go wrong, or another one that is as short."""
    assert result.finding is not None
    assert result.trace is not None
    assert len(result.trace.steps) == answer.depth_of_finding
    name = re.split(r"\W", result.finding.name)[
        0
    ]  # of a fault without its arguments, `on_vote(s2) Vote(...)`
    assert (result.finding.kind, name) in answer.shortest
    at_fault = result.finding.kind == "fault"
    assert result.verdict is (Verdict.AT_FAULT if at_fault else Verdict.VIOLATED)


def check_trace(model: Model, result: Result) -> None:
    """Step by step, in Python, the trace leads to what it is said to show."""
    again = replay(result.to_json(), model)
    assert (again.obstacle, again.differences) == (None, ())
    assert again.finding == result.finding


def check_coverage(answer: Answer, result: Result, watched: bool) -> None:
    """The same goals, and the same states, level by level, and steps."""
    assert result.finding is None or result.finding.kind == "sometimes"
    assert {goal.name for goal in result.goals if goal.reached} == answer.reached
    missed = bool(result.unreached) and result.stop == "exhausted"
    assert result.verdict is (Verdict.VIOLATED if missed else Verdict.HOLDS)
    if watched:
        # The oracle keeps the whole history, so it tells more states apart, and finds some of them later.
        assert len(result.levels) <= len(answer.levels)
        assert all(ours <= theirs for ours, theirs in zip(result.levels, answer.levels, strict=False))
        return
    assert list(result.levels) == answer.levels
    assert result.states == answer.states
    assert result.transitions == answer.transitions
    assert {name: taken for name, taken in result.actions.items() if taken} == answer.taken
    assert (result.ended, result.pruned, result.frontier) == (answer.ended, answer.pruned, answer.frontier)


def timeless(result: Result) -> dict[str, Any]:
    """A result as JSON, without what may differ between two runs of the same search: time and memory."""
    data = result.to_json()
    for measured in ("seconds", "store_bytes", "bytes_per_state"):
        del data["cost"][measured]
    del data["request"]["memory"]
    return data
