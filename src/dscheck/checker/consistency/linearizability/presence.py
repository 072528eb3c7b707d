"""Sets, by their elements, and locks: what is wrong, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck.checker.consistency.linearizability.families import LOOKS, PUTS, SCANS, TAKES, Family, told
from dscheck.histories.history import History


def _absent(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} needs a moment in which the element is there, and none is left"


def _present(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} needs a moment in which the element is not there, and none is left"


def _free(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} needs a moment in which the lock is held, and none is left"


def _held(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} needs a moment in which the lock is free, and none is left"


def _untold(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} does not say whether the element was there before"


def _unwritten(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} found an element that nothing added"


def _incomparable(history: History, rows: Sequence[int]) -> str:
    one, other = told(history, rows[0]), told(history, rows[1])
    return f"{one} and {other} each lack an element that the other found, and nothing removes any"


def _late(history: History, rows: Sequence[int]) -> str:
    read, other = told(history, rows[0]), told(history, rows[1])
    return f"{read} found all that {other} stands for, but returned before that began"


def _lacking(history: History, rows: Sequence[int]) -> str:
    add, *others = (told(history, row) for row in rows)
    if not others:
        return f"{add} needs the element to be there, but nothing that returned so late can have added it"
    before = f", which cannot come before {others[1]}" if len(others) > 1 and others[1] != others[0] else ""
    return f"{add} returned too early for its element to be missing from {others[0]}{before}"


def _whole(history: History, rows: Sequence[int]) -> str:
    return f"there are reads of the whole set, and {told(history, rows[0])}, which is no add"


SET = Family(
    engine_name="set",
    roles={"add": PUTS, "remove": TAKES, "contains": LOOKS, "read": SCANS},
    rules={
        0: _unwritten,
        13: _absent,
        14: _present,
        15: _incomparable,
        16: _late,
        17: _lacking,
    },
    obstacles={6: _untold, 8: _whole},
    has_truths=True,
)
"""True of add and remove: it changed something; False: it did not; nil: nobody was told.  It can be
read as a whole where there are no other operations than adds."""

LOCK = Family(
    engine_name="lock",
    roles={"acquire": PUTS, "release": TAKES},
    rules={13: _free, 14: _held},
    obstacles={},
    has_truths=True,
)
"""A lock without fencing tokens; any process may release it.  False: it was found otherwise, and left so."""
