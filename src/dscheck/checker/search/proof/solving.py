"""Z3, with limits on time and memory, in a context of its own: one proof does not touch another."""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

import z3

_LEAST: Final = 10
"""Milliseconds of the shortest question; Z3 takes 0 for no limit."""


class OutOf(Exception):  # noqa: N818 - an end of the proof rather than an error
    """A limit was reached; `args[0]` says which: time, memory, or what Z3 says about it."""


class Limits:
    """How long a proof may take, and how many bytes Z3 may use; None: no limit."""

    def __init__(self, time: float | None, memory: int | None) -> None:
        self._deadline = None if time is None else monotonic() + time
        self.memory = memory

    @property
    def left(self) -> float | None:
        """Seconds until time is over."""
        return None if self._deadline is None else max(0.0, self._deadline - monotonic())

    def check(self) -> None:
        """End the proof if it has used up what it may."""
        if self.left == 0:
            raise OutOf("time")
        if self.memory is not None and z3.Z3_get_estimated_alloc_size() > self.memory:
            raise OutOf("memory")


class Solver:
    """Questions about states; each adds to what Z3 knows already."""

    def __init__(self, limits: Limits) -> None:
        self.context: Any = z3.Context()
        self.questions = 0
        self._limits = limits
        self._inside = self._count = 0
        self._names: list[Any] = []
        self._solver = z3.SimpleSolver(ctx=self.context)
        if limits.memory is not None:
            self._solver.set("max_memory", max(1, limits.memory >> 20))

    def boolean(self, name: str) -> Any:
        """A variable that is true or false."""
        return z3.Bool(name, self.context)

    def named(self, formula: Any) -> Any:
        """A variable that is true where the formula is, for good.

        Z3 takes formulas within formulas apart, and then no longer sees what several of them have in common.
        """
        if isinstance(formula, bool):
            return formula
        self._count += 1
        name = self.boolean(f"name {self._count}")
        self._solver.add(name == formula)
        if self._inside:
            self._names.append(name == formula)
        return name

    def require(self, formula: Any) -> None:
        """Only what satisfies this is asked for from now on, or until `forget`."""
        if formula is not True:
            self._solver.add(z3.BoolVal(False, self.context) if formula is False else formula)

    def remember(self) -> None:
        """What is required from now on is forgotten by `forget`."""
        self._solver.push()
        self._inside += 1

    def forget(self) -> None:
        """Undo what was required since `remember`."""
        self._solver.pop()
        self._inside -= 1
        if not self._inside:
            self._solver.add(self._names)
            self._names.clear()

    def find(self, *assumptions: Any) -> Any:
        """A model of all that is required and assumed; None if there is none."""
        self._limits.check()
        left = self._limits.left
        if left is not None:
            self._solver.set("timeout", max(_LEAST, int(left * 1000)))
        self.questions += 1
        try:
            answer = self._solver.check(*(formula for formula in assumptions if formula is not True))
        except z3.Z3Exception as error:
            raise OutOf("memory" if "memory" in str(error) else str(error)) from None
        if answer == z3.unsat:
            return None
        if answer == z3.sat:
            return self._solver.model()
        reason = self._solver.reason_unknown()
        if "interrupted" in reason or "keyboard" in reason:
            raise KeyboardInterrupt
        raise OutOf("time" if reason in ("timeout", "canceled") else reason)
