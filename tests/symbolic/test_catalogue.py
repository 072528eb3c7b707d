"""On every model of the catalogue and every mutant, the symbolic search finds what the explicit one does."""

from __future__ import annotations

from typing import Any

import pytest

from differential.test_catalogue import catalogue
from dscheck import Model, explore
from symbolic.agreement import both, check

MOST = 3_000
"""States of the largest spaces that are searched whole; others as deep as there are no more."""


def depth_of(model: Model) -> int | None:
    """How deep the search may go without finding too many states; None: to the end."""
    result = explore(model, states=MOST, workers=1, audit="none")
    return result.depth if result.stop == "states" else None


@pytest.mark.parametrize(("model", "params"), catalogue())
def test_layers(model: type[Model], params: dict[str, Any]) -> None:
    def make() -> Model:
        return model(**params)

    both(make, layers=True, depth=depth_of(make()), audit="none")


@pytest.mark.parametrize(("model", "params"), catalogue())
def test_without_layers(model: type[Model], params: dict[str, Any]) -> None:
    """Where there is no bound, and a search may go to its end."""

    def make() -> Model:
        return model(**params)

    explicit = explore(make(), states=MOST, workers=1, audit="none")
    if explicit.stop != "states":
        check(explicit, explore(make(), engine="symbolic", audit="none"), make)
