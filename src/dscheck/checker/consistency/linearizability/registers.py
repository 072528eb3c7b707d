"""Registers whose observed values were each written once: what their zones say, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck.checker.consistency.linearizability.families import LOOKS, PUTS, SWAPS, Family, told
from dscheck.histories.history import History


def _unwritten(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} found a value that nothing wrote"


def _early(history: History, rows: Sequence[int]) -> str:
    return (
        f"{told(history, rows[1])} returned before the write of that value, {told(history, rows[0])}, began"
    )


def _period(history: History, first: int, last: int) -> str:
    """When a value certainly holds the register; rows beyond the history stand for its first value."""
    begin = f"the return of {told(history, first)}" if first < len(history) else "the beginning"
    return f"from {begin} to the invocation of {told(history, last)}"


def _overlap(history: History, rows: Sequence[int]) -> str:
    one, other = _period(history, rows[0], rows[1]), _period(history, rows[2], rows[3])
    return f"one value holds the register {one}, another one {other}: these periods overlap"


def _inside(history: History, rows: Sequence[int]) -> str:
    last, first = told(history, rows[3]), told(history, rows[2])
    its = (
        first
        if rows[2] == rows[3]
        else f"the value of {last}, which has to go again by the return of {first},"
    )
    period = _period(history, rows[0], rows[1])
    return f"one value holds the register {period}: there is no room for {its} in that period"


def _twice(history: History, rows: Sequence[int]) -> str:
    one, other = told(history, rows[0]), told(history, rows[1])
    return f"{one} and {other} both replaced the same value, which was written once"


def _chain(history: History, rows: Sequence[int]) -> str:
    earlier, later = told(history, rows[0]), told(history, rows[1])
    return f"{later} depends on what came of {earlier}, but returned before that one began"


def _circle(history: History, rows: Sequence[int]) -> str:
    members = ", ".join(told(history, row) for row in rows)
    return f"each of {members} needs the value that another of them wrote: none can be first"


def _duplicate(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} found a value that was written more than once"


def _unequal(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} compared unequal, which zones do not express"


_RULES = {0: _unwritten, 1: _early, 2: _overlap, 3: _inside, 4: _twice, 5: _chain, 6: _circle}
_OBSTACLES = {1: _duplicate, 2: _unequal}

REGISTER = Family(
    engine_name="register",
    roles={"read": LOOKS, "write": PUTS},
    rules=_RULES,
    obstacles=_OBSTACLES,
)
"""Reads and writes."""

CAS_REGISTER = Family(
    engine_name="register",
    roles={"read": LOOKS, "write": PUTS, "cas": SWAPS},
    rules=_RULES,
    obstacles=_OBSTACLES,
    has_truths=True,
)
"""Reads, writes, and compare-and-sets with an argument (old, new); the result False says "unequal"."""

KEY_VALUE = Family(
    engine_name="register",
    roles={"get": LOOKS, "put": PUTS},
    rules=_RULES,
    obstacles=_OBSTACLES,
)
"""Gets and puts; keys with other functions, as texts that grow, are none of its business."""
