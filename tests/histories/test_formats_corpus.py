"""Every file of the corpus in the formats of other tools, with the operations that a second reader counts."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import CORPUS, entries, needs_corpus
from dscheck.histories.history import FAIL, History
from dscheck.histories.reading import read

FORMATS = {
    "dbcop bincode": "dbcop",
    "dbcop bincode (BE19 history)": "dbcop",
    "cobra log": "cobra",
    "cobra log dir (one .log per session)": "cobra",
    "plume text r(k,v,sess,txn)": "plume",
    "awdit test text": "awdit",
    "# @object / [tid] call/return log": "limo",
    '#type + "method value start end" rows': "polylin",
    "TimeKiller JSON (sid,sno,sts,cts,ops)": "timekiller",
}
MINE = [row for row in entries() if row["format"] in FORMATS]

Counts = tuple[int, int, int]
"""Operations that may have happened, of which returned or committed, and their micro-operations."""


def dbcop(file: bytes) -> Counts:
    at, committed, inside = 40, 0, 0

    def number() -> int:
        nonlocal at
        at += 8
        return int(struct.unpack_from("<Q", file, at - 8)[0])

    for _ in range(3):
        length = number()
        at += length
    for _ in range(number()):
        for _ in range(number()):
            events = number()
            succeeded = [file[at + 18 * event + 17] for event in range(events)]
            failed_writes = [file[at + 18 * event] and not succeeded[event] for event in range(events)]
            at += 18 * events + 1
            if file[at - 1] and (any(succeeded) or not any(failed_writes)):
                committed += 1
                inside += sum(succeeded)
    assert at == len(file)
    return committed, committed, inside


def cobra(file: bytes) -> Counts:
    sizes = {ord("S"): 9, ord("C"): 9, ord("W"): 25, ord("R"): 33}
    at, seen = 0, dict.fromkeys(sizes, 0)
    while at < len(file):
        seen[file[at]] += 1
        at += sizes[file[at]]
    return seen[ord("S")], seen[ord("C")], seen[ord("R")] + seen[ord("W")]


def plume(file: bytes) -> Counts:
    events = re.findall(rb"^[rw]\((\d+),(\d+),(\d+),(\d+)\)", file, re.MULTILINE)
    transactions = len({event[3] for event in events})
    return transactions, transactions, len(events)


def awdit(file: bytes) -> Counts:
    transactions = [part for part in re.split(rb"[-=]+", file) if part.strip()]
    return len(transactions), len(transactions), len(re.findall(rb"^[rw] ", file, re.MULTILINE))


def limo(file: bytes) -> Counts:
    return len(re.findall(rb"\] call", file)), len(re.findall(rb"\] return", file)), 0


def polylin(file: bytes) -> Counts:
    rows = [line for line in file.splitlines() if line.strip() and not line.startswith(b"#")]
    return len(rows), len(rows), 0


def timekiller(file: bytes) -> Counts:
    transactions = len(re.findall(rb'"sts"', file))
    return transactions, transactions, len(re.findall(rb'"t":', file))


SECOND: dict[str, Callable[[bytes], Counts]] = {
    of.__name__: of for of in (dbcop, cobra, plume, awdit, limo, polylin, timekiller)
}


def counts(history: History) -> Counts:
    happened = history.outcome != FAIL
    inside = (
        0
        if history.micro is None
        else int((history.micro.offsets[1:] - history.micro.offsets[:-1])[happened].sum())
    )
    return int(happened.sum()), int((history.outcome == 0).sum()), inside


@needs_corpus
def test_the_corpus_has_all_these_formats() -> None:
    assert {row["format"] for row in MINE} == FORMATS.keys()
    assert len(MINE) > 370


@needs_corpus
@pytest.mark.parametrize("name", sorted(SECOND))
def test_recognised_and_counted(name: str) -> None:
    """A text among the bincodes is Plume's: the index names its folder."""
    for row in MINE:
        path = CORPUS / row["file"]
        expected = (
            "plume" if path.suffix == ".txt" and FORMATS[row["format"]] == "dbcop" else FORMATS[row["format"]]
        )
        if expected == name:
            history = read(path)
            assert history.format == name, path
            assert counts(history) == SECOND[name](path.read_bytes()), path


@needs_corpus
def test_a_folder_of_cobra_logs_is_one_recording() -> None:
    folder = CORPUS / "polysi/artifact/PolySIHistories/fig8_9_10/tpcc-10000/hist-00000"
    files = sorted(folder.glob("*.log"))
    history = read(folder)
    assert len(history) == sum(len(read(file)) for file in files)
    assert set(history.process.tolist()) == {int(file.stem[1:]) for file in files}
    assert history.hints["partial"], "writers are in files that the corpus has not"
    apart = sum(read(file).hints["notes"]["reads of other files"] for file in files)
    assert 0 < history.hints["notes"]["reads of other files"] < apart


@needs_corpus
@pytest.mark.parametrize("pattern", ["**/*.bincode", "**/yugabyte.txt", "**/sample_history.txt"])
def test_registers_of_these_start_at_zero(pattern: str) -> None:
    """No checker of the corpus's projects accepts them otherwise: what is read and never written is 0."""
    files: list[Path] = list(CORPUS.glob(pattern))[:60]
    assert files
    for file in files:
        history = read(file)
        assert history.hints["initial"] == 0
        micro = history.micro
        assert micro is not None
        written = set(
            zip(micro.key[micro.kind == 1].tolist(), micro.value[micro.kind == 1].tolist(), strict=True)
        )
        reads = zip(micro.key[micro.kind == 0].tolist(), micro.value[micro.kind == 0].tolist(), strict=True)
        assert {value for key, value in reads if (key, value) not in written} <= {0}, file


@needs_corpus
def test_initial_transactions_that_are_recorded_are_not_implied_again() -> None:
    for name in ("isovista/history/bugs/pg_ser_bug.txt", "awdit/histories/tests/causal/lost-update.txt"):
        assert "initial" not in read(CORPUS / name).hints
