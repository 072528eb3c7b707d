"""Lists that only grow at their end."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.equality import same
from dscheck.checker.specifications.queue import listed
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, Specification


class AppendList(Specification):
    """A list.  `append` adds its argument at the end, and what it returns says nothing; `read` returns the
    whole list, or None for the empty one."""

    name = "append-list"
    functions = ("append", "read")
    pure = ("read",)

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "append":
            return (*state, asked.argument)
        fits = asked.result is UNKNOWN or same(() if asked.result is None else asked.result, state)
        return state if fits else REFUSED

    def describe(self, state: Any) -> str:
        return listed(state)
