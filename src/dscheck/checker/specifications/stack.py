"""Stacks and deques: sequences that grow and shrink at their ends."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.queue import listed
from dscheck.checker.specifications.specification import REFUSED, Asked, Specification, something


class Stack(Specification):
    """Last in, first out.  `push` puts its argument on top, and what it returns says nothing; `pop` removes
    the top and returns it, `peek` only returns it; both return None from an empty stack."""

    name = "stack"
    functions = ("push", "pop", "peek")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "push":
            return (*state, something(asked))
        if not asked.returned(state[-1] if state else None):
            return REFUSED
        return state if asked.function == "peek" else state[:-1]

    def is_pure(self, asked: Asked) -> bool:
        return asked.function == "peek" or (asked.function == "pop" and asked.result is None)

    def describe(self, state: Any) -> str:
        return listed(state)


class Deque(Specification):
    """A sequence with two ends.  `push_front` and `push_back` add their argument, and what they return says
    nothing; `pop_front` and `pop_back` remove the element at that end and return it, `peek_front` and
    `peek_back` only return it; all four return None from an empty deque."""

    name = "deque"
    functions = ("push_front", "push_back", "pop_front", "pop_back", "peek_front", "peek_back")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        action, end = asked.function.split("_")
        front = end == "front"
        if action == "push":
            return (something(asked), *state) if front else (*state, something(asked))
        if not asked.returned(state[0 if front else -1] if state else None):
            return REFUSED
        if action == "peek":
            return state
        return state[1:] if front else state[:-1]

    def is_pure(self, asked: Asked) -> bool:
        action = asked.function.split("_")[0]
        return action == "peek" or (action == "pop" and asked.result is None)

    def describe(self, state: Any) -> str:
        return listed(state)
