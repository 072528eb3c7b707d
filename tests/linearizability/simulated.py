"""Histories as clients of a correct object record them, and what becomes of them by a mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from dscheck.checker.specifications.specification import REFUSED, Asked, OneOf, Specification
from dscheck.histories.history import INFO, NEVER, OK, History
from linearizability.small import Choice, history_of

Client = Callable[[Any, int, Random], tuple[str, Any, Any]]
"""What a client does next and is told: from the state, and a number that no other operation has."""

CLIENTS: dict[str, Client] = {
    "register": lambda state, new, random: random.choice([("write", new, None), ("read", None, state)]),
    "queue": lambda state, new, random: random.choice(
        [("enqueue", new, None), ("dequeue", None, state[0] if state else None)]
    ),
    "unordered-queue": lambda state, new, random: random.choice(
        [("enqueue", new, None), ("dequeue", None, random.choice(state) if state else None)]
    ),
    "stack": lambda state, new, random: random.choice(
        [("push", new, None), ("pop", None, state[-1] if state else None)]
    ),
    "priority-queue": lambda state, new, random: random.choice(
        [("insert", new * 37 % 1009, None), ("poll", None, state[0] if state else None)]
    ),
    "set": lambda state, new, random: random.choice(
        [("add", new, True), ("remove", random.choice(state), True) if state else ("contains", new, False)]
    ),
    "mutex": lambda state, new, random: ("release", None, None) if state else ("acquire", None, None),
    "counter": lambda state, new, random: random.choice([("add", new, None), ("read", None, state)]),
    "append-list": lambda state, new, random: random.choice([("append", new, None), ("read", None, state)]),
}
"""By the name of the data type; every value is put in once."""


def steps(spec: Specification, client: Client, operations: int, random: Random) -> list[tuple[str, Any, Any]]:
    """A run of the object, one operation after the other."""
    state, done = spec.initial(), []
    for number in range(operations):
        done.append(client(state, number + 1, random))
        answer = spec.step(state, Asked(*done[-1]))
        assert answer is not REFUSED
        state = answer.states[0] if isinstance(answer, OneOf) else answer
    return done


def recorded(
    done: Sequence[tuple[str, Any, Any]], clients: int, random: Random, *, info: float = 0.0
) -> History:
    """The run as clients saw it: each operation began some time before it took effect, and ended after."""
    free = [-random.random() for _ in range(clients)]
    rows: list[tuple[float, float, int, Choice]] = []
    for moment, step in enumerate(done):
        client = min(range(clients), key=lambda one: free[one] + random.random())
        began = max(free[client], moment - clients * random.random())
        if began > moment:  # all clients are busy: another one comes
            client, began = len(free), moment - random.random() / 2
            free.append(0.0)
        ended = moment + clients * random.random() / 2
        outcome = INFO if random.random() < info else OK
        rows.append((began, NEVER if outcome == INFO else ended, client, (*step, outcome)))
        free[client] = ended + 1e-6
    rows.sort(key=lambda row: row[0])
    moments = sorted(time for row in rows for time in row[:2] if time != NEVER)
    place = {time: at for at, time in enumerate(moments)}
    return history_of(
        [row[3] for row in rows],
        [place[row[0]] for row in rows],
        [place.get(row[1], NEVER) for row in rows],
        [row[2] for row in rows],
    )


def mistaken(done: list[tuple[str, Any, Any]], random: Random) -> list[tuple[str, Any, Any]]:
    """The run with a mistake: two results change places, or an operation takes effect at another time."""
    wrong = list(done)
    one, other = sorted(random.sample(range(len(done)), 2))
    if random.random() < 0.5:
        (f, a, r), (g, b, s) = wrong[one], wrong[other]
        if f == g:
            wrong[one], wrong[other] = (f, a, s), (g, b, r)
    else:
        wrong.insert(one, wrong.pop(other))
    return wrong
