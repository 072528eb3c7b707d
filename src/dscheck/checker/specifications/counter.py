"""Counters: one number that grows and shrinks."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.specification import REFUSED, Asked, Specification, is_number, needs


class Counter(Specification):
    """One number.  `read` returns it; `add` adds its argument; `inc` and `dec` add and subtract their
    argument, or 1.  What those three return says nothing.  `add_and_get` returns the number after it,
    `get_and_add` the number before it."""

    name = "counter"
    functions = ("read", "add", "inc", "dec", "add_and_get", "get_and_add")
    pure = ("read",)

    def __init__(self, initial: int = 0) -> None:
        self._initial = initial

    def initial(self) -> Hashable:
        return self._initial

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "read":
            return state if asked.returned(state) else REFUSED
        amount = 1 if asked.argument is None else asked.argument
        after = state - amount if asked.function == "dec" else state + amount
        if asked.function == "add_and_get":
            return after if asked.returned(after) else REFUSED
        if asked.function == "get_and_add":
            return after if asked.returned(state) else REFUSED
        return after

    def fault(self, asked: Asked) -> str | None:
        amount = asked.argument
        is_fine = asked.function == "read" or amount is None or is_number(amount)
        return None if is_fine else needs(asked, "a number")
