"""Models drawn at random: the symbolic search agrees with the explicit one, and with the oracle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from differential.agreement import check_coverage, check_finding
from differential.drawing import programs
from differential.machine import Machine, Program, build
from dscheck import Model, explore
from dscheck.checker.notation.properties import WATCHED
from dscheck.checker.search.symbolic import warmup
from oracle import search
from symbolic.agreement import both, check

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
MOST = 400
WARMTH = st.sampled_from((1, 1, 10, 1_000))


@contextmanager
def warm(states: int) -> Iterator[None]:
    """The warm-up sees so many states; the fewer, the more there is to be learned from sets."""
    with patch.multiple(warmup, _STATES=states, _TIMES=int(states > 1), _LENGTH=8):
        yield


@settings(PATIENT)
@given(programs(), WARMTH)
def test_layers_agree_with_the_oracle_and_the_explicit_search(program: Program, warmth: int) -> None:
    answer = search(build(program), states=60, deadlock=program.deadlock)
    depth = len(answer.levels) - 1 if answer.frontier else None
    with warm(warmth):
        asked: dict[str, Any] = {"depth": depth, "deadlock": program.deadlock, "audit": "all"}
        _, result = both(lambda: build(program), layers=True, **asked)
    if answer.findings:
        check_finding(answer, result)
    else:
        check_coverage(answer, result, any(map(build(program).declared, WATCHED)))


def unbounded(program: Program) -> Machine:
    """The model without its bound, so that it need not be searched by layers."""
    made: Any = type("Unbounded", (type(build(program)),), {"small": None})
    machine: Machine = made()
    return machine


@settings(PATIENT)
@given(programs(), WARMTH)
def test_saturation_agrees_with_the_explicit_search(program: Program, warmth: int) -> None:
    """Where there are not too many states; a violation may lie before infinitely many of them."""

    def make() -> Model:
        return unbounded(program)

    asked: dict[str, Any] = {"deadlock": program.deadlock, "audit": "none"}
    explicit = explore(make(), states=MOST, workers=1, **asked)
    if explicit.stop == "states":
        return
    with warm(warmth):
        symbolic = explore(make(), engine="symbolic", layers=False, time=3.0, **asked)
    if symbolic.stop != "time":
        check(explicit, symbolic, make)
    else:
        assert symbolic.finding is None
        assert explicit.finding is not None or symbolic.states <= explicit.states
