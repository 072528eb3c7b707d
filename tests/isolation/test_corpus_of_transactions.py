"""Recordings of other projects whose verdict is known."""

from __future__ import annotations

import time

import pytest

from corpus import CORPUS, needs_corpus
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.judgement import Judgement
from dscheck.checker.verdict import Verdict
from dscheck.histories.reading import read

pytestmark = needs_corpus


def verdicts(file: str) -> dict[str, Judgement]:
    return {judged.promise: judged for judged in check(read(CORPUS / file))}


def test_a_huge_component_is_classified_at_once() -> None:
    """3,036 transactions in one component, at which Elle's searches time out."""
    history = read(CORPUS / "elle/histories/huge-scc.edn")
    began = time.process_time()
    told = {judged.promise: judged for judged in check(history)}
    assert time.process_time() - began < 2.0
    assert told["strict-serializable"].verdict is Verdict.VIOLATED
    names = {anomaly.name for anomaly in told["strict-serializable"].anomalies}
    assert names == {"G-single-realtime", "G-nonadjacent-realtime", "G2-item-realtime"}
    assert all(anomaly.witness.minimal for anomaly in told["strict-serializable"].anomalies)
    assert told["strong-session-serializable"].verdict is Verdict.HOLDS


def test_snapshot_isolation_without_read_skew() -> None:
    """Elle's example of a history in a circle of which every single part is allowed."""
    told = verdicts("elle/histories/si-without-g-single.edn")
    assert told["snapshot-isolation"].verdict is Verdict.HOLDS
    assert told["serializable"].verdict is Verdict.VIOLATED
    assert {anomaly.name for anomaly in told["serializable"].anomalies} == {"G2-item"}


@pytest.mark.parametrize("file", ["list-append-gh-30.edn", "paper-example.edn"])
def test_lists_that_are_not_serializable(file: str) -> None:
    assert verdicts(f"elle-cli/histories/elle/{file}")["serializable"].verdict is Verdict.VIOLATED


def test_a_register_that_is_labelled_valid_but_shows_a_value_that_nobody_wrote() -> None:
    """elle-cli calls it valid, as the write of 3 may lie outside of the recording; alone, it is not."""
    told = verdicts("elle-cli/histories/elle/rw-register.json")
    assert told["serializable"].anomalies[0].name == "garbage read"


@pytest.mark.parametrize(("file", "verdict"), [("bank", Verdict.HOLDS), ("bank-tidb", Verdict.VIOLATED)])
def test_banks(file: str, verdict: Verdict) -> None:
    told = verdicts(f"elle-cli/histories/jepsen/{file}.edn")
    assert told["constant-total"].verdict is verdict
    assert told["snapshot-isolation"].verdict is verdict


@pytest.mark.parametrize(
    ("file", "verdict"), [("set.edn", Verdict.HOLDS), ("set_full.edn", Verdict.VIOLATED)]
)
def test_sets(file: str, verdict: Verdict) -> None:
    assert verdicts(f"elle-cli/histories/jepsen/{file}")["strict-serializable"].verdict is verdict


def test_comments() -> None:
    """A later comment is seen, an earlier one is not: cockroachdb's causal reverse."""
    told = verdicts("elle-cli/histories/custom/comments.edn")
    assert told["strict-serializable"].verdict is Verdict.VIOLATED
