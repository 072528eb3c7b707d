"""The count of TLC, and two at once where the order of messages or of requests is not kept."""

from __future__ import annotations

import pytest

from dscheck import Verdict, explore, param, require
from dscheck.models.mutual_exclusion.lamport_mutex import LamportMutex, NobodyWinsTies, Process, TakesAnyOrder


class WithoutEnd(LamportMutex):
    """As in TLA+: everybody asks again and again, until a clock would go too far."""

    clocks: int = param(6, "highest clock", least=1)
    all_served = None

    def ask(self, p: Process) -> None:
        super().ask(p)
        p.asked = 0

    def advance(self, p: Process, time: int) -> None:
        super().advance(p, time)
        require(p.clock <= self.clocks)


def test_the_count_of_tlc() -> None:
    """MCLamportMutex of tlaplus/Examples, lamport_mutex: 724,274 states in 61 levels."""
    result = explore(WithoutEnd(nodes=3, clocks=6))
    assert (result.verdict, result.states, len(result.levels)) == (Verdict.HOLDS, 724_274, 61)


@pytest.mark.parametrize("mutant", [m for m in LamportMutex.mutants if m is not NobodyWinsTies])
def test_every_mutant_lets_two_in(mutant: type[LamportMutex]) -> None:
    result = explore(mutant(), properties=["mutual_exclusion"])
    assert (result.verdict, result.finding and result.finding.name) == (Verdict.VIOLATED, "mutual_exclusion")


def test_a_reply_overtakes_a_request() -> None:
    result = explore(TakesAnyOrder(turns=1))
    assert result.trace is not None
    assert [step.label for step in result.trace.steps] == [
        "ask(p1)",
        "ask(p2)",
        "on_request(p1) Request(time=1) p2->p1",
        "on_reply(p2) Reply() p1->p2",
        "enter(p2)",
    ]


def test_a_tie_that_nobody_wins() -> None:
    result = explore(NobodyWinsTies(turns=1))
    assert result.sentence().startswith("NobodyWinsTies is stuck after 6 steps")
