"""Histories for the near-linear checks: small menus of operations, and recordings of simulated objects."""

from __future__ import annotations

import random
from bisect import insort
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from dscheck.histories.history import INFO, NEVER, OK, History
from dscheck.histories.values import NIL
from linearizability.small import Choice, history_of

MENUS: dict[str, list[tuple[str, Any, Any]]] = {
    "register": [
        ("write", 1, None),
        ("write", 2, None),
        ("read", None, 1),
        ("read", None, 2),
        ("read", None, None),
    ],
    "kv": [
        ("put", 1, None),
        ("put", 2, None),
        ("get", None, 1),
        ("get", None, ""),
        ("get", None, None),
    ],
    "cas-register": [
        ("write", 1, None),
        ("read", None, 1),
        ("read", None, 2),
        ("cas", (1, 2), None),
        ("cas", (2, 3), True),
        ("cas", (1, 2), False),
    ],
    "queue": [
        ("enqueue", 1, None),
        ("enqueue", 2, None),
        ("dequeue", None, 1),
        ("dequeue", None, 2),
        ("dequeue", None, None),
        ("peek", None, 1),
    ],
    "unordered-queue": [
        ("enqueue", 1, None),
        ("enqueue", 2, None),
        ("dequeue", None, 1),
        ("dequeue", None, 2),
        ("dequeue", None, None),
    ],
    "stack": [
        ("push", 1, None),
        ("push", 2, None),
        ("pop", None, 1),
        ("pop", None, 2),
        ("pop", None, None),
        ("peek", None, 1),
    ],
    "priority-queue": [
        ("insert", 1, None),
        ("insert", 2, None),
        ("poll", None, 1),
        ("poll", None, 2),
        ("poll", None, None),
        ("peek", None, 1),
    ],
    "set": [
        ("add", 1, True),
        ("add", 1, False),
        ("add", 1, None),
        ("remove", 1, True),
        ("remove", 1, False),
        ("contains", 1, True),
        ("contains", 1, False),
    ],
    "growing-set": [
        ("add", 1, None),
        ("add", 1, True),
        ("add", 2, None),
        ("read", None, None),
        ("read", None, frozenset({1})),
        ("read", None, (2,)),
        ("read", None, (2, 1)),
    ],
    "mutex": [
        ("acquire", None, None),
        ("acquire", None, False),
        ("release", None, True),
        ("release", None, False),
    ],
}
"""By data type, or case of one: function, argument, result."""

Run = Callable[[list[Any], Any], Any]
"""Changes a state, given an argument; gives the result."""


def _first(state: list[Any], _: Any) -> Any:
    return state[0] if state else None


def _last(state: list[Any], _: Any) -> Any:
    return state[-1] if state else None


def _pop_first(state: list[Any], _: Any) -> Any:
    return state.pop(0) if state else None


def _pop_last(state: list[Any], _: Any) -> Any:
    return state.pop() if state else None


def _write(state: list[Any], value: Any) -> None:
    state[:] = [value]


def _cas(state: list[Any], pair: Any) -> bool:
    if _last(state, None) != pair[0]:
        return False
    state[:] = [pair[1]]
    return True


def _set_to(there: bool) -> Run:
    def run(state: list[Any], value: Any) -> bool:
        changes = (value in state) is not there
        if changes:
            (state.append if there else state.remove)(value)
        return changes

    return run


def _all(state: list[Any], _: Any) -> tuple[Any, ...]:
    return tuple(sorted(state))


def _contains(state: list[Any], value: Any) -> bool:
    return value in state


OBJECTS: dict[str, dict[str, Run]] = {
    "register": {"read": _last, "write": _write},
    "kv": {"get": _last, "put": _write},
    "cas-register": {"read": _last, "write": _write, "cas": _cas},
    "queue": {"enqueue": list.append, "dequeue": _pop_first, "peek": _first},
    "unordered-queue": {"enqueue": list.append, "dequeue": _pop_last},
    "stack": {"push": list.append, "pop": _pop_last, "peek": _last},
    "priority-queue": {"insert": insort, "poll": _pop_last, "peek": _last},
    "set": {"add": _set_to(True), "remove": _set_to(False), "contains": _contains},
    "growing-set": {"read": _all, "add": _set_to(True)},
    "mutex": {"acquire": _set_to(True), "release": _set_to(False)},
}
"""By data type: each function as something that a list does."""
_PUTS = ("write", "put", "enqueue", "push", "insert")


def simulated(datatype: str, count: int, seed: int, *, clients: int = 4, pending: float = 0.0) -> History:
    """A linearizable history: each operation takes effect at its own moment, in an interval around it.

    A share of the operations never returns; half of these do not take effect.
    """
    rng = random.Random(seed)
    state: list[Any] = []
    fresh = rng.sample(range(count), count)
    names = list(OBJECTS[datatype])
    choices: list[Choice] = []
    times: list[tuple[float, float]] = []
    for at in range(count):
        function = names[1] if rng.random() < 0.4 else rng.choice(names)
        argument = _argument(datatype, function, state, fresh[at], rng)
        outcome = INFO if rng.random() < pending else OK
        lost = outcome == INFO and rng.random() < 0.5
        result = None if lost else OBJECTS[datatype][function](state, argument)
        argument = None if datatype == "mutex" else argument
        choices.append((function, argument, None if outcome == INFO else result, outcome))
        times.append((at - rng.expovariate(2 / clients), at + rng.expovariate(2 / clients)))
    order = sorted(range(count), key=lambda at: times[at][0])
    moments = sorted(time for pair in times for time in pair)
    rank = {time: position for position, time in enumerate(moments)}
    returned = [rank[times[at][1]] if choices[at][3] == OK else NEVER for at in order]
    return history_of([choices[at] for at in order], [rank[times[at][0]] for at in order], returned, order)


def _argument(datatype: str, function: str, state: list[Any], fresh: int, rng: random.Random) -> Any:
    if datatype == "mutex":
        return "it"
    if function == "read":
        return None
    if datatype == "set":
        return fresh % 5
    if function == "cas":
        return (_last(state, None) if rng.random() < 0.8 else -1, fresh)
    return fresh if function in _PUTS or datatype == "growing-set" else None


def mutated(history: History, seed: int) -> History:
    """The same with one result changed: exchanged with another one, or into nil."""
    rng = random.Random(seed)
    result = history.result.copy()
    told = np.flatnonzero((history.outcome == OK) & (result != NIL))
    if len(told) == 0:
        return history
    one = rng.choice(told)
    other = rng.choice(told[history.function[told] == history.function[one]])
    if rng.random() < 0.8:
        result[one], result[other] = result[other], result[one]
    else:
        result[one] = NIL
    return replace(history, result=result)


def part(history: History, rows: list[int]) -> History:
    """Some rows of a history."""
    columns = ("process", "function", "outcome", "key", "argument", "result", "invoked", "returned", "line")
    return replace(history, **{name: getattr(history, name)[rows] for name in columns})
