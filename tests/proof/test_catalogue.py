"""The catalogue's models that have a full proof; and no wrong variant has one."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Verdict, explore, prove
from dscheck.cli.loading import load

PROVED: list[tuple[str, dict[str, Any]]] = [
    ("two_phase_commit", {}),
    ("two_phase_commit", {"nodes": 12}),
    ("lost_update", {"strategy": "version"}),
    ("lost_update", {"strategy": "value"}),
    ("lost_update", {"strategy": "lock"}),
    ("lost_update", {"clients": 3, "updates": 3}),
    ("peterson", {}),
    ("quorum_register", {"reads": 1}),
    ("paxos", {}),
]
NAMES = sorted({name for name, _ in PROVED})
MUTANTS = [mutant for name in NAMES for mutant in load(name).mutants]


@pytest.mark.parametrize(("name", "params"), PROVED, ids=str)
def test_proved(name: str, params: dict[str, Any]) -> None:
    proof = prove(load(name)(**params))
    assert proof.verdict is Verdict.HOLDS, proof
    assert proof.is_closed
    assert proof.properties == tuple(found.name for found in load(name)(**params).declared("always"))
    assert not proof.dropped


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_no_wrong_variant_is_proved(mutant: Any) -> None:
    """Not even where the search beside the proof, which would find most of them out, sees nothing."""
    model = mutant(**mutant.caught.params)
    promises = [found.name for found in model.declared("always")]
    seen = explore(model, properties=promises, deadlock=False, states=100_000).verdict
    if mutant.breaks in promises:
        assert seen is Verdict.VIOLATED
    if seen is Verdict.VIOLATED:
        proof = prove(mutant(**mutant.caught.params), search=1)
        assert proof.verdict is not Verdict.HOLDS, proof


@pytest.mark.parametrize("name", NAMES)
def test_lemmas_are_true(name: str) -> None:
    """As far as a short search sees; `explore` judges them only where they are asked for."""
    model = load(name)()
    lemmas = [found.name for found in model.declared("lemma")]
    result = explore(model, properties=lemmas, states=20_000, deadlock=False)
    assert result.finding is None
    assert [promise.name for promise in result.promises] == lemmas
    assert not {promise.name for promise in explore(load(name)(), states=10).promises} & set(lemmas)


def test_raft_takes_more_lemmas_than_it_has() -> None:
    """How far that goes: the first gap is a leader that counts on entries that it does not have."""
    proof = prove(load("raft")(nodes=2, terms=1))
    assert (proof.verdict, proof.stop) == (Verdict.UNDECIDED, "gap")
    assert proof.gap is not None
    assert proof.gap.finding.failure is not None
    assert proof.gap.finding.failure.kind == "IndexError"
