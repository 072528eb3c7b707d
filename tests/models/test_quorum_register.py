"""Quick reads are regular and in order, and not atomic."""

from __future__ import annotations

from dscheck import Verdict, explore
from dscheck.models.registers.quorum_register import PromisesTooMuch


def test_of_two_readers_the_later_one_may_see_the_older_value() -> None:
    result = explore(PromisesTooMuch(), properties=["atomic"])
    assert result.finding is not None
    what, _ = result.finding.reasons
    first, second = [told for name, told in what.values if name.startswith("r")]
    assert (first.split(",")[0], second.split(",")[0]) == ("'A1'", "None")
    kept = explore(PromisesTooMuch(), properties=["regular", "in_order"], depth=16)
    assert kept.verdict is Verdict.HOLDS
    assert explore(PromisesTooMuch(readers=1)).verdict is Verdict.HOLDS, "one reader never goes back"
