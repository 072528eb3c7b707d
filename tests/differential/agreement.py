"""What the engine's result and the oracle's answer must have in common: everything but time and memory."""

from __future__ import annotations

from typing import Any

from dscheck import Model, Result, Verdict, explore
from oracle import Answer, search

MEASURED = ("seconds", "python_calls", "bytes_per_state", "store_bytes")


def compare(model: Model, *, states: int, deadlock: bool | None = None) -> tuple[Answer, Result]:
    """Search with both, as deep as the oracle gets until it has found so many states."""
    asks = deadlock if deadlock is not None else bool(model.declared("ends"))
    answer = search(model, states=states, deadlock=asks)
    depth = len(answer.levels) - 1 if answer.frontier else None
    result = explore(type(model)(**model.params), depth=depth, deadlock=deadlock, workers=1)
    if answer.findings:
        check_finding(answer, result)
    else:
        check_coverage(answer, result)
    return answer, result


def check_finding(answer: Answer, result: Result) -> None:
    """The same way to go wrong, or another one that is as short."""
    assert result.finding is not None
    assert result.trace is not None
    assert len(result.trace) == answer.depth_of_finding
    assert (result.finding.kind, result.finding.name) in answer.shortest
    at_fault = result.finding.kind == "fault"
    assert result.verdict is (Verdict.AT_FAULT if at_fault else Verdict.VIOLATED)


def check_coverage(answer: Answer, result: Result) -> None:
    """The same states, level by level, the same steps, and the same goals."""
    assert list(result.levels) == answer.levels
    assert result.states == answer.states
    assert result.transitions == answer.transitions
    assert {name: taken for name, taken in result.actions.items() if taken} == dict(answer.taken)
    assert (result.ended, result.pruned, result.frontier) == (answer.ended, answer.pruned, answer.frontier)
    assert {name for name, reached in result.goals.items() if reached} == answer.reached
    whole = answer.frontier == 0
    missed = whole and not all(result.goals.values())
    assert result.verdict is (Verdict.VIOLATED if missed else Verdict.HOLDS)


def timeless(result: Result) -> dict[str, Any]:
    """A result as JSON, without what differs between two runs of the same search."""
    return {key: value for key, value in result.to_json().items() if key not in MEASURED}
