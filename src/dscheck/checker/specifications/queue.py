"""Queues: what goes in comes out once."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.equality import in_order, same
from dscheck.checker.specifications.specification import (
    REFUSED,
    UNKNOWN,
    Asked,
    OneOf,
    Specification,
    something,
    written,
)


class FifoQueue(Specification):
    """First in, first out.  `enqueue` appends its argument, and what it returns says nothing; `dequeue`
    removes the oldest element and returns it, `peek` only returns it; both return None from an empty
    queue."""

    name = "queue"
    functions = ("enqueue", "dequeue", "peek")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "enqueue":
            return (*state, something(asked))
        if not asked.returned(state[0] if state else None):
            return REFUSED
        return state if asked.function == "peek" else state[1:]

    def is_pure(self, asked: Asked) -> bool:
        return asked.function == "peek" or (asked.function == "dequeue" and asked.result is None)

    def describe(self, state: Any) -> str:
        return listed(state)


class UnorderedQueue(Specification):
    """A bag.  `enqueue` adds its argument, and what it returns says nothing; `dequeue` removes any element
    and returns it, or None if there is none."""

    name = "unordered-queue"
    functions = ("enqueue", "dequeue")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "enqueue":
            return in_order((*state, something(asked)))
        if asked.result is None or not state:
            return state if not state and asked.returned(None) else REFUSED
        places = list(range(len(state)))
        if asked.result is not UNKNOWN:
            places = [at for at in places if same(state[at], asked.result)][:1]
        return OneOf.of(state[:at] + state[at + 1 :] for at in places)

    def is_pure(self, asked: Asked) -> bool:
        return asked.function == "dequeue" and asked.result is None

    def describe(self, state: Any) -> str:
        return listed(state)


class PriorityQueue(Specification):
    """Out comes the greatest element first; the least with `largest_first=False`.  `insert` adds its
    argument, and what it returns says nothing; `poll` removes the first element and returns it, `peek` only
    returns it; both return None if there is none.  Of equal elements, as 1 and 1.0, any may come first."""

    name = "priority-queue"
    functions = ("insert", "poll", "peek")

    def __init__(self, largest_first: bool = True) -> None:
        self.largest_first = largest_first

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "insert":
            try:
                return tuple(sorted((*state, something(asked)), key=_rank, reverse=self.largest_first))
            except TypeError as error:
                raise DscheckError(
                    f"a priority queue cannot tell which comes first, {written(asked.argument)} or "
                    f"{', '.join(map(written, state))}: {error}"
                ) from error
        if not state:
            return state if asked.returned(None) else REFUSED
        first = [at for at, element in enumerate(state) if element == state[0] or same(element, state[0])]
        first = [at for at in first if asked.returned(state[at])]
        if asked.function == "peek":
            return state if first else REFUSED
        return OneOf.of(state[:at] + state[at + 1 :] for at in first)

    def is_pure(self, asked: Asked) -> bool:
        return asked.function == "peek" or (asked.function == "poll" and asked.result is None)

    def describe(self, state: Any) -> str:
        return listed(state)


def _rank(element: Any) -> tuple[Any, str]:
    return element, type(element).__name__


def listed(state: Any) -> str:
    """A sequence as `1, 2, 3`, or `empty`."""
    return ", ".join(map(repr, state)) or "empty"
