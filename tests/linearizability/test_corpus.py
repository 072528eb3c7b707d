"""Histories of other projects get the verdicts that their labels say, or the label is shown wrong."""

from __future__ import annotations

import pytest

from corpus import CORPUS, entries, needs_corpus
from dscheck.checker.consistency.datatypes import specification_of
from dscheck.checker.consistency.judgement import Judgement, Limits
from dscheck.checker.consistency.linearizability.check import check
from dscheck.checker.specifications.catalogue import by_name
from dscheck.checker.verdict import Verdict
from dscheck.histories.reading import read

LABELS = {"linearizable": Verdict.HOLDS, "not linearizable": Verdict.VIOLATED}


def judged(file: str, model: str | None = None) -> Judgement:
    history = read(CORPUS / file)
    specification = specification_of(history) if model is None else by_name(model)
    [judgement] = check(history, specification, limits=Limits(seconds=20))
    return judgement


@needs_corpus
@pytest.mark.parametrize("folder", ["porcupine/test_data/jepsen", "porcupine/test_data/kv", "knossos/data"])
def test_labelled_registers_stores_and_locks(folder: str) -> None:
    rows = [row for row in entries() if row["file"].startswith(folder) and row["expected_verdict"] in LABELS]
    assert rows
    for row in rows:
        # Knossos's only multi-register begins with zeros, which its file does not say.
        model = "multi-register:initial=0" if "multi-register" in row["file"] else None
        judgement = judged(row["file"], model)
        assert judgement.verdict is LABELS[row["expected_verdict"]], row["file"]
        assert all(anomaly.witness.operations for anomaly in judgement.anomalies)


@needs_corpus
def test_registers_of_elle_cli() -> None:
    rows = [row for row in entries() if row["file"].startswith("elle-cli/histories/knossos")]
    assert rows
    for row in rows:
        wanted = Verdict.HOLDS if row["expected_verdict"].startswith("valid") else Verdict.VIOLATED
        assert judged(row["file"]).verdict is wanted, row["file"]


@needs_corpus
@pytest.mark.parametrize(
    ("name", "verdict"), [("counter.json", "holds"), ("set.edn", "holds"), ("bank.edn", "holds")]
)
def test_data_types_of_elle_cli(name: str, verdict: str) -> None:
    assert str(judged(f"elle-cli/histories/jepsen/{name}").verdict) == verdict


@needs_corpus
def test_a_label_that_is_wrong_for_real_time() -> None:
    """elle-cli calls it valid, but its second transaction read a value that nobody wrote."""
    judgement = judged("elle-cli/histories/elle/rw-register.json")
    assert judgement.verdict is Verdict.VIOLATED
    assert judgement.anomalies[0].witness.operations == (1,)
