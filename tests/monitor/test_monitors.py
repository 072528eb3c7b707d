"""Monitors say after every event what trying every order says."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dscheck.checker.notation.operations import Abandoned, Event, Invoked, Responded
from dscheck.checker.specifications.register import Register
from dscheck.checker.specifications.specification import Specification
from monitor.clients import CLIENTS, MONITORS, OPERATIONS, feed, histories, monitor
from oracle.operations import has_order, operations


def keeps(kind: str, spec: Specification, events: tuple[Event, ...]) -> bool:
    return has_order(operations(events, None, may_crash=True), spec, kind == "linearizable")


@pytest.mark.parametrize("kind", MONITORS)
@pytest.mark.parametrize("spec", OPERATIONS, ids=lambda spec: spec.name)
def test_after_every_event(kind: str, spec: type[Specification]) -> None:
    watching = monitor(kind, spec())  # one for all examples, as in a search

    @settings(max_examples=3 * settings().max_examples)
    @given(histories(spec))
    def check(events: tuple[Event, ...]) -> None:
        value, kept = watching.start, True
        for at, event in enumerate(events, 1):
            value = watching.after(value, event)
            kept = kept and keeps(kind, spec(), events[:at])
            assert value.verdict is kept
            if not kept:
                break

    check()


@pytest.mark.parametrize("kind", MONITORS)
def test_every_short_history_of_two_clients_and_a_register(kind: str) -> None:
    """One operation each, or two of the first client: all results, all interleavings, all crashes."""
    spec = Register()
    watching = monitor(kind, spec)
    one, other = CLIENTS[:2]
    steps: list[list[Event]] = [
        [Invoked(client, None, "write", 1), Invoked(client, None, "read", None)] for client in (one, other)
    ]
    for client in (one, other):
        steps.append([Responded(client, None, result) for result in (None, 1)])
        steps.append([Abandoned(client, None)])
    alphabet = [event for events in steps for event in events]
    checked = 0
    for events in product(alphabet, repeat=4):
        value = feed(watching, events)
        if isinstance(value.verdict, str):
            continue  # an answer that nobody waits for
        kept = all(keeps(kind, spec, events[:at]) for at in range(1, 5))
        assert value.verdict is kept, events
        checked += 1
    assert checked > 1_000


@given(histories(Register), histories(Register))
def test_equal_values_have_equal_futures(first: tuple[Event, ...], second: tuple[Event, ...]) -> None:
    """What the monitor forgets cannot matter: the history that made a value does not count."""
    watching = monitor("linearizable", Register())
    values: dict[Any, tuple[Event, ...]] = {}
    for at in range(len(first) + 1):
        value = feed(watching, first[:at])
        other = values.setdefault(value, first[:at])
        if value.verdict is not True:
            break
        together = [feed(watching, (*beginning, *second)).verdict for beginning in (first[:at], other)]
        assert together[0] == together[1]
        if together[0] is True:
            assert keeps("linearizable", Register(), (*other, *second))


def test_what_is_answered_is_forgotten() -> None:
    watching = monitor("linearizable", Register())
    client, other = CLIENTS[:2]
    write = [Invoked(client, None, "write", 1), Responded(client, None, None)]
    read = [Invoked(other, None, "read", None), Responded(other, None, 1)]
    assert feed(watching, write) is feed(watching, write + read) is feed(watching, write + read + write)


def test_what_is_abandoned_and_reads_is_forgotten() -> None:
    for kind in MONITORS:
        watching = monitor(kind, Register())
        read: list[Event] = [Invoked(CLIENTS[0], None, "read", None), Abandoned(CLIENTS[0], None)]
        assert feed(watching, read) is watching.start


def test_a_question_repeated_with_the_same_answer_is_kept_once() -> None:
    watching = monitor("sequentially_consistent", Register())
    read: list[Event] = [Invoked(CLIENTS[0], None, "read", None), Responded(CLIENTS[0], None, None)]
    assert feed(watching, read) is feed(watching, 5 * read)


def test_sequential_consistency_has_a_limit_and_says_so() -> None:
    watching = monitor("sequentially_consistent", Register())
    write: list[Event] = [Invoked(CLIENTS[0], None, "write", 1), Responded(CLIENTS[0], None, None)]
    assert feed(watching, 32 * write).verdict is True
    assert "more than 32 operations" in str(feed(watching, 33 * write).verdict)


@pytest.mark.parametrize("kind", MONITORS)
def test_misuse_is_told(kind: str) -> None:
    client = CLIENTS[0]
    read: Event = Invoked(client, None, "read", None)
    for event in (Responded(client, None, 1), Abandoned(client, None)):
        assert "waits for no answer" in str(feed(monitor(kind, Register()), [event]).verdict)
    steady = monitor(kind, Register(), may_crash=False)
    assert "it still waits for the answer" in str(feed(steady, [read, read]).verdict)
    assert feed(monitor(kind, Register()), [read, read]).verdict is True


@given(st.lists(st.sampled_from(range(6)), max_size=12))
def test_texts_do_not_depend_on_what_was_asked_before(order: list[int]) -> None:
    """The same events are told in the same words, whatever the monitor saw in other states."""
    client, other = CLIENTS[:2]
    events: list[Event] = [
        Invoked(client, None, "write", 2),
        Invoked(other, None, "write", 1),
        Responded(client, None, None),
    ]
    warm = monitor("linearizable", Register())
    for at in order:
        feed(warm, [Invoked(CLIENTS[at % 3], None, "write", at), Responded(CLIENTS[at % 3], None, None)])
    told = [repr(feed(m, events)) for m in (warm, monitor("linearizable", Register()))]
    assert told[0] == told[1]


def test_what_a_client_gave_up_may_take_effect_after_what_it_did_next() -> None:
    """As when a write is on its way while its client, which timed out, reads: both promises allow it."""
    [client, *_] = CLIENTS
    events = (
        Invoked(client, None, "write", 1),
        Abandoned(client, None),
        Invoked(client, None, "read", None),
        Responded(client, None, None),
        Invoked(client, None, "read", None),
        Responded(client, None, 1),
    )
    for kind in MONITORS:
        assert feed(monitor(kind, Register()), events).verdict is True
        back = (*events, Invoked(client, None, "read", None), Responded(client, None, None))
        assert feed(monitor(kind, Register()), back).verdict is False, "it takes effect once"
