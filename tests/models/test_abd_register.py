"""Majorities make an atomic register, and the counts stay what they are."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Verdict, explore
from dscheck.models.registers.abd_register import AbdRegister, ForgetsToWriteBack
from monitor.peers import LinearizableRegister
from oracle import search


@pytest.mark.parametrize(
    ("params", "states"), [({"servers": 2}, 464), ({"servers": 2, "writers": 2}, 24_520), ({}, 102_102)]
)
def test_states_without_the_monitor(params: dict[str, Any], states: int) -> None:
    """The monitor adds what it remembers of the operations to a state: a few per cent more states."""
    assert explore(AbdRegister(**params), properties=["all_done"]).states == states


def test_the_count_of_stateright() -> None:
    """544 for its own variant, with the history in the state; and one state before the clients' start."""
    answer = search(LinearizableRegister())
    assert (answer.states, answer.findings) == (544 + 1, [])
    result = explore(LinearizableRegister())
    assert (result.verdict, result.states) == (Verdict.HOLDS, 466)


def test_a_reader_that_does_not_write_back_sees_the_new_value_and_then_the_old_one() -> None:
    result = explore(ForgetsToWriteBack())
    assert result.finding is not None
    what, possible = result.finding.reasons
    assert [operation for operation, _ in what.values] == ["w1 write('A1')", "r1 read()", "r1 read()"]
    assert [told.split(",")[0] for _, told in what.values] == ["no answer", "'A1'", "None"]
    assert possible.condition == "possible before step 16: 'A1' by w1's write('A1')"
    assert explore(ForgetsToWriteBack(servers=2)).verdict is Verdict.HOLDS, "two of two see everything"
