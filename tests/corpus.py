"""Labelled histories of other projects, which lie beside the repository and never in it."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

CORPUS = Path(os.environ.get("DSCHECK_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus")
"""Its folder; it need not exist."""

needs_corpus = pytest.mark.skipif(
    not (CORPUS / "INDEX.csv").is_file(),
    reason="the corpus of labelled histories is not beside the repository (../shared/corpus, DSCHECK_CORPUS)",
)
"""Marks a test that reads it."""


def entries() -> list[dict[str, str]]:
    """The rows of the index: file, format, model, expected_verdict, ...; none without a corpus."""
    index = CORPUS / "INDEX.csv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))
