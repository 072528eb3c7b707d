"""Cobra's logs of transactions on registers (Tan et al., OSDI 2020): a folder with one T*.log per session.

Layout: engine/src/histories/foreign/cobra.rs.  Cobra's clients number their writes: the number is the value.
VeriStrong's logs have one number for all writes: there the hash of the value is the value, and several
writes may have the same.

Conventions:
* reads of the initial transaction (0xbebeebee) and of nothing (0xdeadbeef) both give nil, the value of every
  key before its first write (PolySI, VeriStrong and AWDIT do the same);
* reads of the keys that only Cobra's garbage collection writes are left out;
* an abort record (A) makes the transaction fail; one without an end is info;
* only the order within sessions is known.
A single file, or a folder in which files are missing, has reads whose writers lie elsewhere: then
hints["partial"] is True, and hints["notes"] counts them.  `line` is the byte where a transaction begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from dscheck.histories.formats.foreign import transactions
from dscheck.histories.history import History

NAME: Final = "cobra"
SUMMARY: Final = "Cobra's binary logs, one file per session; a folder is one recording"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_WORDS: Final = {ord("S"): 1, ord("C"): 1, ord("A"): 1, ord("W"): 3, ord("R"): 4}
_ENOUGH: Final = 20


def recognises(head: bytes, path: Path) -> int:
    """By the first records: the beginning of a transaction, and what may follow."""
    if head[:1] != b"S" or not any(byte < 9 for byte in head[1:9]):
        return 0
    at, records = 0, 0
    while records < _ENOUGH and at < len(head) and head[at] in _WORDS:
        at += 1 + 8 * _WORDS[head[at]]
        records += 1
    return 95 if records == _ENOUGH or at >= len(head) else 70 if records > 1 else 0


def read(path: Path) -> History:
    """The history of one session.  Raises HistoryError, with the byte, for any other file."""
    return read_many([path])


def read_many(paths: Sequence[Path]) -> History:
    """The history of several sessions; the number in a file's name is that of its session."""
    title = paths[0].name if len(paths) == 1 else paths[0].parent.name
    history = transactions(NAME, paths, binary=True, hints={}, title=title)
    if history.hints.get("notes", {}).get("reads of other files"):
        history.hints["partial"] = True
    return replace(history, process=np.array(_sessions(paths), np.int64)[history.process])


def _sessions(paths: Sequence[Path]) -> list[int]:
    found = [re.search(r"(\d{1,9})\D*$", path.stem) for path in paths]
    numbers = [int(match[1]) for match in found if match]
    return numbers if len(set(numbers)) == len(paths) else list(range(len(paths)))
