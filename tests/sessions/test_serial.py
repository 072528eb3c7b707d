"""Recordings of one copy that takes one transaction at a time keep everything; a stale read is found."""

from __future__ import annotations

from random import Random

import pytest

from dscheck import Verdict
from dscheck.checker.consistency.sessions.check import PROMISES, check
from dscheck.histories.building import Builder, Micro
from dscheck.histories.history import History

KEPT = [name for name in PROMISES[:11] if name not in ("bounded-staleness", "eventual")]


def serial(seed: int, *, lists: bool, stale: bool = False) -> History:
    """Transactions of three clients on three keys; the last one may read as if nothing had been written."""
    random, builder = Random(seed), Builder(hints={} if lists else {"initial": None})
    state: dict[str, tuple[int, ...]] = dict.fromkeys("xyz", ())
    number, writer = 0, ("append" if lists else "w")

    def value(versions: tuple[int, ...]) -> object:
        return versions if lists else versions[-1] if versions else None

    def record(process: int, told: list[Micro]) -> None:
        builder.respond(builder.invoke(process, "txn", micro=told), micro=told)

    for _ in range(60):
        told: list[Micro] = []
        for _ in range(random.randint(1, 4)):
            key = random.choice("xyz")
            if random.random() < 0.5:
                told.append(("r", key, value(state[key])))
            else:
                number += 1
                state[key] = (*state[key], number)
                told.append((writer, key, number))
        record(random.randrange(3), told)
    if stale:
        record(0, [(writer, "x", number + 1)])
        record(0, [("r", "x", value(()))])
    return builder.build()


@pytest.mark.parametrize("lists", [False, True], ids=["registers", "lists"])
@pytest.mark.parametrize("seed", range(8))
def test_one_copy_keeps_every_promise(seed: int, lists: bool) -> None:
    for judged in check(serial(seed, lists=lists), [*KEPT, "bounded-staleness:k=1"]):
        assert judged.verdict is Verdict.HOLDS, judged


@pytest.mark.parametrize("lists", [False, True], ids=["registers", "lists"])
@pytest.mark.parametrize("seed", range(8))
def test_a_read_that_misses_its_sessions_own_write_is_found(seed: int, lists: bool) -> None:
    broken = [
        "causal-memory",
        "causal-convergence",
        "pram",
        "read-your-writes",
        "cosmos-session",
        "cosmos-strong",
    ]
    for judged in check(serial(seed, lists=lists, stale=True), broken):
        assert judged.verdict is Verdict.VIOLATED, judged
        assert judged.anomalies[0].witness.edges or len(judged.anomalies[0].witness.operations) >= 2
