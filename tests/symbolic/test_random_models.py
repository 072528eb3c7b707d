"""Models drawn at random: the symbolic search agrees with the explicit one, and with the oracle."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings

from differential.agreement import check_coverage, check_finding
from differential.drawing import programs
from differential.machine import Machine, Program, build
from dscheck import Model, explore
from dscheck.checker.notation.properties import WATCHED
from oracle import search
from symbolic.agreement import both, check

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
MOST = 3_000


@settings(PATIENT)
@given(programs())
def test_layers_agree_with_the_oracle_and_the_explicit_search(program: Program) -> None:
    answer = search(build(program), states=100, deadlock=program.deadlock)
    depth = len(answer.levels) - 1 if answer.frontier else None
    _, result = both(lambda: build(program), layers=True, depth=depth, deadlock=program.deadlock, audit="all")
    if answer.findings:
        check_finding(answer, result)
    else:
        check_coverage(answer, result, any(map(build(program).declared, WATCHED)))


def unbounded(program: Program) -> Machine:
    """The model without its bound, so that saturation is not layered."""
    drawn = type(build(program))
    made: Any = type("Unbounded", (drawn,), {"small": None})
    machine: Machine = made()
    return machine


@settings(PATIENT)
@given(programs())
def test_saturation_agrees_with_the_explicit_search(program: Program) -> None:
    """Where the states are not too many for that."""

    def make() -> Model:
        return unbounded(program)

    asked: dict[str, Any] = {"deadlock": program.deadlock, "audit": "none"}
    explicit = explore(make(), states=MOST, workers=1, **asked)
    if explicit.stop == "states":
        return
    symbolic = explore(make(), engine="symbolic", layers=False, **asked, time=60)
    check(explicit, symbolic, make)
