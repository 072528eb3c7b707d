"""Models with clients, drawn at random: engine and oracle agree, whether or not the promise is asked for."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from differential.agreement import compare, timeless
from dscheck import Model, Verdict, explore
from monitor.shops import Market, Plan, build, plans
from oracle import search

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(PATIENT)
@given(plans())
def test_engine_and_oracle_agree(plan: Plan) -> None:
    compare(build(plan), states=250)


@settings(PATIENT)
@given(plans())
def test_threads_make_no_difference(plan: Plan) -> None:
    one, two, four = (timeless(explore(build(plan), states=2_000, workers=workers)) for workers in (1, 2, 4))
    assert one == two == four


@settings(PATIENT, max_examples=settings().max_examples // 2)
@given(plans())
def test_monitors_change_nothing_else(plan: Plan) -> None:
    """Without the promise the states are the oracle's without the history; with it there are more of them."""
    plain = build(plan)
    unwatched = explore(plain, properties=["all_done"], states=3_000)
    if unwatched.stop != "exhausted":
        return
    bare: type[Model] = type("Bare", (Market,), {**vars(type(plain)), "makes_sense": None})
    assert unwatched.states == search(bare()).states
    watched = explore(build(plan))
    if watched.verdict is Verdict.HOLDS:
        assert watched.states >= unwatched.states
        assert watched.depth >= unwatched.depth
        assert watched.actions.keys() == unwatched.actions.keys()
        assert all((watched.actions[name] > 0) == (taken > 0) for name, taken in unwatched.actions.items())


def test_the_models_are_not_all_alike() -> None:
    """Both promises are kept and broken by what is drawn."""
    found: Counter[tuple[str, Verdict]] = Counter()

    @settings(PATIENT, max_examples=60)
    @given(plans())
    def judge(plan: Plan) -> None:
        found[plan.promise, explore(build(plan), depth=12).verdict] += 1

    judge()
    for promise in ("linearizable", "sequentially_consistent"):
        assert found[promise, Verdict.VIOLATED] > 1
        assert found[promise, Verdict.HOLDS] > 1


@pytest.mark.parametrize("workers", [2, 4])
def test_a_larger_model_in_threads(workers: int) -> None:
    from dscheck.models.registers.single_copy_register import SingleCopyRegister

    model = SingleCopyRegister(clients=3)
    one, more = (timeless(explore(model, workers=count)) for count in (1, workers))
    assert one == more
