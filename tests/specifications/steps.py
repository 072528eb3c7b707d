"""Runs a specification step by step."""

from __future__ import annotations

from typing import Any

from dscheck.checker.specifications.specification import REFUSED, Asked, OneOf, Specification


def states_after(spec: Specification, *steps: tuple[str, Any, Any]) -> set[Any]:
    """The states that are possible after these (function, argument, result), one after the other."""
    states = {spec.initial()}
    for function, argument, result in steps:
        asked = Asked(function, argument, result)
        answers = [spec.step(state, asked) for state in states]
        after = {
            state
            for answer in answers
            if answer is not REFUSED
            for state in (answer.states if isinstance(answer, OneOf) else (answer,))
        }
        if spec.is_pure(asked):
            assert after <= states, f"{asked} is said to change nothing"
        states = after
    return states


def allows(spec: Specification, *steps: tuple[str, Any, Any]) -> bool:
    """Whether these steps can follow each other."""
    return bool(states_after(spec, *steps))
