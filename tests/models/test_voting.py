"""The counts of TLC for voting and for consensus, and what goes wrong is seen from outside, too."""

from __future__ import annotations

import pytest

from dscheck import Verdict, explore
from dscheck.models.consensus.voting import Consensus, Voting


def test_the_counts_of_tlc() -> None:
    """MCVoting and MCConsensus of tlaplus/Examples, PaxosHowToWinATuringAward; its levels count the first."""
    result = explore(Voting(nodes=3, values=2, ballots=3))
    assert (result.states, len(result.levels)) == (6_752, 16)
    result = explore(Consensus(values=3))
    assert (result.states, len(result.levels)) == (4, 2)


@pytest.mark.parametrize("mutant", Voting.mutants, ids=lambda mutant: mutant.__name__)
def test_every_mutant_chooses_two_values(mutant: type[Voting]) -> None:
    result = explore(mutant(), properties=["consensus"])
    assert (result.verdict, result.sentence().partition(":")[0]) == (
        Verdict.VIOLATED,
        f"{mutant.__name__} breaks consensus",
    )
