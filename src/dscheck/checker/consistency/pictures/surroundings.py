"""Which operations to show around a witness: enough to understand, never more than fit a page."""

from __future__ import annotations

from typing import Final

import numpy as np

from dscheck.checker.consistency.judgement import Witness
from dscheck.histories.history import FAIL, NEVER, History

MOST: Final = 120
"""Operations in one picture."""


def shown(history: History, witness: Witness, most: int = MOST) -> tuple[int, ...]:
    """Rows to show: the witness, what fits next to it of its explanation, and its neighbours in time.

    The neighbours are those of the same keys that were under way nearest to the witness's last operation.
    """
    rows = dict.fromkeys([*witness.stuck[:most], *witness.operations[:most], *reversed(witness.order[-20:])])
    rows = dict.fromkeys(list(rows)[:most])
    if rows and len(rows) < most and history.micro is None:
        rows.update(dict.fromkeys(_neighbours(history, list(rows), most - len(rows))))
    return tuple(sorted(rows))


def _neighbours(history: History, rows: list[int], most: int) -> list[int]:
    """The nearest operations of the same objects, by the distance of their invocations from the witness."""
    keys = np.unique(history.key[rows])
    same = np.isin(history.key, keys) & (history.outcome != FAIL)
    same[rows] = False
    begin = int(history.invoked[rows].min())
    ends = history.returned[rows]
    end = int(max(history.invoked[rows].max(), ends[ends != NEVER].max(initial=0)))
    candidates = np.flatnonzero(same)
    started = history.invoked[candidates]
    done = np.minimum(history.returned[candidates], end + 1)
    distance = np.maximum(np.maximum(begin - done, started - end), 0)
    pending_long_ago = (history.returned[candidates] == NEVER) & (started < begin)
    distance = np.where(pending_long_ago, begin - started, distance)
    nearest = np.argsort(distance, kind="stable")[: min(most, 30)]
    return [int(row) for row in candidates[nearest]]
