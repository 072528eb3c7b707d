"""Every wrong variant is caught by the property that it names."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Model, Verdict, explore, models
from dscheck.cli.loading import load

CATALOGUE = [load(name) for name in models.names()]
MUTANTS = [mutant for model in CATALOGUE for mutant in model.mutants]

SMALLER: dict[str, dict[str, Any]] = {"ElectsStaleLeader": {"crashes": 0}, "StaysLeader": {"crashes": 0}}
"""Parameters other than the defaults, where fewer faults are enough and save seconds."""

STEPS = {
    "CommitsOnMajority": 6,
    "ForgetsItsVote": 9,
    "VotesTwice": 8,
    "ElectsStaleLeader": 13,
    "CommitsAlone": 10,
    "StaysLeader": 12,
}
"""How long a shortest counterexample is."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_caught_by_the_property_it_names(mutant: type[Model]) -> None:
    result = explore(mutant(**SMALLER.get(mutant.__name__, {})))
    assert result.verdict is Verdict.VIOLATED
    assert result.finding is not None
    assert result.finding.name == mutant.breaks
    assert result.trace is not None
    assert len(result.trace.steps) == STEPS[mutant.__name__]


@pytest.mark.parametrize("model", CATALOGUE, ids=lambda model: model.__name__)
def test_every_model_has_mutants_and_promises(model: type[Model]) -> None:
    assert model.mutants
    assert all(mutant.__doc__ for mutant in (model, *model.mutants))
    assert model().declared("always")
    assert model().declared("sometimes")
