"""The near-linear checks on the labelled histories of LiMo, Violin and PolyLin."""

from __future__ import annotations

import pytest

from corpus import CORPUS, entries, needs_corpus
from dscheck.checker.consistency.datatypes import specification_of
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability.learning import Learned
from dscheck.checker.consistency.linearizability.near_linear import DATATYPES, judge
from dscheck.checker.consistency.linearizability.search import Search
from dscheck.checker.verdict import Verdict
from dscheck.histories.reading import read

LABELS = {"linearizable": Verdict.HOLDS, "not linearizable": Verdict.VIOLATED}


def found_in(folder: str) -> list[dict[str, str]]:
    return [entry for entry in entries() if entry["file"].startswith(f"{folder}/")]


@needs_corpus
@pytest.mark.parametrize("folder", ["limo", "violin", "polylin"])
def test_labels_and_the_general_search_agree(folder: str) -> None:
    judged = 0
    for entry in found_in(folder):
        history = read(CORPUS / entry["file"])
        specification = specification_of(history)
        if specification.name not in DATATYPES:
            continue
        outcomes = judge(history, specification.name)
        if any(outcome.verdict is None for outcome in outcomes):
            continue
        broken = any(outcome.verdict is Verdict.VIOLATED for outcome in outcomes)
        verdict = Verdict.VIOLATED if broken else Verdict.HOLDS
        assert verdict is LABELS.get(entry["expected_verdict"], verdict), entry["file"]
        if len(history) < 200:
            searched = Search.of(history, Learned(specification)).linearize(Limits(seconds=5))
            assert searched.undecided or bool(searched.broken) is broken, entry["file"]
        judged += 1
    assert judged >= len(found_in(folder)) * 0.8 - 1
