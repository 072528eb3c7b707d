"""Sets: each element is in, or it is not."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.equality import by_type, in_order
from dscheck.checker.specifications.queue import listed
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, Specification


class Set(Specification):
    """A set.  `add` and `remove` return True if they changed it, False if the element was in it already or
    was not, and None if they do not say; `contains` returns whether its argument is in it; `read` returns all
    elements, as a set or as a list without repetition."""

    name = "set"
    functions = ("add", "remove", "contains", "read")
    pure = ("contains", "read")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "read":
            return state if _is_all(asked.result, state) else REFUSED
        inside = by_type(asked.argument) in map(by_type, state)
        if asked.function == "contains":
            return state if asked.returned(inside) else REFUSED
        changes = inside is (asked.function == "remove")
        if asked.result is not None and not asked.returned(changes):
            return REFUSED
        if not changes:
            return state
        if asked.function == "add":
            return in_order((*state, asked.argument))
        return tuple(element for element in state if by_type(element) != by_type(asked.argument))

    def is_pure(self, asked: Asked) -> bool:
        return asked.function in self.pure or asked.result is False

    def describe(self, state: Any) -> str:
        return listed(state)


def _is_all(result: Any, state: tuple[Any, ...]) -> bool:
    if result is UNKNOWN:
        return True
    elements = () if result is None else result
    if not isinstance(elements, tuple | frozenset):
        return False
    return len(elements) == len(state) and set(map(by_type, elements)) == set(map(by_type, state))
