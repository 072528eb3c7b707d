"""All small histories of a data type: every order of invocations and returns, every choice of operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from random import Random
from typing import Any

import numpy as np

from dscheck.histories.history import INFO, NEVER, OK, History
from dscheck.histories.values import Values

Choice = tuple[str, Any, Any, int]
"""Function, argument, result, outcome."""


def history_of(
    choices: Sequence[Choice],
    invoked: Sequence[int],
    returned: Sequence[int],
    processes: Sequence[int],
    keys: Sequence[Any] | None = None,
) -> History:
    """A history of these operations; NEVER where one did not return."""
    values = Values()
    names = tuple(dict.fromkeys(choice[0] for choice in choices))
    return History(
        process=np.array(processes, np.int64),
        function=np.array([names.index(choice[0]) for choice in choices], np.uint16),
        outcome=np.array([choice[3] for choice in choices], np.uint8),
        key=np.array([values.code(key) for key in keys or [None] * len(choices)], np.int64),
        argument=np.array([values.code(choice[1]) for choice in choices], np.int64),
        result=np.array([values.code(choice[2]) for choice in choices], np.int64),
        invoked=np.array(invoked, np.int64),
        returned=np.array(returned, np.int64),
        functions=names,
        values=values,
        line=np.arange(1, len(choices) + 1),
    )


def overlaps(outcomes: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Every order of the invocations, in this order of operations, and the returns of those that return."""
    count = len(outcomes)

    def extend(begun: int, open_: tuple[int, ...], events: list[int]) -> Iterator[list[int]]:
        if begun == count and not open_:
            yield events
            return
        if begun < count:
            still = (*open_, begun) if outcomes[begun] == OK else open_
            yield from extend(begun + 1, still, [*events, begun])
        for operation in open_:
            rest = tuple(other for other in open_ if other != operation)
            yield from extend(begun, rest, [*events, count + operation])

    for events in extend(0, (), []):
        invoked = [events.index(operation) for operation in range(count)]
        returned = [events.index(count + op) if outcomes[op] == OK else NEVER for op in range(count)]
        yield invoked, returned


def in_time(choices: Sequence[Choice], operations: int) -> Iterator[History]:
    """All histories of that many operations, each in a process of its own."""
    for chosen in product(choices, repeat=operations):
        for invoked, returned in overlaps([choice[3] for choice in chosen]):
            yield history_of(chosen, invoked, returned, range(operations))


def in_processes(choices: Sequence[Choice], operations: int) -> Iterator[History]:
    """All histories of that many operations one after the other, spread over processes in every way."""
    for chosen in product(choices, repeat=operations):
        for processes in partitions(operations):
            invoked = [2 * at for at in range(operations)]
            returned = [2 * at + 1 if choice[3] == OK else NEVER for at, choice in enumerate(chosen)]
            yield history_of(chosen, invoked, returned, processes)


def partitions(count: int) -> Iterator[list[int]]:
    """Every way to spread things over processes that have no names."""

    def extend(row: list[int]) -> Iterator[list[int]]:
        if len(row) == count:
            yield row
            return
        for process in range(max(row, default=-1) + 2):
            yield from extend([*row, process])

    yield from extend([])


def with_info(choices: Sequence[tuple[str, Any, Any]]) -> list[Choice]:
    """Each operation as it returned, and each request as nobody saw it return."""
    asked = dict.fromkeys((function, argument) for function, argument, _ in choices)
    return [
        *((*choice, OK) for choice in choices),
        *((function, argument, None, INFO) for function, argument in asked),
    ]


def drawn(choices: Sequence[Choice], operations: int, random: Random, *, keys: int = 1) -> History:
    """A history drawn at random: a few processes, which go on after an operation that nobody saw return."""
    chosen = [random.choice(choices) for _ in range(operations)]
    invoked, returned, processes = [], [], []
    open_: dict[int, int] = {}
    count = random.randint(2, 4)
    now = 0
    while len(invoked) < operations or open_:
        idle = [process for process in range(count) if process not in open_]
        if len(invoked) < operations and idle and (not open_ or random.random() < 0.5):
            processes.append(random.choice(idle))
            if chosen[len(invoked)][3] == OK:
                open_[processes[-1]] = len(invoked)
            invoked.append(now)
            returned.append(NEVER)
        else:
            returned[open_.pop(random.choice(list(open_)))] = now
        now += 1
    named = [random.randrange(keys) for _ in chosen] if keys > 1 else None
    return history_of(chosen, invoked, returned, processes, named)
