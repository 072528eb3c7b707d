"""Labelled histories of other projects get the verdict of their label, or the label is shown to be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from corpus import CORPUS, entries, needs_corpus
from dscheck import Verdict, Verification, read, verify

_SER: Final = "strong-session-serializable"
_SI: Final = "strong-session-snapshot-isolation"

WRONG_LABELS: Final = {
    # Aborted transactions were counted as committed.  Without them there is a serial order, which
    # isolation/polygraph finds and executes before it says "holds".
    **{
        f"veristrong/history/table2/ser/dbcop/{folder}/history.bincode": Verdict.HOLDS
        for folder in (
            "roachdb_general_partition_writes/6_40_20_360/hist-00000",
            "roachdb_general_partition_writes/6_60_20_360/hist-00000",
            "roachdb_partition_writes/3_30_20_180/hist-00044",
            "roachdb_partition_writes/6_30_20_360/hist-00021",
        )
    },
    # It reads 3, which nobody wrote; elle-cli infers no order for it, and so finds nothing.
    "elle-cli/histories/elle/rw-register.json": Verdict.VIOLATED,
}
"""Labels that are not right, and the verdict that is."""

MODELS: Final = {"knossos/data/multi-register/good/multi-register.edn": "multi-register:initial=0"}
"""What a file says of its data type in a comment only."""


def wanted(label: str) -> tuple[dict[str, Any], Verdict | None]:
    """What to ask, and what to expect; None where the index does not say."""
    text = label.split("(")[0].strip()
    kept = Verdict.VIOLATED if "violated" in text else Verdict.HOLDS if "satisfied" in text else None
    if text.startswith("SER") and kept:
        return {"consistency": [_SER]}, kept
    if text.startswith("SI") and kept:
        return {"consistency": [_SI]}, kept
    if text in ("linearizable", "not linearizable"):
        return {}, Verdict.VIOLATED if text.startswith("not") else Verdict.HOLDS
    if text.startswith(("invalid under", "valid under")):
        return {}, Verdict.VIOLATED if text.startswith("invalid") else Verdict.HOLDS
    return {}, None


def judged(file: str, **asked: Any) -> Verification:
    """The file as the command would judge it."""
    return verify(read(CORPUS / file), model=MODELS.get(file), time=60, **asked)


@needs_corpus
@pytest.mark.parametrize("source", sorted({row["file"].split("/")[0] for row in entries()}))
def test_labels(source: str) -> None:
    wrong = []
    for row in entries():
        file = row["file"]
        asked, verdict = wanted(row["expected_verdict"])
        if not file.startswith(f"{source}/") or verdict is None or "presumed" in row["expected_verdict"]:
            continue
        verdict = WRONG_LABELS.get(file, verdict)
        result = judged(file, **asked)
        if result.verdict is not verdict:
            wrong.append(f"{file}: {result.verdict}, not {verdict}")
        broken = [found for found in result.judgements if found.verdict is Verdict.VIOLATED]
        wrong += [f"{file}: {found.promise} without a witness" for found in broken if not found.anomalies]
    assert wrong == []


@needs_corpus
def test_levels_of_awdits_own_tests() -> None:
    """`causal` satisfies all, `read-atomic` not causal, `read-committed` not read atomic.

    AWDIT's read committed is what dscheck calls monotonic atomic view in sessions.
    """
    weaker = ["causal", "strong-session-read-atomic", "strong-session-monotonic-atomic-view"]
    seen = 0
    for row in entries():
        if row["file"].startswith("awdit/"):
            kept = {"causal": 3, "read-atomic": 2, "read-committed": 1}[row["model"]]
            result = judged(row["file"], consistency=weaker)
            verdicts = [result.judgement(level).verdict for level in weaker]
            assert verdicts == [Verdict.VIOLATED] * (3 - kept) + [Verdict.HOLDS] * kept, row["file"]
            seen += 1
    assert seen == 12


@needs_corpus
def test_nothing_in_the_corpus_takes_a_verdict_away_from_us() -> None:
    """Unlabelled and presumed histories are judged, too: with a verdict, not with an error or a crash."""
    files = [row["file"] for row in entries() if wanted(row["expected_verdict"])[1] is None]
    assert len(files) > 100
    for file in files[:: max(1, len(files) // 60)]:
        assert judged(file).verdict in (Verdict.HOLDS, Verdict.VIOLATED, Verdict.UNDECIDED), file


@needs_corpus
def test_names_of_the_index_are_files() -> None:
    assert all(Path(CORPUS / row["file"]).is_file() for row in entries())
