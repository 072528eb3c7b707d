"""Models drawn at random: engine and oracle agree, however many threads the engine uses."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from differential.agreement import compare, timeless
from differential.drawing import programs
from differential.machine import Program, build
from dscheck import explore

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(PATIENT, max_examples=3 * settings().max_examples)
@given(programs())
def test_engine_and_oracle_agree(program: Program) -> None:
    compare(build(program), states=100, deadlock=program.deadlock)


@settings(PATIENT)
@given(programs())
def test_threads_make_no_difference(program: Program) -> None:
    one, two, four = (
        timeless(explore(build(program), states=1_000, deadlock=program.deadlock, workers=workers))
        for workers in (1, 2, 4)
    )
    assert one == two == four
