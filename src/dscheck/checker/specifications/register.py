"""Registers: one value, or several, that can be read and written."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, ClassVar

from dscheck.checker.specifications.equality import by_type, in_order, same, table
from dscheck.checker.specifications.specification import (
    REFUSED,
    UNKNOWN,
    Asked,
    Specification,
    needs,
    written,
)


class Register(Specification):
    """One value.  `read` returns the value of the last `write` (argument: the value), or the initial one."""

    name = "register"
    functions: ClassVar[tuple[str, ...]] = ("read", "write")
    pure = ("read",)
    blind = ("write",)
    none_is_a_state = True

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

    def fault(self, asked: Asked) -> str | None:
        is_pair = isinstance(asked.argument, tuple) and len(asked.argument) == 2
        return None if asked.function != "cas" or is_pair else needs(asked, "[old, new]")

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

    def fault(self, asked: Asked) -> str | None:
        steps = asked.argument if isinstance(asked.argument, tuple) else None
        if steps is None or not all(map(_is_step, steps)):
            return needs(asked, 'a list of ["r" or "w", key, value]')
        reads = sum(kind == "r" for kind, _, _ in steps)
        result = asked.result
        if result is UNKNOWN or not reads or (isinstance(result, tuple) and len(result) == reads):
            return None
        return f"{asked.function} read {reads} registers, and its result is {written(result)}"

    def is_pure(self, asked: Asked) -> bool:
        return all(kind == "r" for kind, _, _ in asked.argument)

    def describe(self, state: Any) -> str:
        return ", ".join(f"{key} = {value!r}" for key, value in state) or "nothing written"


def _is_step(step: Any) -> bool:
    return isinstance(step, tuple) and len(step) == 3 and step[0] in ("r", "w")
