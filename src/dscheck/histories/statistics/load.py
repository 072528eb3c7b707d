"""How the operations of a recording spread over its keys."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.history import READ, SCAN, History
from dscheck.histories.statistics.measures import KeyLoad, Load
from dscheck.histories.values import NIL

TOP: Final = 15
"""Keys that are shown one by one."""
_READS: Final = ("read", "get", "peek", "contains")


def load(history: History) -> Load | None:
    """Operations per key, micro-operations for transactions; None where nothing names a key."""
    keys, is_read = _asked(history)
    if not len(keys):
        return None
    distinct, counts, reads = _counted(keys, is_read)
    order = np.argsort(-counts, kind="stable")[:TOP]
    top = tuple(
        KeyLoad(_text(history, int(distinct[at])), int(reads[at]), int(counts[at] - reads[at]))
        for at in order
    )
    share = float(counts[order].sum() / len(keys))
    return Load(len(distinct), len(keys), top, share, _gini(counts))


def _asked(history: History) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The keys of all operations that have one, and which of these only read."""
    named = history.key != NIL
    reading = np.array([name in _READS for name in history.functions], bool)
    keys, is_read = history.key[named], reading[history.function[named]]
    if history.micro is not None:
        inside = np.isin(history.micro.kind, (READ, SCAN))
        keys, is_read = np.concatenate([keys, history.micro.key]), np.concatenate([is_read, inside])
    return keys, is_read


def _counted(
    keys: npt.NDArray[np.int64], is_read: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The distinct keys, how often each was asked, how often read."""
    low, high = int(keys.min()), int(keys.max())
    if high - low <= 4 * len(keys) + 1024:
        counts = np.bincount(keys - low)
        distinct = np.flatnonzero(counts)
        reads = np.bincount(keys[is_read] - low, minlength=len(counts))
        return distinct + low, counts[distinct], reads[distinct]
    distinct, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    return distinct, counts, np.bincount(inverse[is_read], minlength=len(distinct))


def _gini(counts: npt.NDArray[np.int64]) -> float:
    """The Gini coefficient: half the mean difference between two keys' counts, over the mean count."""
    ordered = np.sort(counts).astype(np.float64)
    ranks = np.arange(1, len(ordered) + 1)
    return float(
        2 * (ranks * ordered).sum() / (len(ordered) * ordered.sum()) - (len(ordered) + 1) / len(ordered)
    )


def _text(history: History, code: int) -> str:
    text = str(history.values.value(code))
    return text if len(text) <= 24 else f"{text[:22]}..."
