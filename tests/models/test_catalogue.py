"""What every model of the catalogue owes: its pinned counts, and mutants caught by the property they name."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Count, Model, Verdict, explore, models
from dscheck.checker.notation.properties import PROMISES
from dscheck.cli.loading import load

CATALOGUE = [load(name) for name in models.names()]
PINNED = [(model, count) for model in CATALOGUE for count in model.pinned]
MUTANTS = [mutant for model in CATALOGUE for mutant in model.mutants]


def called(value: Any) -> str:
    """How a test is called in pytest's report."""
    return value.__name__ if isinstance(value, type) else str(value).replace(" ", "-")


@pytest.mark.parametrize(("model", "count"), PINNED, ids=called)
def test_counts_are_what_they_were(model: type[Model], count: Count) -> None:
    result = explore(model(**count.params), depth=count.depth)
    assert (result.verdict, result.stop) == (Verdict.HOLDS, "depth" if count.depth else "exhausted")
    assert result.states == count.states
    assert count.transitions in (None, result.transitions)
    assert result.never_enabled == () or count != model.pinned[-1], "the largest size shows every action"


@pytest.mark.parametrize("mutant", MUTANTS, ids=called)
def test_caught_by_the_property_it_names(mutant: type[Model]) -> None:
    assert mutant.caught is not None
    result = explore(mutant(**mutant.caught.params), deadlock=mutant.breaks == "deadlock")
    assert result.verdict is Verdict.VIOLATED
    assert result.finding is not None
    assert result.finding.name == mutant.breaks
    assert result.trace is not None
    assert len(result.trace.steps) == mutant.caught.steps


@pytest.mark.parametrize("model", CATALOGUE, ids=called)
def test_every_model_has_promises_and_goals(model: type[Model]) -> None:
    assert all(wrong.__doc__ for wrong in (model, *model.mutants))
    assert any(model().declared(kind) for kind in PROMISES)
    assert model().declared("sometimes")
