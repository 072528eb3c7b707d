"""The general search against every order tried, on all small histories."""

from __future__ import annotations

import pytest

from brute.orders import is_linearizable, is_sequentially_consistent
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability.learning import Learned
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.specifications.catalogue import SPECIFICATIONS, by_name
from linearizability.menus import MENUS, OPTIONS
from linearizability.small import in_processes, in_time, with_info

LIMITS = Limits()


def test_every_specification_has_a_menu() -> None:
    assert MENUS.keys() == SPECIFICATIONS.keys()


@pytest.mark.parametrize("name", MENUS)
def test_linearizable_where_some_order_is(name: str) -> None:
    spec = by_name(name, **OPTIONS.get(name, {}))
    learned = Learned(spec)
    found = {True: 0, False: 0}
    for history in in_time(with_info(MENUS[name]), 3):
        expected = is_linearizable(history, spec)
        assert (not Search.of(history, learned).linearize(LIMITS).broken) is expected, list(rows(history))
        found[expected] += 1
    assert min(found.values()) > 100


@pytest.mark.parametrize("name", MENUS)
def test_sequentially_consistent_where_some_order_is(name: str) -> None:
    spec = by_name(name, **OPTIONS.get(name, {}))
    learned = Learned(spec)
    found = {True: 0, False: 0}
    for history in in_processes(with_info(MENUS[name]), 4 if name in ("register", "mutex") else 3):
        expected = is_sequentially_consistent(history, spec)
        assert Search.of(history, learned).in_program_order(LIMITS).possible is expected, list(rows(history))
        found[expected] += 1
    assert min(found.values()) > 100


def rows(history):  # type: ignore[no-untyped-def]
    return map(history.operation, range(len(history)))
