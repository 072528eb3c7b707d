"""Registers: one value, or several, that can be read and written."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from dscheck.checker.specifications.equality import by_type, in_order, same, table
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, Specification


class Register(Specification):
    """One value.  `read` returns the value of the last `write` (argument: the value), or the initial one."""

    name = "register"
    functions: ClassVar[tuple[str, ...]] = ("read", "write")
    pure = ("read",)
    blind = ("write",)

    def __init__(self, initial: Hashable = None) -> None:
        self._initial = initial

    def initial(self) -> Hashable:
        return self._initial

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "write":
            return asked.argument
        return state if asked.returned(state) else REFUSED


class CasRegister(Register):
    """A register with `cas` (argument: the pair old, new): where the value is old it becomes new, and the
    result is True or None; elsewhere the result is False and nothing changes."""

    name = "cas-register"
    functions = ("read", "write", "cas")

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function != "cas":
            return super().step(state, asked)
        old, new = asked.argument
        if not same(state, old):
            return state if asked.returned(False) else REFUSED
        return REFUSED if asked.result is False else new

    def is_pure(self, asked: Asked) -> bool:
        return asked.function == "read" or (asked.function == "cas" and asked.result is False)


class MultiRegister(Specification):
    """Several registers that one operation reads and writes at once.  `txn`, also called `read` and `write`
    where it only does that, has as its argument a row of (kind, key, value) with the kinds "r" and "w"; the
    result is the row of what the reads found, in their order, each after the writes before it.  A read of a
    key that nobody wrote gives the initial value."""

    name = "multi-register"
    functions = ("txn", "read", "write")
    keyed = False

    def __init__(self, initial: Hashable = None) -> None:
        self._initial = initial

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        registers = table(state)
        found = 0
        for kind, key, value in asked.argument:
            if kind == "w":
                registers[by_type(key)] = key, value
                continue
            _, seen = registers.get(by_type(key), (key, self._initial))
            if asked.result is not UNKNOWN and not same(asked.result[found], seen):
                return REFUSED
            found += 1
        return in_order(registers.values())

    def is_pure(self, asked: Asked) -> bool:
        return all(kind == "r" for kind, _, _ in asked.argument)

    def describe(self, state: Any) -> str:
        return ", ".join(f"{key} = {value!r}" for key, value in state) or "nothing written"
