"""Leases keep old values out of the cache; what a cache does not promise all the same."""

from __future__ import annotations

from math import comb

import pytest

from dscheck import Verdict, action, explore, invoke, linearizable, require, respond
from dscheck.checker.specifications.register import Register
from dscheck.models.services.cache_aside import CacheAside, FillsWithoutLease, LosesAWriter, Reader, Writer


@pytest.mark.parametrize(("writers", "states"), [(1, 22), (2, 114), (3, 552), (4, 2_446)])
def test_all_states_of_one_reader(writers: int, states: int) -> None:
    """Counted by what may stand beside each other, of k writers that have begun."""

    def begun(ways: list[int]) -> int:
        return sum(comb(writers, k) * way for k, way in enumerate(ways))

    ks = range(1, writers + 1)
    database = begun([1, *(2**k * k for k in ks)])  # each is writing or done; one of them was the last
    # An old value that still may fill, or does: the last has not finished; after the very first, nobody has.
    valid = database + begun([0, *(k + k * (k - 1) * 2 ** (k - 1) for k in ks)])
    late = begun([1, *(2**k * k * (k + 1) for k in ks)])  # without a lease the reader may have any value
    idle, missed, fetched = database + valid, 2 * database, valid + late
    assert states == idle + missed + fetched
    result = explore(CacheAside(readers=1, writers=writers))
    assert (result.verdict, result.states, result.never_enabled) == (Verdict.HOLDS, states, ())


def test_an_old_value_stays() -> None:
    result = explore(FillsWithoutLease(readers=1, writers=1))
    assert result.trace is not None
    labels = [step.label for step in result.trace.steps]
    assert labels == ["miss(r1)", "fetch(r1)", "begin(w1)", "finish(w1)", "fill(r1)"]
    assert result.finding is not None
    values = dict(result.finding.reasons[0].values)
    assert values == {"self.cached": "'old'", "self.database": "'w1'"}


def test_who_crashes_does_not_empty_the_cache() -> None:
    assert explore(LosesAWriter(crashes=0)).verdict is Verdict.HOLDS


class Watched(CacheAside):
    """What clients see: a hit, what they fetched, and when a write is over."""

    @action
    def hit(self, r: Reader) -> None:
        require(not r.missed and self.cached is not None)
        invoke(r, "read")
        respond(r, self.cached)

    def miss(self, r: Reader) -> None:
        super().miss(r)
        invoke(r, "read")

    def fill(self, r: Reader) -> None:
        respond(r, r.fetched)
        super().fill(r)

    def begin(self, w: Writer) -> None:
        super().begin(w)
        invoke(w, "write", w.name)

    def finish(self, w: Writer) -> None:
        super().finish(w)
        respond(w)

    @linearizable(Register("old"))
    def atomic(self) -> None:
        """Every operation takes effect at one moment between its invocation and its response."""


def test_a_cache_is_not_linearizable() -> None:
    """While a write is under way, one reader may see the new value and later the old one."""
    result = explore(Watched(writers=1))
    assert result.sentence().startswith("Watched violates atomic: not linearizable")
    assert result.trace is not None
    assert "finish(w1)" not in [step.label for step in result.trace.steps]
    assert explore(Watched(readers=1)).verdict is Verdict.HOLDS, "alone, it fills what it sees"
