"""What may go wrong by itself: built-in steps, written as a modeller would write them, on tracked places.

Each kind that has a budget spends one of it every time it happens.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dscheck.checker.notation.run import Disabled, Place

if TYPE_CHECKING:
    from dscheck.checker.notation.layout import Layout
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.nodes import Node
    from dscheck.checker.rules.recorder import Recorder


def can_happen(layout: Layout, kind: str) -> bool:
    """Whether the model has a budget for this kind of fault, and something in it from the start."""
    if kind not in layout.budgets:
        return False
    budget = layout.budgets[kind]
    return any(start.get(budget, layout.default(budget)) > 0 for start in layout.starts)


def spend(run: Recorder, layout: Layout, kind: str) -> None:
    """Take one from the budget; where nothing is left, the fault cannot happen."""
    budget = layout.budgets[kind]
    left = run.read(budget)
    require(left > 0)
    run.write(budget, left - 1)


def require(condition: object) -> None:
    """The guard of a built-in step."""
    if not condition:
        raise Disabled


# -- nodes


def stand(run: Recorder, layout: Layout, node: Node) -> None:
    """Only a node that is up takes a step or receives."""
    if node in layout.up:
        require(run.read(layout.up[node]))


def crash(run: Recorder, layout: Layout, node: Node) -> None:
    """`node` loses what is volatile; if the model knows restarts, it is down until there is one."""
    spend(run, layout, "crash")
    if node in layout.up:
        stand(run, layout, node)
        run.write(layout.up[node], False)
    for collection in layout.collections:
        if collection.owner is node and collection.universe is None and not layout.is_durable(collection):
            # The footprint also stands for states with members that are not known yet: so ask.
            for element in run.members(collection):
                run.put(collection, element, False)
    for place in layout.places:
        if place.owner is node and not layout.is_durable(place):
            run.write(place, layout.default(place))


def restart(run: Recorder, layout: Layout, node: Node) -> None:
    """`node` takes part again, with what is durable."""
    spend(run, layout, "restart")
    require(not run.read(layout.up[node]))
    run.write(layout.up[node], True)


# -- the network


def partition(run: Recorder, layout: Layout, cut: Place) -> None:
    """The nodes split in two sides; the side of the first node stands for both."""
    spend(run, layout, "partition")
    require(run.read(cut) is None)
    first, *others = layout.nodes
    sides = [{first, *companions} for size in range(len(others)) for companions in combinations(others, size)]
    run.write(cut, run.choose([frozenset(side) for side in sides]))


def heal(run: Recorder, cut: Place) -> None:
    """The sides are one again."""
    require(run.read(cut) is not None)
    run.write(cut, None)


def cross(run: Recorder, layout: Layout, message: Message) -> None:
    """Only a message within one side arrives; what the sides are, besides, is not observed."""
    if layout.partition is not None:
        src, dst = message.src, message.dst
        require(
            not run.view(
                layout.partition,
                f"between {src} and {dst}",
                lambda side: side is not None and (src in side) != (dst in side),
            )
        )
