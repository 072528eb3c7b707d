"""Bigger histories: what a correct object does is accepted, and algorithms agree on what a wrong one does."""

from __future__ import annotations

from random import Random

import pytest

from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability import near_linear
from dscheck.checker.consistency.linearizability.learning import Learned
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.verdict import Verdict
from linearizability.simulated import CLIENTS, mistaken, recorded, steps

LIMITS = Limits(seconds=3)


@pytest.mark.parametrize("name", CLIENTS)
def test_what_a_correct_object_does_is_accepted(name: str) -> None:
    spec = by_name(name)
    random = Random(name)
    for size in (20, 60):
        for info in (0.0, 0.05 if size < 50 else 0.0):
            history = recorded(steps(spec, CLIENTS[name], size, random), 4, random, info=info)
            search = Search.of(history, Learned(spec))
            assert search.linearize(LIMITS).broken == []
            found = search.in_program_order(Limits(seconds=1))
            assert found.possible or found.stop == "time"


@pytest.mark.parametrize("name", sorted(CLIENTS.keys() & near_linear.DATATYPES.keys()))
def test_near_linear_algorithms_and_search_agree(name: str) -> None:
    spec = by_name(name)
    random = Random(name)
    verdicts = []
    for _ in range(120):
        done = steps(spec, CLIENTS[name], random.randint(10, 30), random)
        history = recorded(mistaken(done, random), 4, random)
        [outcome] = near_linear.judge(history, name)
        found = Search.of(history, Learned(spec)).linearize(LIMITS)
        if outcome.verdict is None or found.stop != "done":
            continue
        expected = Verdict.VIOLATED if found.broken else Verdict.HOLDS
        assert outcome.verdict is expected, [history.operation(row) for row in range(len(history))]
        verdicts.append(expected)
    assert min(verdicts.count(Verdict.VIOLATED), verdicts.count(Verdict.HOLDS)) >= 3
