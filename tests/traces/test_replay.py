"""A saved counterexample against the model as it is now."""

from __future__ import annotations

import json
from typing import Any

import pytest

from climbing import (
    Anywhere,
    Climber,
    Greets,
    Hello,
    Ladder,
    NotOneByOne,
    Overshoots,
    Raises,
    StartsElsewhere,
    Stuck,
)
from dscheck import DscheckError, Model, Verdict, action, always, choose, explore, receive, replay, require
from dscheck.models.commit.two_phase_commit import CommitsOnMajority, TwoPhaseCommit

# The models as they are "now": named as they were, changed.


class Higher(Overshoots):
    """The ladder has become longer."""

    def setup(self) -> None:
        super().setup()
        for c in self.all(Climber):
            c.height = -1


class OnlyOne(Overshoots):
    @action
    def climb(self, c: Climber) -> None:
        require(c.height < self.top)
        c.height += 1


class Slower(Overshoots):
    @action
    def climb(self, c: Climber) -> None:
        require(c.height < 1)
        c.height += 1 if self.top else 2


class Silent(Greets):
    greet = None  # type: ignore[assignment]


class Forgetful(Greets):
    @receive
    def on_hello(self, c: Climber, m: Hello) -> None: ...


class RaisesTwice(Raises):
    @always
    def divides(self, c: Climber) -> bool:
        return c.height != self.top or 1 // (c.height - self.top) > 0


class RaisesAfterAChoice(Ladder):
    @action
    def jump(self, c: Climber) -> None:
        require(c.height + choose((0, 1)) == self.top)
        c.height = 1 // 0


class StuckAndWrong(Stuck):
    @always
    def never_above(self, c: Climber) -> bool:
        return c.height <= self.top


def saved(model: Model, **options: Any) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(explore(model, **options).to_json()))
    return data


@pytest.mark.parametrize(
    "model",
    [
        Overshoots(climbers=2),
        Anywhere(climbers=2),
        Raises(),
        Stuck(),
        NotOneByOne(),
        StartsElsewhere(),
        Greets(climbers=2),
        CommitsOnMajority(),
    ],
    ids=str,
)
def test_an_unchanged_model_shows_the_same(model: Model) -> None:
    data = saved(model)
    outcome = replay(data, type(model)(**model.params))
    assert (outcome.obstacle, outcome.differences) == (None, ())
    assert outcome.finding is not None
    assert outcome.finding.to_json() == data["finding"]
    assert outcome.trace.to_json() == data["trace"]
    assert outcome.verdict is (Verdict.AT_FAULT if isinstance(model, Raises) else Verdict.VIOLATED)
    assert outcome.sentence().startswith("The trace still applies, and ")


@pytest.mark.parametrize(("model", "name"), [(RaisesTwice(), "divide(c1)"), (StuckAndWrong(), "deadlock")])
def test_something_else_is_wrong_there_too(model: Model, name: str) -> None:
    outcome = replay(saved(model, properties=[]), model)
    assert outcome.finding is not None
    assert outcome.finding.name == name


def test_what_raises_after_a_choice() -> None:
    data = saved(RaisesAfterAChoice())
    assert replay(data, RaisesAfterAChoice()).finding is not None
    assert replay(data, RaisesAfterAChoice(top=9)).finding is None


def test_a_step_that_is_no_longer_possible() -> None:
    outcome = replay(saved(CommitsOnMajority()), TwoPhaseCommit())
    assert outcome.sentence() == "The trace no longer applies at step 5 of 6"
    assert outcome.obstacle == "commit(tm1) cannot happen here"
    assert outcome.verdict is Verdict.UNDECIDED
    assert len(outcome.trace.steps) == 4


def test_a_step_that_no_longer_exists() -> None:
    outcome = replay(saved(Greets(climbers=2)), Silent(climbers=2))
    assert outcome.obstacle == "there is no greet(c1, c2)"


def test_a_property_that_no_longer_exists() -> None:
    with pytest.raises(DscheckError, match="Ladder has no property 'never_above'"):
        replay(saved(Overshoots()), Ladder())


def test_a_choice_that_no_longer_exists() -> None:
    outcome = replay(saved(Overshoots(top=1)), OnlyOne(top=1))
    assert outcome.obstacle == "climb(c1) can no longer choose 2"


def test_an_end_that_is_no_longer_wrong() -> None:
    outcome = replay(saved(Overshoots(top=1)), Overshoots(top=2))
    assert outcome.sentence() == "The trace still applies, but what was broken at its end no longer is"
    assert (outcome.finding, outcome.verdict) == (None, Verdict.UNDECIDED)


def test_what_the_steps_do_now() -> None:
    outcome = replay(saved(Overshoots(top=1)), Higher(top=1))
    assert outcome.differences == (
        "at the start c1.height is -1, no longer 0",
        "step 1, climb(c1): c1.height becomes 1, no longer 2",
    )


def test_a_step_that_no_longer_changes_anything() -> None:
    outcome = replay(saved(Greets(climbers=2)), Forgetful(climbers=2))
    [difference] = outcome.differences
    assert difference == "step 3, on_hello(c2) Hello(height=1) c1->c2: c2.greeted no longer becomes {c1}"


def test_nothing_to_replay() -> None:
    with pytest.raises(DscheckError, match="the saved result has no counterexample"):
        replay(saved(Ladder()), Ladder())


def test_damaged() -> None:
    data = saved(Overshoots())
    del data["trace"]["steps"][0]["picks"]
    with pytest.raises(DscheckError, match="damaged: KeyError"):
        replay(data, Overshoots())
