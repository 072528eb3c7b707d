"""Rate limiters: a bucket of tokens that fills with time."""

from __future__ import annotations

from collections.abc import Hashable
from fractions import Fraction
from typing import Any

from dscheck.checker.specifications.specification import (
    REFUSED,
    Asked,
    Specification,
    is_number,
    needs,
    written,
)

_NANOSECONDS = 1_000_000_000


class RateLimiter(Specification):
    """A token bucket of `capacity` tokens, full at first, into which `rate` tokens flow each second.

    `allow` and `take` ask for tokens and return True if there were enough, and False, taking none, if not.
    Their argument is the moment at which the limiter looked at its clock, in nanoseconds, or the pair
    (moment, tokens); without that number it is one token.  The clock of a limiter does not run backwards: a
    moment before the latest one counts as the latest.  A history without such moments cannot be judged, as
    the time of invocation or return is not when the limiter looked at its clock.
    """

    name = "rate-limiter"
    functions = ("allow", "take")

    def __init__(self, capacity: int = 1, rate: float = 1) -> None:
        self._capacity = Fraction(str(capacity))
        self._rate = Fraction(str(rate)) / _NANOSECONDS  # as it is written: 0.3 is 3/10

    def initial(self) -> Hashable:
        return (self._capacity, None)

    def step(self, state: Any, asked: Asked) -> Any:
        tokens, latest = state
        moment, wanted = asked.argument if isinstance(asked.argument, tuple) else (asked.argument, 1)
        moment = moment if latest is None else max(moment, latest)
        if latest is not None:
            tokens = min(self._capacity, tokens + (moment - latest) * self._rate)
        enough = tokens >= wanted
        if not asked.returned(enough):
            return REFUSED
        return (tokens - wanted if enough else tokens, moment)

    def fault(self, asked: Asked) -> str | None:
        asks = asked.argument if isinstance(asked.argument, tuple) else (asked.argument, 1)
        if len(asks) == 2 and is_number(asks[0]) and is_number(asks[1]):
            return None
        if isinstance(asked.argument, tuple):
            return needs(asked, "[moment, tokens]")
        return (
            f"{asked.function}({written(asked.argument)}) does not say at which moment the limiter looked at "
            "its clock: record it as the argument, in nanoseconds"
        )

    def describe(self, state: Any) -> str:
        tokens, latest = state
        return f"{float(tokens):g} tokens" + ("" if latest is None else f" at {latest} ns")
