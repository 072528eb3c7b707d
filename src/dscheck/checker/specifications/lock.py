"""Locks: at most one holder."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.specification import (
    REFUSED,
    UNKNOWN,
    Asked,
    OneOf,
    Specification,
    written,
)


class Mutex(Specification):
    """A lock that is not reentrant.  `acquire` needs it free and takes it, `release` needs it held and frees
    it; with the result False they found it otherwise, and did nothing.  Who holds it is not looked at: an
    operation that released another client's lock is allowed."""

    name = "mutex"
    functions = ("acquire", "release")

    def initial(self) -> Hashable:
        return False

    def step(self, state: Any, asked: Asked) -> Any:
        wanted = asked.function == "acquire"
        if state is wanted:
            return state if asked.returned(False) else REFUSED
        return REFUSED if asked.result is False else wanted

    def is_pure(self, asked: Asked) -> bool:
        return asked.result is False

    def describe(self, state: Any) -> str:
        return "held" if state else "free"


class FencedLock(Specification):
    """A lock whose `acquire` returns a fencing token, a whole number greater than every token before.
    `release` may name a token as its argument: then it needs to be the holder's.  Results None and True stand
    for "done" without a token, False for "it was held" or "you do not hold it", and nothing changed.

    The state: whether it is held, the greatest token so far (None: none), and whether that is known to be the
    holder's.
    An `acquire` that nobody saw return took a token greater by at least one.
    """

    name = "lock"
    functions = ("acquire", "release")

    def initial(self) -> Hashable:
        return (False, None, False)

    def step(self, state: Any, asked: Asked) -> Any:
        return (
            self._acquire(state, asked.result) if asked.function == "acquire" else self._release(state, asked)
        )

    def _acquire(self, state: Any, told: Any) -> Any:
        held, greatest, _ = state
        if held:
            return state if told is False or told is UNKNOWN else REFUSED
        if told is False:
            return REFUSED
        if told is UNKNOWN:
            return (True, None if greatest is None else greatest + 1, False)
        if told is None or told is True:
            return (True, greatest, False)
        return (True, told, True) if greatest is None or told > greatest else REFUSED

    def _release(self, state: Any, asked: Asked) -> OneOf:
        """Whose a release without a token is, nobody knows: the lock may be theirs or another's."""
        held, greatest, known = state
        token = asked.argument
        named = token is not None
        is_theirs = held and named and known and token == greatest
        may_be = not named or greatest is None or (token == greatest if known else token >= greatest)
        after = []
        if held and may_be and asked.result is not False:
            after.append((False, token if named else greatest, False))
        if not is_theirs and (asked.result is False or asked.result is UNKNOWN):
            after.append(state)
        return OneOf.of(after)

    def fault(self, asked: Asked) -> str | None:
        token = _token(asked)
        is_fine = token is None or token is UNKNOWN or isinstance(token, int)
        return None if is_fine else f"a fencing token is a whole number, and {written(token)} is none"

    def is_pure(self, asked: Asked) -> bool:
        return asked.result is False

    def describe(self, state: Any) -> str:
        held, greatest, known = state
        token = f" with token {greatest}" if held and known else f", tokens so far up to {greatest}"
        return ("held" if held else "free") + ("" if greatest is None else token)


def _token(asked: Asked) -> Any:
    """The fencing token that an operation names or was given."""
    return asked.argument if asked.function == "release" else asked.result
