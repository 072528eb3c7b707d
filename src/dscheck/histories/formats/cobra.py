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
hints["partial"] is True, and hints["notes"] counts them.  Where hashes are the values of such a part, nothing
tells whether a read saw a write in it that has the same hash, or one in a missing file: unless the
transaction reads what it wrote itself, what is read is a value that no write has (the text `hash 55`), and
hints["notes"] counts these reads, too.  `line` is the byte where a transaction begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.files import content
from dscheck.histories.formats.foreign import transactions
from dscheck.histories.history import READ, WRITE, History, MicroOperations
from dscheck.histories.values import NIL

NAME: Final = "cobra"
SUMMARY: Final = "Cobra's binary logs, one file per session; a folder is one recording"
CHECKED: Final = True
"""The engine's reader sees to it that the history is sound."""

_WORDS: Final = {ord("S"): 1, ord("C"): 1, ord("A"): 1, ord("W"): 3, ord("R"): 4}
_ENOUGH: Final = 20
_HASHED: Final = b"W" + (0xABDDEFEE).to_bytes(8, "big")
"""How a write without a number of its own begins; a chance match only makes fewer reads certain."""


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
    history = transactions(NAME, paths, binary=True, hints={"initial": None}, title=title)
    if history.hints.get("notes", {}).get("reads of other files"):
        history.hints["partial"] = True
        if any(_HASHED in content(path) for path in paths):
            history = _without_writers(history)
    return replace(history, process=np.array(_sessions(paths), np.int64)[history.process])


def _without_writers(history: History) -> History:
    """The history in which no read of a hash is one of a write of that hash, as far as others may have
    written it."""
    micro = history.micro
    assert micro is not None
    value = micro.value.copy()
    at = np.flatnonzero((micro.kind == READ) & (value != NIL) & ~_own(micro))
    hashes, which = np.unique(value[at], return_inverse=True)
    values = history.values
    texts = [values.code(f"hash {values.value(int(code))}") for code in hashes]
    value[at] = np.array(texts, np.int64)[which]
    history.hints["notes"]["reads of hashes"] = len(at)
    return replace(history, micro=replace(micro, value=value))


def _own(micro: MicroOperations) -> npt.NDArray[np.bool_]:
    """What follows a write of its own transaction to the same key."""
    place = np.arange(len(micro.key))
    owner = np.repeat(np.arange(len(micro.offsets) - 1), np.diff(micro.offsets))
    order = np.lexsort((place, micro.key, owner))
    same = (owner[order][1:] == owner[order][:-1]) & (micro.key[order][1:] == micro.key[order][:-1])
    begins = np.concatenate([[0], np.flatnonzero(~same) + 1])
    group = np.concatenate([[0], np.cumsum(~same)])
    writes = np.concatenate([[0], np.cumsum(micro.kind[order] == WRITE)])
    found = np.empty(len(place), bool)
    found[order] = writes[:-1] > writes[begins][group]
    return found


def _sessions(paths: Sequence[Path]) -> list[int]:
    found = [re.search(r"(\d{1,9})\D*$", path.stem) for path in paths]
    numbers = [int(match[1]) for match in found if match]
    return numbers if len(set(numbers)) == len(paths) else list(range(len(paths)))
