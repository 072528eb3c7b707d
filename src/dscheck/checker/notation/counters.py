"""Counters: an int variable that is increased without being read, and compared without being known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.run import Place, current_run, run_for
from dscheck.checker.notation.values import NotAValue

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class CounterStart(NotAValue):
    """What `counter` really returns."""

    _why_not = "a counter, which cannot be part of a value; declare it as `x: Counter = var(counter(0))`"
    value: int


def counter(start: int = 0) -> Counter:
    """The initial value of a counter: ``acks: Counter = var(counter(0))``."""
    return cast(Counter, CounterStart(_number(start, "counter(...)")))


class Counter(NotAValue):
    """A counter of a node or model.

    ``s.acks.add(1)`` happens without observing the value, and ``s.acks >= 2`` observes only the answer: one
    footprint stands for many values.
    """

    _why_not = "a counter, whose value differs from state to state; write .value to read it"

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def value(self) -> int:
        """The number itself: an observation."""
        return cast(int, run_for(self._place).read(self._place))

    def add(self, amount: int = 1) -> None:
        """Increase the number without observing it; by a negative amount if you like."""
        amount = _number(amount, f"{self._place}.add(...)")
        run_for(self._place).operate(self._place, f"{amount:+}", lambda value: value + amount)

    def reset(self, value: int = 0) -> None:
        """Set the number without observing it."""
        run_for(self._place).write(self._place, _number(value, f"{self._place}.reset(...)"))

    def _assign(self, value: Any) -> None:
        if isinstance(value, CounterStart):
            self.reset(value.value)
        elif not isinstance(value, Counter):
            raise ModelError(f"{self._place}: {value!r} is not a counter; write counter({value!r})")
        elif value._place is not self._place:  # `s.acks += 1` ends with assigning the counter to itself
            self.reset(value.value)

    def __iadd__(self, amount: int) -> Counter:
        self.add(amount)
        return self

    def __isub__(self, amount: int) -> Counter:
        self.add(-amount)
        return self

    def __int__(self) -> int:
        return self.value

    __index__ = __int__

    def __bool__(self) -> bool:
        return self != 0

    def _compare(self, sign: str, other: object) -> Any:
        number = other.value if isinstance(other, Counter) else other
        if not isinstance(number, int):
            return NotImplemented
        compare, limit = _COMPARISONS[sign], int(number)
        return run_for(self._place).view(self._place, f"{sign} {limit}", lambda value: compare(value, limit))

    def __eq__(self, other: object) -> bool:
        return cast(bool, self._compare("==", other))

    def __ne__(self, other: object) -> bool:
        return cast(bool, self._compare("!=", other))

    def __lt__(self, other: int | Counter) -> bool:
        return cast(bool, self._compare("<", other))

    def __le__(self, other: int | Counter) -> bool:
        return cast(bool, self._compare("<=", other))

    def __gt__(self, other: int | Counter) -> bool:
        return cast(bool, self._compare(">", other))

    def __ge__(self, other: int | Counter) -> bool:
        return cast(bool, self._compare(">=", other))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<counter {self._place}>" if current_run() is None else str(self.value)


def _number(value: int, where: str) -> int:
    if type(value) is not int:
        raise ModelError(
            f"{where}: {value!r} is not an int, and a counter holds one; write a number such as 1"
        )
    return value
