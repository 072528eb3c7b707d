"""The counts of TLC for another Raft: states, steps and levels are the same to the last one."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Verdict, explore
from models.vanlightly_raft import VanlightlyRaft


@pytest.mark.parametrize(
    ("params", "distinct", "generated", "levels"),
    [
        ({"nodes": 2, "elections": 2}, 2_176, 3_237, 28),
        ({"nodes": 3, "elections": 1}, 37_345, 93_145, 35),
    ],
)
def test_the_counts_of_tlc(params: dict[str, Any], distinct: int, generated: int, levels: int) -> None:
    """Of TLC without symmetry, for one value and no restarts; to TLC, the initial state is generated."""
    result = explore(VanlightlyRaft(**params))
    assert (result.verdict, result.never_enabled) == (Verdict.HOLDS, ())
    assert (result.states, 1 + result.transitions, len(result.levels)) == (distinct, generated, levels)
