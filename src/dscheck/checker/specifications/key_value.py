"""Key-value stores, one key at a time."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.specification import REFUSED, Asked, Specification, needs, written


class KeyValue(Specification):
    """What is under one key.  `put` replaces it by its argument, `append` adds its argument to the text that
    is there, `delete` removes it; what they return says nothing.  `get` returns what is there; where there is
    nothing it returns None or an empty text."""

    name = "kv"
    functions = ("get", "put", "append", "delete")
    pure = ("get",)
    blind = ("put", "delete")
    none_is_a_state = True

    def __init__(self, initial: Hashable = None) -> None:
        self._initial = initial

    def initial(self) -> Hashable:
        return self._initial

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "put":
            return asked.argument
        if asked.function == "append":
            if not isinstance(state, str | None):
                raise DscheckError(f"{asked.function} adds to a text, and {written(state)} is none")
            return ("" if state is None else state) + asked.argument
        if asked.function == "delete":
            return None
        return state if asked.returned(state) or (state is None and asked.result == "") else REFUSED

    def fault(self, asked: Asked) -> str | None:
        is_fine = asked.function != "append" or isinstance(asked.argument, str)
        return None if is_fine else needs(asked, "a text")

    def describe(self, state: Any) -> str:
        return "nothing" if state is None else repr(state)
