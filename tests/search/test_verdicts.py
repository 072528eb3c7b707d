"""Which verdict a search ends in, and what it says about it."""

from __future__ import annotations

from typing import Any

import pytest

from climbing import (
    Anywhere,
    Bounded,
    Ladder,
    Lonely,
    NotOneByOne,
    Overshoots,
    Raises,
    StartsElsewhere,
    Stuck,
    Unreached,
)
from dscheck import Model, Verdict, explore


def test_holds_after_all_states() -> None:
    result = explore(Ladder(climbers=2, top=3))
    assert (result.verdict, result.exit_code, result.stop) == (Verdict.HOLDS, 0, "exhausted")
    assert result.sentence() == "Ladder holds in all its 25 states"
    assert result.states == sum(result.levels) == 25
    assert result.warnings == ()


def test_holds_up_to_the_depth_that_was_asked_for() -> None:
    result = explore(Ladder(top=9), depth=4)
    assert (result.verdict, result.stop, result.depth) == (Verdict.HOLDS, "depth", 4)
    assert result.sentence() == "Ladder holds up to depth 4: what follows 2 states there is not covered"
    assert result.frontier == result.levels[-1] == 2
    assert result.warnings == ("arrives was not reached up to depth 4",)


def test_a_depth_that_suffices_for_all_states_is_no_limit() -> None:
    assert explore(Ladder(), depth=50).stop == "exhausted"


def test_holds_within_a_bound() -> None:
    result = explore(Bounded(), properties=["stays_near"])
    assert (result.verdict, result.pruned) == (Verdict.HOLDS, 2)
    assert result.sentence() == "Bounded holds within its bound, in all 4 states up to there"
    assert "  beyond    what follows 2 states at the bound" in str(result).splitlines()


@pytest.mark.parametrize("model", [Unreached(), Bounded(top=4)])
def test_a_goal_that_is_never_reached_is_a_violation_without_a_trace(model: Model) -> None:
    result = explore(model)
    assert (result.verdict, result.trace) == (Verdict.VIOLATED, None)
    assert result.finding is not None
    assert result.finding.kind == "sometimes"
    assert result.sentence().startswith(f"{model} never reaches {result.finding.name} in any of ")


def test_quantifiers_over_nothing() -> None:
    result = explore(Lonely())
    assert result.sentence() == "Lonely never reaches somebody in any of 5 states"
    result = explore(Lonely(), properties=["nobody"])
    assert result.verdict is Verdict.HOLDS
    assert result.warnings == ("nobody says nothing: its parameters range over nothing",)


def test_a_property_is_violated_after_as_few_steps_as_possible() -> None:
    result = explore(Overshoots(climbers=2, top=5))
    assert (result.verdict, result.exit_code) == (Verdict.VIOLATED, 1)
    assert result.sentence() == "Overshoots violates never_above for c = c1, after 3 steps"
    assert result.trace is not None
    assert [step.label for step in result.trace.steps] == ["climb(c1)"] * 3


def test_the_model_raises() -> None:
    result = explore(Raises())
    assert (result.verdict, result.exit_code) == (Verdict.AT_FAULT, 4)
    assert result.sentence() == (
        "Raises is at fault: the model raised ZeroDivisionError in divide(c1), after 2 steps"
    )
    assert result.finding is not None
    assert result.finding.failure is not None
    assert result.finding.failure.where.endswith("in divide")
    assert result.finding.failure.line == "c.height = 1 // (c.height - self.top)"


def test_nothing_can_happen_where_nothing_may_end() -> None:
    result = explore(Stuck(), properties=["stays_near"])
    assert result.sentence() == "Stuck is stuck after 2 steps: nothing can happen, and it is no proper end"
    assert result.finding is not None
    assert result.finding.kind == "deadlock"


def test_without_ends_any_state_may_be_the_last() -> None:
    assert explore(Ladder()).verdict is Verdict.HOLDS
    assert explore(Ladder(), deadlock=True).verdict is Verdict.VIOLATED
    assert explore(Stuck(), deadlock=False).verdict is Verdict.HOLDS


def test_a_step_that_the_abstract_model_does_not_allow() -> None:
    result = explore(NotOneByOne())
    assert result.sentence() == "NotOneByOne breaks one_by_one: its last step is not allowed, after 1 step"
    assert result.finding is not None
    [reason] = result.finding.reasons
    assert reason.condition == "no step of OneByOne does this:"
    assert reason.values == (("w1.at", "0 => 2"),)


def test_a_start_that_the_abstract_model_does_not_allow() -> None:
    result = explore(StartsElsewhere())
    assert result.sentence() == "StartsElsewhere breaks one_by_one: it starts as the abstract model does not"
    assert result.trace is not None
    assert result.trace.steps == ()


@pytest.mark.parametrize(
    ("limits", "stop", "reason"),
    [
        ({"states": 10}, "states", "10 states, as many as were asked for"),
        ({"time": 1e-9}, "time", "then the time of 0 ms was over"),
        ({"memory": 1}, "memory", "then the memory limit of 1 bytes was reached"),
        ({"walks": 3, "length": 4}, "walks", "on 3 random walks of up to 4 steps"),
    ],
)
def test_undecided_when_cut_short(limits: dict[str, Any], stop: str, reason: str) -> None:
    result = explore(Ladder(climbers=3, top=90), **limits)
    assert (result.verdict, result.exit_code, result.stop) == (Verdict.UNDECIDED, 3, stop)
    assert result.sentence().startswith("Ladder is undecided: no violation in ")
    assert reason in result.sentence()


def test_walks_find_violations_too() -> None:
    result = explore(Overshoots(), walks=50, length=20)
    assert result.verdict is Verdict.VIOLATED
    assert result.trace is not None


def test_interrupted() -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    result = explore(Ladder(climbers=3, top=150), progress=interrupt, audit="none")
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "interrupted")


def test_several_initial_states() -> None:
    result = explore(Anywhere(top=4))
    assert result.trace is not None
    assert result.trace.free == ("c1.height",)
    assert len(result.trace.steps) == 2
    assert result.trace.start["c1.height"] == "1"


def test_only_the_asked_properties_count() -> None:
    assert explore(Overshoots(), properties=["stays_near"]).verdict is Verdict.HOLDS
    assert explore(Unreached(), properties=["arrives"]).verdict is Verdict.HOLDS
