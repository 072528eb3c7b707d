"""Of the shortest counterexamples one that is easy to read: few nodes, few messages, one node at a time.

A search stops at the first violation in its own order, which need not be the simplest of that length.  So
the model is searched again with fewer steps allowed, only as deep and never more states than before: first
those of fewer nodes; then, where that is small, the actions of the trace with any deliveries, for the run
that sends the least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, combinations, pairwise
from typing import TYPE_CHECKING, Final

from dscheck._engine import Search
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.properties import AIDS, WATCHED
from dscheck.checker.rules.recorder import answers_of
from dscheck.checker.rules.system import System
from dscheck.checker.traces.ordering import ordered

if TYPE_CHECKING:
    from dscheck._engine import Report
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.instances import Instance
    from dscheck.checker.search.symbolic.report import SymbolicReport
    from dscheck.checker.traces.slicing import Judged

Found = tuple[System, "list[Numbers]", "Judged"]
"""A system, a path of it from an initial state, and what is wrong at its end."""

_SMALL: Final = 2_000
"""States of a part of the model that is searched for the run with the fewest messages."""
_MANY: Final = 200_000
"""States of all searches for fewer nodes."""


def simplest(system: System, report: Report | SymbolicReport) -> Found:
    """The trace of a breadth-first search that found something, or one as short that reads better."""
    assert report.finding is not None
    found: Found = (system, list(report.trace), report.finding)
    if report.finding[0] == "always" and len(report.trace) > 1:
        found = _of_fewer_nodes(found, min(report.states, _MANY))
        found = _of_fewer_messages(found)
    system, path, judged = found
    if judged[0] in ("always", "fault") and len(path) > 2:
        path = ordered(system, path)
    return system, path, judged


def _of_fewer_nodes(found: Found, budget: int) -> Found:
    system, path, _ = found
    mine = {node for tree, _, _ in path[1:] for node in actors(system.instances[tree])}
    nodes = [node for node in system.model.layout.nodes if isinstance(node, Node)]
    for size in range(1, len(mine)):
        for few in combinations(nodes, size):
            if budget <= 0:
                return found
            part, report, _ = _search(found, partial(_is_among, set(few)), budget)
            budget -= report.states
            if report.finding is not None:
                return part, report.trace, report.finding
    return found


def _of_fewer_messages(found: Found) -> Found:
    system, path, _ = found
    mine = {node for tree, _, _ in path[1:] for node in actors(system.instances[tree])}
    taken = {system.instances[tree].label() for tree, _, _ in path[1:]}

    def is_allowed(instance: Instance) -> bool:
        return actors(instance) <= mine and (instance.delivery is not None or instance.label() in taken)

    part, report, search = _search(found, is_allowed, _SMALL)
    if report.finding is None:
        return found
    cheapest = _cheapest(part, report, search, part.instances[report.finding[1]].name)
    if cheapest is None or _sent(part, cheapest[0]) >= _sent(system, path):
        return found
    return part, *cheapest


def _search(
    found: Found, is_allowed: Callable[[Instance], bool], states: int
) -> tuple[System, Report, Search]:
    """A search for the same violation with fewer steps allowed, no deeper and of no more states."""
    system, path, (_, tree, _) = found
    part = System(system.model, properties=[system.instances[tree].name], only=is_allowed)
    search = Search(part.rules, part, part.initial)
    return part, search.breadth_first(depth=len(path) - 1, states=states), search


def _cheapest(
    system: System, report: Report, search: Search, promise: str
) -> tuple[list[Numbers], Judged] | None:
    """Of all shortest runs to a violation of the promise one that sends the fewest messages."""
    ends = list(accumulate(report.levels))
    begins = [0, *ends]
    states = {index: search.state(index) for index in range(ends[-1])}
    costs = dict.fromkeys(range(ends[0]), 0)
    came: dict[int, tuple[int, int, list[int]]] = {}
    for index in range(begins[-2]):  # level by level: a state's cost is final before its successors need it
        level = next(depth for depth, end in enumerate(ends) if index < end)
        for tree, picks, target in search.successors(index):
            cost = costs[index] + _new_messages(system, states[index], states[target])
            if begins[level + 1] <= target and cost < costs.get(target, cost + 1):
                costs[target], came[target] = cost, (index, tree, picks)
    last = [index for index in range(begins[-2], ends[-1]) if index in costs]
    for index in sorted(last, key=lambda index: (costs[index], index)):
        judged = _broken(system, states[index], promise)
        if judged is not None:
            return list(_back(states, came, index))[::-1], judged
    return None


def _broken(system: System, state: list[int], promise: str) -> Judged | None:
    """The instance of the promise that fails in a state."""
    for tree, instance in enumerate(list(system.instances)):
        is_asked = instance.name == promise and instance.kind in ("always", *AIDS, *WATCHED)
        if is_asked and not system.run(tree, answers_of(state), ()).result:
            return "always", tree, []
    return None


def _back(
    states: dict[int, list[int]], came: dict[int, tuple[int, int, list[int]]], index: int
) -> Iterator[Numbers]:
    while index in came:
        before, tree, picks = came[index]
        yield tree, picks, states[index]
        index = before
    yield -1, [], states[index]


def _sent(system: System, path: list[Numbers]) -> int:
    states = [state for _, _, state in path]
    return sum(_new_messages(system, *two) for two in pairwise(states))


def _new_messages(system: System, before: list[int], after: list[int]) -> int:
    """How many places of the network hold more than before."""
    slots = system.encoding.slots
    count = 0
    for place in system.encoding.network.places():
        if slots.has(place):
            number = slots[place].number
            old = before[number] if number < len(before) else 0
            new = after[number] if number < len(after) else 0
            count += new != old and new != 0
    return count


def _is_among(few: set[Node], instance: Instance) -> bool:
    return actors(instance) <= few


def actors(instance: Instance) -> set[Node]:
    """The nodes that a step is about; a message only needs its destination."""
    if instance.delivery is not None:
        return {instance.delivery.dst}
    return {arg for arg in instance.args if isinstance(arg, Node)}
