"""Locks: at most one holder."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, Specification


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
        held, greatest, known = state
        token = asked.argument if asked.function == "release" else asked.result
        if not (token is None or token is UNKNOWN or isinstance(token, int)):
            raise DscheckError(f"a fencing token is a whole number, and {token!r} is none")
        if asked.result is False:
            theirs = asked.function == "acquire" or asked.argument is None
            refuses = held if asked.function == "acquire" else not held
            wrong = not theirs and held and (not known or asked.argument != greatest)
            return state if refuses or wrong else REFUSED
        if asked.function == "release":
            return self._release(held, greatest, known, asked.argument)
        if held:
            return state if asked.result is UNKNOWN else REFUSED
        if asked.result is UNKNOWN:
            return (True, None if greatest is None else greatest + 1, False)
        if asked.result is None or asked.result is True:
            return (True, greatest, False)
        return (True, token, True) if greatest is None or token > greatest else REFUSED

    def _release(self, held: bool, greatest: int | None, known: bool, token: Any) -> Hashable:
        if not held:
            return REFUSED
        if token is None:
            return (False, greatest, False)
        fits = greatest is None or (token == greatest if known else token >= greatest)
        return (False, token, False) if fits else REFUSED

    def is_pure(self, asked: Asked) -> bool:
        return asked.result is False

    def describe(self, state: Any) -> str:
        held, greatest, known = state
        token = f" with token {greatest}" if held and known else f", tokens so far up to {greatest}"
        return ("held" if held else "free") + ("" if greatest is None else token)
