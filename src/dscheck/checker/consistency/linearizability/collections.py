"""Queues, stacks, priority queues and bags whose values were each put there once: what is wrong, in words."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck.checker.consistency.linearizability.families import LOOKS, PUTS, TAKES, Family, told
from dscheck.checker.consistency.wording import plain
from dscheck.histories.history import History


def _unwritten(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} found a value that nothing put there"


def _early(history: History, rows: Sequence[int]) -> str:
    put, found = told(history, rows[0]), told(history, rows[1])
    return f"{found} returned before that value was put there: {put} began later"


def _twice(history: History, rows: Sequence[int]) -> str:
    one, other = told(history, rows[0]), told(history, rows[1])
    return f"{one} and {other} both took a value that was put there once"


def _gone(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[1])} began after {told(history, rows[0])} had taken that value"


def _heads(history: History, rows: Sequence[int]) -> str:
    first, last, *others = (told(history, row) for row in rows)
    squeezed = " and ".join(dict.fromkeys(others))
    until = f"to the invocation of {last}" if last != first else "on, as nothing took it"
    return f"one value is at the head from the return of {first} {until}: no room for {squeezed}"


def _overtaken(history: History, rows: Sequence[int]) -> str:
    first, second, early = (told(history, row) for row in rows[:3])
    late = f"{told(history, rows[3])} began only afterwards" if len(rows) > 3 else "the first was never taken"
    return f"{first} returned before {second} began, but {early} found the second value first: {late}"


def _empty(history: History, rows: Sequence[int]) -> str:
    there = _one_of(history, rows[1:])
    return f"{told(history, rows[0])} found nothing, though at every moment of it {there} certainly was there"


def _one_of(history: History, puts: Sequence[int]) -> str:
    *others, last = (plain(history.operation(row).argument) for row in puts)
    return f"one of {', '.join(others)} and {last}" if others else last


def _nesting(history: History, rows: Sequence[int]) -> str:
    values = ", ".join(dict.fromkeys(_value(history, row) for row in rows))
    return (
        f"the values {values} cannot have been on one stack: whichever lies below the others, "
        "it was taken or seen while another one certainly was above it"
    )


def _value(history: History, row: int) -> str:
    operation = history.operation(row)
    return plain(operation.result if operation.argument is None else operation.argument)


def _priority(history: History, rows: Sequence[int]) -> str:
    there = _one_of(history, rows[2:])
    found = told(history, rows[1])
    return f"{found} found its value on top, though at every moment of it {there} certainly was there"


def _duplicate(history: History, rows: Sequence[int]) -> str:
    return f"the value of {told(history, rows[0])} was put there more than once"


def _nil(history: History, rows: Sequence[int]) -> str:
    return f"{told(history, rows[0])} put nil there, which looks like nothing"


def _takes(history: History, rows: Sequence[int]) -> str:
    return f"it depends on what {told(history, rows[0])} and others like it took, of which nobody was told"


def _unranked(history: History, rows: Sequence[int]) -> str:
    return f"the value of {told(history, rows[0])} is no integer, so its priority is unknown"


_RULES = {
    0: _unwritten,
    1: _early,
    4: _twice,
    7: _gone,
    8: _heads,
    9: _overtaken,
    10: _empty,
    11: _nesting,
    12: _priority,
}
_OBSTACLES = {1: _duplicate, 3: _nil, 4: _takes, 5: _unranked}


def _family(engine_name: str, put: str, take: str, *looks: str) -> Family:
    roles = {put: PUTS, take: TAKES, **dict.fromkeys(looks, LOOKS)}
    return Family(engine_name=engine_name, roles=roles, rules=_RULES, obstacles=_OBSTACLES)


QUEUE = _family("queue", "enqueue", "dequeue", "peek")
"""First in, first out; a dequeue or peek with the result nil found it empty, as in all of these."""
UNORDERED_QUEUE = _family("bag", "enqueue", "dequeue")
"""A dequeue takes any value that is there."""
STACK = _family("stack", "push", "pop", "peek")
"""Last in, first out."""
GREATEST_FIRST = _family("greatest", "insert", "poll", "peek")
"""A priority queue that gives the greatest integer first."""
LEAST_FIRST = _family("least", "insert", "poll", "peek")
"""A priority queue that gives the least integer first."""
