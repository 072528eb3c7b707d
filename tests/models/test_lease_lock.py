"""Tokens mend what leases leave open, if the storage looks at all of them."""

from __future__ import annotations

import pytest

from dscheck import Model, Verdict, explore, require
from dscheck.models.services.lease_lock import (
    Client,
    FencesWritesOnly,
    IgnoresTokens,
    LeaseLock,
    PromisesTooMuch,
    UsesTokensAgain,
    Value,
)


def test_all_states_of_one_lease() -> None:
    """Counted by how far the lease has come, and whether the client asks for another, which it never gets."""
    before = 2
    on_its_way, written, done = 2, 2, 2
    reads = answered = 3  # a client that has given up has asked for another
    held_or_expired = 2
    states = before + held_or_expired * (on_its_way + reads + answered + written + done)
    assert explore(LeaseLock(clients=1, leases=1, crashes=0)).states == states == 26


def test_under_two_leases_what_was_made_of_one_value_is_written() -> None:
    result = explore(IgnoresTokens(crashes=0))
    assert result.trace is not None
    labels = [step.label for step in result.trace.steps]
    assert "expire(lock1)" in labels
    written = [label.rpartition(" ")[0] for label in labels if label.startswith("on_write")]
    assert written == [f"on_write(storage1) Write(token={token}, value=1)" for token in (1, 2)]


class LooksBeforeItWrites(IgnoresTokens):
    """A client makes sure that its lease is not over, and then writes."""

    def on_value(self, c: Client, m: Value) -> None:
        require(self.lock.holder is c)
        super().on_value(c, m)


@pytest.mark.parametrize("model", [LooksBeforeItWrites, FencesWritesOnly])
def test_neither_a_look_at_the_clock_nor_half_a_fence_mends_it(model: type[Model]) -> None:
    result = explore(model(crashes=0))
    assert (result.verdict, result.finding and result.finding.name) == (Verdict.VIOLATED, "no_lost_update")


def test_tokens_mend_it() -> None:
    assert explore(LeaseLock(clients=3, leases=3, crashes=0)).verdict is Verdict.HOLDS
    assert explore(LeaseLock(crashes=2)).verdict is Verdict.HOLDS
    assert explore(PromisesTooMuch(), properties=["no_lost_update"]).verdict is Verdict.HOLDS


def test_only_a_crash_lets_tokens_be_used_again() -> None:
    assert explore(UsesTokensAgain(crashes=0)).verdict is Verdict.HOLDS
