"""Random small histories against an oracle that shares nothing with the checkers, not even specifications.

A data type is written here as what it *answers*: from a state, an operation has some (answer, next state).
The oracle tries every order of closed intervals (Herlihy and Wing, TOPLAS 1990).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import pytest

from dscheck.checker.consistency.linearizability.check import check
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK

Answers = list[tuple[Any, Any]]


class Call(NamedTuple):
    function: str
    argument: Any
    outcome: int
    result: Any
    began: int
    ended: int


def cell(state: Any, function: str, argument: Any) -> Answers:
    if function == "cas":
        return [(True, argument[1])] if state == argument[0] else [(False, state)]
    return [(state, state)] if function == "read" else [(None, argument)]


def line(takes_last: bool) -> Callable[[Any, str, Any], Answers]:
    def answers(state: Any, function: str, argument: Any) -> Answers:
        if function in ("enqueue", "push"):
            return [(None, (*state, argument))]
        if not state:
            return [(None, state)]
        rest = state[:-1] if takes_last else state[1:]
        return [(state[-1 if takes_last else 0], state if function == "peek" else rest)]

    return answers


def bag(state: Any, function: str, argument: Any) -> Answers:
    if function == "enqueue":
        return [(None, tuple(sorted((*state, argument))))]
    return [(state[at], state[:at] + state[at + 1 :]) for at in range(len(state))] or [(None, state)]


def heap(state: Any, function: str, argument: Any) -> Answers:
    if function == "insert":
        return [(None, tuple(sorted((*state, argument))))]
    return [(state[-1], state if function == "peek" else state[:-1])] if state else [(None, state)]


def elements(state: Any, function: str, argument: Any) -> Answers:
    if function == "read":
        return [(state, state)]
    after = {"add": state | {argument}, "remove": state - {argument}}.get(function, state)
    return [(argument in state if function == "contains" else after != state, after)]


def token(state: Any, function: str, argument: Any) -> Answers:
    """State: the holder's token or None, and the last one."""
    holder, last = state
    if function == "acquire":
        return (
            [(new, (new, new)) for new in range(last + 1, last + 9)] if holder is None else [(False, state)]
        )
    freed: Answers = [(True, (None, last))] if holder is not None and argument in (None, holder) else []
    return freed if argument is not None and freed else [*freed, (False, state)]  # whose it is, nobody says


VALUES = (1, 2, 3, 4)
TYPES: dict[str, tuple[Any, Any, dict[str, tuple[Any, ...]]]] = {
    "register": (cell, None, {"read": (None,), "write": VALUES}),
    "cas-register": (cell, None, {"read": (None,), "write": VALUES, "cas": ((1, 2), (2, 3), (None, 1))}),
    "queue": (line(False), (), {"enqueue": VALUES, "dequeue": (None,), "peek": (None,)}),
    "stack": (line(True), (), {"push": VALUES, "pop": (None,), "peek": (None,)}),
    "unordered-queue": (bag, (), {"enqueue": VALUES, "dequeue": (None,)}),
    "priority-queue": (heap, (), {"insert": VALUES, "poll": (None,), "peek": (None,)}),
    "set": (elements, frozenset(), dict.fromkeys(("add", "remove", "contains"), (1, 2)) | {"read": (None,)}),
    "lock": (token, (None, 0), {"acquire": (None,), "release": (None, 1, 2)}),
}


def has_order(answers: Any, initial: Any, calls: list[Call]) -> bool:
    live = [at for at, call in enumerate(calls) if call.outcome != FAIL]
    due = frozenset(at for at in live if calls[at].outcome == OK)
    stack, seen = [(frozenset(live), initial)], set()
    while stack:
        left, state = stack.pop()
        if not left & due:
            return True
        if (left, state) in seen:
            continue
        seen.add((left, state))
        first_end = min(calls[at].ended for at in left & due)
        for at in left:
            call = calls[at]
            if call.began <= first_end:  # what touches, overlaps
                found = answers(state, call.function, call.argument)
                fits = [new for told, new in found if call.outcome == INFO or told == call.result]
                stack.extend((left - {at}, new) for new in fits)
    return False


def recorded(random: Random, name: str, told: dict[str, list[Any]]) -> list[Call]:
    """A history that some order explains, or one with a wrong answer from `told`, which it adds to."""
    answers, state, menu = TYPES[name]
    calls = []
    for moment in sorted(random.uniform(0, 9) for _ in range(random.randint(2, 7))):
        function = random.choice(tuple(menu))
        argument = random.choice(menu[function])
        outcome = random.choices((OK, INFO, FAIL), (8, 2, 1))[0]
        result, after = random.choice(answers(state, function, argument)[:2])
        told.setdefault(function, []).append(result)
        state = state if outcome == FAIL or (outcome == INFO and random.random() < 0.4) else after
        began, ended = int(moment - random.uniform(0, 3)) + 3, int(moment + random.uniform(0, 3)) + 3
        calls.append(Call(function, argument, outcome, result, began, ended))
    if random.random() < 0.7:
        at = random.randrange(len(calls))
        calls[at] = calls[at]._replace(result=random.choice(told[calls[at].function]))
    return calls


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("seed", range(12))
def test_broken_keys_are_those_without_an_order(name: str, seed: int) -> None:
    answers, initial, _ = TYPES[name]
    random, builder = Random(seed), Builder(hints={"datatype": name})
    told: dict[str, list[Any]] = {}
    expected = 0
    for key in range(60):
        calls = recorded(random, name, told)
        expected += not has_order(answers, initial, calls)
        for at, call in enumerate(calls):
            number = builder.invoke(f"{key}.{at}", call.function, call.argument, key=key, at=call.began)
            result = call.result if call.outcome == OK else None
            builder.respond(number, result, outcome=call.outcome, at=call.ended)
    (judgement,) = check(builder.build())
    assert judgement.measures["broken keys"] == expected > 0
    assert str(judgement.verdict) == ("violated" if expected else "holds")
