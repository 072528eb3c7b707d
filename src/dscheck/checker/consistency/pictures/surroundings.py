"""Which operations to show around a witness: enough to understand, never more than fit a page."""

from __future__ import annotations

from typing import Final

import numpy as np

from dscheck.checker.consistency.judgement import Witness
from dscheck.histories.history import FAIL, NEVER, History

_NEIGHBOURS: Final = 16
MOST: Final = 60
"""Operations in one picture."""


def shown(history: History, witness: Witness, most: int = MOST) -> tuple[int, ...]:
    """Rows to show: the witness, what fits next to it of its explanation, and its neighbours in time.

    The neighbours are those of the same keys that were under way nearest to the witness's operations.
    """
    proof = witness.operations
    if len(proof) > most:  # both ends
        proof = (*proof[: most // 2], *proof[-most // 2 :])
    rows = dict.fromkeys([*witness.stuck[: most // 2], *proof, *reversed(witness.order[-20:])])
    rows = dict.fromkeys(list(rows)[:most])
    if rows and len(rows) < most and history.micro is None:
        rows.update(dict.fromkeys(_neighbours(history, list(rows), most - len(rows))))
    return tuple(sorted(rows))


def _neighbours(history: History, rows: list[int], most: int) -> list[int]:
    """The nearest operations of the same objects, by their distance in time from any of the witness."""
    same = np.isin(history.key, np.unique(history.key[rows])) & (history.outcome != FAIL)
    same[rows] = False
    candidates = np.flatnonzero(same)
    started, done = history.invoked[candidates], history.returned[candidates]
    distance = np.full(len(candidates), NEVER, np.int64)
    for row in rows:
        begin, end = int(history.invoked[row]), int(history.returned[row])
        end = begin if end == NEVER else end
        # What never returned counts where it began, or a picture would fill with what was lost long ago.
        near = np.where(done == NEVER, started, done)
        distance = np.minimum(distance, np.maximum(np.maximum(begin - near, started - end), 0))
    nearest = np.argsort(distance, kind="stable")[: min(most, _NEIGHBOURS)]
    return [int(row) for row in candidates[nearest]]
