"""The counts of BEEM, and one level for each process that must be held back."""

from __future__ import annotations

import pytest

from dscheck import Verdict, explore
from dscheck.models.mutual_exclusion.peterson import PassesItsEquals, Peterson, SkipsTheFirstLevel


def test_the_counts_of_beem() -> None:
    """peterson.1 and peterson.4 of the benchmark (Pelanek 2007): three and four processes."""
    result = explore(Peterson(nodes=3))
    assert (result.states, result.transitions) == (12_498, 33_369)
    result = explore(Peterson(nodes=4), states=1_200_000)
    assert (result.verdict, result.states, result.transitions) == (Verdict.HOLDS, 1_119_560, 3_864_896)


@pytest.mark.parametrize("mutant", [PassesItsEquals, SkipsTheFirstLevel])
def test_one_level_too_few_lets_two_in(mutant: type[Peterson]) -> None:
    result = explore(mutant(nodes=3), properties=["mutual_exclusion"])
    assert (result.verdict, result.finding and result.finding.name) == (Verdict.VIOLATED, "mutual_exclusion")


def test_two_processes_have_but_one_level() -> None:
    assert explore(SkipsTheFirstLevel(nodes=2)).states == explore(Peterson(nodes=2)).states
