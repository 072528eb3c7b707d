"""Promises about operations: the whole history is in the state, and judged by trying every order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from brute.orders import next_states
from dscheck.checker.errors import UnpairedOperation
from dscheck.checker.notation.marks import Declared
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.operations import Abandoned, Event, Invoked
from dscheck.checker.notation.properties import specification_of
from dscheck.checker.notation.values import key
from dscheck.checker.specifications.specification import UNKNOWN, Asked, Specification


@dataclass
class Operation:
    """One operation, with the positions of its events in the history."""

    process: Node
    function: str
    argument: Any
    invoked: int
    returned: int | None = None
    result: Any = UNKNOWN


def operations(history: Sequence[Event], on: Hashable, may_crash: bool) -> list[Operation]:
    """The operations on one object, by invocation."""
    found: list[Operation] = []
    waiting: dict[Node, Operation] = {}
    for at, event in enumerate(history):
        if key(event.on) != key(on):
            continue
        if isinstance(event, Invoked):
            if event.process in waiting and not may_crash:
                raise UnpairedOperation("invoked while another one is pending")
            waiting[event.process] = Operation(event.process, event.function, event.argument, at)
            found.append(waiting[event.process])
        elif event.process not in waiting:
            raise UnpairedOperation("answered what was not asked")
        else:
            operation = waiting.pop(event.process)
            if not isinstance(event, Abandoned):
                operation.returned, operation.result = at, event.result
    return found


def may_crash(model: Model) -> bool:
    """Whether a client may forget what it waits for."""
    budget = model.layout.budgets.get("crash")
    return budget is not None and any(
        start.get(budget, model.layout.default(budget)) > 0 for start in model.layout.starts
    )


def keeps(model: Model, declared: Declared, args: tuple[Any, ...], history: Sequence[Event]) -> bool:
    """Whether the operations so far keep a promise, from its definition."""
    done = operations(history, args[0] if args else None, may_crash(model))
    return has_order(done, specification_of(declared, model), declared.kind == "linearizable")


def has_order(done: Sequence[Operation], spec: Specification, real_time: bool) -> bool:
    """Whether there is an order of all answered operations and some others."""

    def precedes(a: int, b: int) -> bool:
        one, other = done[a], done[b]
        if real_time:
            return one.returned is not None and one.returned < other.invoked
        # what a client gave up may take effect whenever it likes, once it was invoked
        return one.process is other.process and one.returned is not None and one.invoked < other.invoked

    seen: set[Hashable] = set()

    def place(left: frozenset[int], state: Hashable) -> bool:
        if all(done[row].returned is None for row in left):
            return True
        if (left, key(state)) in seen:
            return False
        seen.add((left, key(state)))
        for row in left:
            if any(precedes(other, row) for other in left if other != row):
                continue
            operation = done[row]
            asked = Asked(operation.function, operation.argument, operation.result)
            if any(place(left - {row}, after) for after in next_states(spec, state, asked)):
                return True
            if operation.returned is None and place(left - {row}, state):
                return True  # it never took effect
        return False

    return place(frozenset(range(len(done))), spec.initial())


def partial_order(history: Sequence[Event]) -> Hashable:
    """What of a history any promise can depend on: per process its events, and what came before each.

    Two histories that differ only in which of two neighbouring invocations, or of two neighbouring answers,
    came first are the same; so are the positions of an invocation and the answer that it does not wait for.
    """
    answered: Counter[Node] = Counter()
    found: dict[Node, list[Hashable]] = {}
    for event in history:
        mine = found.setdefault(event.process, [])
        if isinstance(event, Invoked):
            before = frozenset((other, n) for other, n in answered.items() if other is not event.process)
            mine.append((event.identity(), key(event.on), before))
        else:
            answered[event.process] += 1
            mine.append((event.identity(), key(event.on)))
    return frozenset((process, tuple(events)) for process, events in found.items())
