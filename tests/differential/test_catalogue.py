"""Engine and oracle agree on every model of the catalogue and every mutant, as far as the oracle gets."""

from __future__ import annotations

from typing import Any

import pytest

from differential.agreement import compare
from dscheck import Model, models

SIZES: dict[str, list[dict[str, Any]]] = {
    "abd_register": [{"servers": 2}, {"servers": 1, "writers": 2}],
    "quorum_register": [{"servers": 2, "reads": 1}, {"servers": 3, "reads": 1}],
    "raft": [{"nodes": 2, "crashes": 1, "losses": 1}, {"nodes": 3}],
    "single_copy_register": [{"clients": 2}, {"clients": 3}],
    "two_phase_commit": [{"nodes": 2}, {"nodes": 3}],
}
"""Parameters of the models in each file; a new file begins with [{}]."""


def subclasses(of: type[Model]) -> list[type[Model]]:
    return [known for direct in of.__subclasses__() for known in (direct, *subclasses(direct))]


def catalogue() -> list[Any]:
    """Every model class of every file, mutants and specifications included, at each size."""
    return [
        pytest.param(model, params, id=f"{model.__name__}-{'-'.join(map(str, params.values()))}")
        for name in models.names()
        for module in [models.module(name)]
        for model in subclasses(Model)
        if model.__module__ == module.__name__
        for params in SIZES[name]
    ]


@pytest.mark.parametrize(("model", "params"), catalogue())
def test_engine_and_oracle_agree(model: type[Model], params: dict[str, Any]) -> None:
    compare(model(**params), states=1_000, deadlock=bool(model.breaks == "deadlock"))
