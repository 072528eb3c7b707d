"""Linearizability and sequential consistency by trying every order: from Herlihy and Wing's definition."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, OneOf, Specification
from dscheck.histories.history import FAIL, OK, History


def is_linearizable(history: History, spec: Specification) -> bool:
    """One object, few operations: is there an order that respects real time and the specification?"""
    return _exists(history, spec, lambda a, b: history.returned[a] < history.invoked[b])


def respects(history: History, spec: Specification) -> bool:
    """The same, where also each process's own order counts: it may go on when it is told."""
    return _exists(
        history,
        spec,
        lambda a, b: (
            history.returned[a] < history.invoked[b]
            or (
                history.outcome[a] == OK
                and history.process[a] == history.process[b]
                and history.invoked[a] < history.invoked[b]
            )
        ),
    )


def is_sequentially_consistent(history: History, spec: Specification) -> bool:
    """Is there an order that respects each process's own order, and the specification?

    An operation that nobody saw return may take effect at any time after what its process had done before.
    """
    return _exists(
        history,
        spec,
        lambda a, b: (
            history.outcome[a] == OK
            and history.process[a] == history.process[b]
            and history.invoked[a] < history.invoked[b]
        ),
    )


def next_states(spec: Specification, state: Hashable, asked: Asked) -> Sequence[Hashable]:
    """The states that a step may lead to; none if it is refused."""
    answer = spec.step(state, asked)
    if answer is REFUSED:
        return ()
    return answer.states if isinstance(answer, OneOf) else (answer,)


def _exists(history: History, spec: Specification, precedes) -> bool:  # type: ignore[no-untyped-def]
    rows = [row for row in range(len(history)) if history.outcome[row] != FAIL]
    must = {row for row in rows if history.outcome[row] == OK}
    asked = {}
    for row in rows:
        operation = history.operation(row)
        result = operation.result if row in must else UNKNOWN
        asked[row] = Asked(operation.function, operation.argument, result)
    seen: set[tuple[frozenset[int], Hashable]] = set()

    def place(left: frozenset[int], state: Hashable) -> bool:
        if not left & must:
            return True
        if (left, state) in seen:
            return False
        seen.add((left, state))
        free = (row for row in left if not any(precedes(other, row) for other in left if other != row))
        return any(
            place(left - {row}, after) for row in free for after in next_states(spec, state, asked[row])
        )

    return place(frozenset(rows), spec.initial())
