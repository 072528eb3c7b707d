"""The outbox loses nothing and invents nothing, and it is the crash that makes the difference."""

from __future__ import annotations

import pytest

from dscheck import Model, Verdict, explore
from dscheck.models.services.transactional_outbox import (
    ActsOnEveryMessage,
    MarksThenPublishes,
    PublishesThenWrites,
    TransactionalOutbox,
    WritesThenPublishes,
)


@pytest.mark.parametrize(
    ("orders", "consumers", "states"), [(1, 1, 16), (2, 1, 136), (3, 1, 1_216), (2, 2, 676), (2, 3, 4_420)]
)
def test_all_states_without_repetition(orders: int, consumers: int, states: int) -> None:
    """Orders do not wait for each other, and one crash falls upon all of them.

    An order is not placed, only placed, or published and then marked, with a message that each consumer has
    or has not read.  After the crash the relay may not know that it has published; and where it publishes
    again, there may be a message to a consumer that has read one before.
    """
    before = 2 + 2 * 2**consumers
    after = 2 + 2**consumers + 2 * 3**consumers
    assert states == before**orders + after**orders
    result = explore(TransactionalOutbox(orders=orders, consumers=consumers, repeats=0))
    assert (result.verdict, result.states) == (Verdict.HOLDS, states)


def labels(model: Model) -> list[str]:
    result = explore(model)
    assert result.trace is not None
    return [step.label for step in result.trace.steps]


def test_a_crash_between_two_writes_loses_an_event() -> None:
    assert labels(WritesThenPublishes(orders=1)) == ["place(service1, 1)", "crash(service1)"]
    assert labels(MarksThenPublishes(orders=1)) == [
        "place(service1, 1)",
        "publish(service1, 1)",
        "crash(service1)",
    ]


def test_a_crash_between_publishing_and_marking_repeats_an_event() -> None:
    told = "on_placed(c1) Placed(order=1) service1->c1"
    assert labels(ActsOnEveryMessage(repeats=0)) == [
        "place(service1, 1)",
        "publish(service1, 1)",
        "crash(service1)",
        told,
        "publish(service1, 1)",
        told,
    ]


@pytest.mark.parametrize("model", [WritesThenPublishes, MarksThenPublishes, ActsOnEveryMessage])
def test_without_faults_nobody_notices(model: type[Model]) -> None:
    assert explore(model(crashes=0, repeats=0)).verdict is Verdict.HOLDS


def test_a_quick_consumer_notices_even_without_a_crash() -> None:
    assert explore(PublishesThenWrites(crashes=0)).verdict is Verdict.VIOLATED
