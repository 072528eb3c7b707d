"""Models drawn at random: a proof succeeds where trying every state says so, and only there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from differential.cells import Cell
from differential.drawing import NEVER, programs
from differential.language import Scope
from differential.machine import Machine, Program, build
from dscheck import Model, Proof, Verdict, lemma, prove
from dscheck.checker.notation.values import in_order, show
from dscheck.checker.traces.tell import name_of
from oracle.state import State
from proof import guarded
from proof.brute import Escape, TooMany, broken_in, closed, is_inductive, raising

PATIENT = settings(
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
)
MOST = 120


def drawn(program: Program) -> Machine:
    """A small model with a lemma besides its promise."""

    def helps(self: Any, a: Cell) -> bool:
        return not self.program.goal(Scope(self, (a,)))

    model = build(replace(program, watched=None, allowed=None, restless=NEVER, cells=min(program.cells, 2)))
    made: Any = type("Drawn", (type(model),), {"helps": lemma(helps)})
    machine: Machine = made()
    return machine


def compare(make: Callable[[], Model], search: int, k: int) -> None:
    try:
        expected = is_inductive(make(), MOST, k)
    except TooMany:
        return
    proof = prove(make(), search=search, k=k)
    assert proof.is_closed
    assert (proof.verdict is Verdict.HOLDS) == expected, proof
    if proof.gap is not None and k == 1:
        check_gap(make(), proof)


def check_gap(model: Model, proof: Proof) -> None:
    """The state before is one that keeps all invariants, and the step leads where it is said to lead."""
    kept = closed(model, MOST)
    states = [kept.before] if isinstance(kept, Escape) else kept
    gap = proof.gap
    assert gap is not None
    found = [state for state in states if told(state) == dict(gap.trace.start)]
    ends = [step for state in found for step in raising(state) if step.name == gap.label.partition("(")[0]]
    broken = {name for step in ends if step.after is not None for name in broken_in(step.after)}
    assert gap.finding.name in broken or any(step.error is not None for step in ends)


def told(state: State) -> dict[str, str]:
    """A state's variables as a trace shows them."""
    found: dict[str, Any] = {}
    for place in dict.fromkeys([*state.model.layout.places, *state.changed]):
        if place.is_member:
            name = name_of(place).partition("[")[0]
            found[name] = {*found.get(name, ()), *([place.key] if state[place] else [])}
        else:
            found[name_of(place)] = state[place]
    for collection in state.model.layout.collections:
        found.setdefault(name_of(collection), set())
    return {
        name: "{" + ", ".join(map(show, in_order(value))) + "}" if isinstance(value, set) else show(value)
        for name, value in found.items()
    }


@settings(PATIENT)
@given(programs(), st.sampled_from((1, MOST)), st.integers(1, 3))
def test_a_proof_is_what_trying_every_state_says(program: Program, search: int, k: int) -> None:
    compare(lambda: drawn(program), search, k)


@settings(PATIENT)
@given(guarded.GUARDED, st.sampled_from((1, MOST)), st.integers(1, 3))
def test_so_it_is_where_most_states_are_never_reached(program: guarded.Program, search: int, k: int) -> None:
    compare(lambda: guarded.build(program), search, k)


@settings(PATIENT, max_examples=settings().max_examples // 2)
@given(guarded.GUARDED)
def test_houdini_leaves_what_is_inductive(program: guarded.Program) -> None:
    """What is left is inductive without what was taken away; and that is not inductive with it."""
    whole = guarded.build(program)
    without: Any = type("Without", (type(whole),), {"helps": None})
    try:
        with_it, without_it = is_inductive(whole, MOST), is_inductive(without(), MOST)
    except TooMany:
        return
    proof = prove(guarded.build(program), houdini=True)
    assert set(proof.lemmas) | set(proof.dropped) == {"helps"}
    if proof.verdict is Verdict.HOLDS:
        assert without_it if proof.dropped else with_it
    if proof.dropped:
        assert not with_it
