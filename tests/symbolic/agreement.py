"""What the results of both engines must have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dscheck import Model, Result, explore, replay

Make = Callable[[], Model]

COUNTED = ("states", "transitions", "ended", "pruned", "frontier", "depth", "levels", "actions")
"""What a search by layers counts as an explicit one does."""


def both(make: Make, *, layers: bool, **asked: Any) -> tuple[Result, Result]:
    """An explicit search and a symbolic one, which must agree."""
    explicit = explore(make(), workers=1, coverage=True, **asked)
    symbolic = explore(make(), engine="symbolic", layers=layers, coverage=layers, **asked)
    check(explicit, symbolic, make)
    return explicit, symbolic


def check(explicit: Result, symbolic: Result, make: Make) -> None:
    """The same verdict, and the same numbers as far as the symbolic search knows them."""
    assert (explicit.engine, symbolic.engine) == ("explicit", "symbolic")
    assert symbolic.stop == explicit.stop
    assert symbolic.unreached == explicit.unreached or explicit.stop == "violation"
    if explicit.stop == "violation":
        check_findings(explicit, symbolic, make)
        return
    assert symbolic.verdict is explicit.verdict
    assert symbolic.finding == explicit.finding, "of goals that are never reached"
    assert (symbolic.promises, symbolic.empty) == (explicit.promises, explicit.empty)
    assert symbolic.states == explicit.states
    assert symbolic.ended == explicit.ended
    check_counts(explicit, symbolic)
    if symbolic.coverage is not None:
        check_layers(explicit, symbolic)


def check_findings(explicit: Result, symbolic: Result, make: Make) -> None:
    """The same finding, or another one that is as near; and the model does what the trace says."""
    assert explicit.trace is not None
    assert symbolic.trace is not None
    assert symbolic.finding is not None
    assert len(symbolic.trace.steps) == len(explicit.trace.steps)
    assert (symbolic.verdict.value == "at fault") == (symbolic.finding.kind == "fault")
    again = replay(symbolic.to_json(), make())
    assert again.obstacle is None
    assert again.finding == symbolic.finding


def check_counts(explicit: Result, symbolic: Result) -> None:
    """What was counted is right; what was not, says at least whether it was there."""
    assert symbolic.transitions in (None, explicit.transitions)
    assert symbolic.actions.keys() == explicit.actions.keys()
    for name, count in symbolic.actions.items():
        assert count == explicit.actions[name] or (count is None and explicit.actions[name])
    assert symbolic.never_enabled == explicit.never_enabled


def check_layers(explicit: Result, symbolic: Result) -> None:
    """Breadth first both are the same search."""
    for name in COUNTED:
        assert getattr(symbolic, name) == getattr(explicit, name), name
    nearest = [[(goal.name, goal.depth) for goal in result.goals] for result in (explicit, symbolic)]
    assert nearest[0] == nearest[1]
    assert explicit.coverage is not None
    assert symbolic.coverage is not None
    assert symbolic.coverage.actions == explicit.coverage.actions
    assert values_of(symbolic) == values_of(explicit)
    ways = [
        {goal: len(trace.steps) for goal, trace in result.coverage.goals.items()}
        for result in (explicit, symbolic)
        if result.coverage
    ]
    assert ways[0] == ways[1]


def values_of(result: Result) -> dict[str, list[str]]:
    """The values that were seen; histories have no order of their own, so there they are sorted."""
    assert result.coverage is not None
    return {name: sorted(values) for name, values in result.coverage.values.items()}
