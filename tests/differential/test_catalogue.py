"""Engine and oracle agree on every model of the catalogue and every mutant, as far as the oracle gets."""

from __future__ import annotations

from typing import Any

import pytest

from differential.agreement import compare
from dscheck import Model, models
from dscheck.cli.loading import load


def subclasses(of: type[Model]) -> list[type[Model]]:
    return [known for direct in of.__subclasses__() for known in (direct, *subclasses(direct))]


def catalogue() -> list[Any]:
    """Every model class of every file, mutants and specifications included, at two sizes."""
    return [
        pytest.param(model, params, id=f"{model.__name__}-{'-'.join(map(str, params.values()))}")
        for name in models.names()
        for module in [models.module(name)]
        for model in subclasses(Model)
        if model.__module__ == module.__name__
        for params in sizes(model, load(name))
    ]


def sizes(model: type[Model], main: type[Model]) -> list[dict[str, Any]]:
    """The parameters of the smallest pinned counts: a model's own, or those of what the file is about."""
    pinned = [dict(count.params) for count in model.pinned or main.pinned][:2]
    return [params for params in pinned if set(params) <= set(model.parameters())]


@pytest.mark.parametrize(("model", "params"), catalogue())
def test_engine_and_oracle_agree(model: type[Model], params: dict[str, Any]) -> None:
    compare(model(**params), states=1_000, deadlock=bool(model.breaks == "deadlock"))
