"""Which slot comes where in a diagram: those that depend on each other close together.

Slots are joined to clusters, by how much of what concerns the one concerns the other, too; so the slots of
one node, or of one message and those whom it concerns, end up side by side.  `benchmarks/symbolic` compares
this with other orders, FORCE among them, and decision 0023 has the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from dscheck._engine import Rules

_WIDE: Final = 40
"""Slots of a footprint that says little about which of them belong together."""

Edges = Sequence[tuple[int, ...]]
"""Of each footprint the slots that it depends on or changes."""


def order_by(rules: Rules) -> list[int]:
    """The slots of a model in the order in which diagrams should ask for them, by the rules known so far."""
    return order_of((slots for _, slots in rules.dependencies()), rules.slot_count())


def order_of(footprints: Iterable[Sequence[int]], slots: int) -> list[int]:
    """The slots 0..slots-1, in the order in which diagrams should ask for them."""
    edges = sorted({tuple(edge) for edge in footprints if len(edge) > 1})
    if not edges:
        return list(range(slots))
    return clusters(edges, slots)


def clusters(edges: Edges, slots: int) -> list[int]:
    """The slots, so that those with the most in common are joined first (single linkage)."""
    concerns = np.zeros(slots)
    for edge in edges:
        concerns[list(edge)] += 1
    affinity: dict[tuple[int, int], float] = defaultdict(float)
    for edge in edges:
        if len(edge) <= _WIDE:
            for a, b in combinations(edge, 2):
                affinity[a, b] += 1 / (len(edge) - 1) / np.sqrt(concerns[a] * concerns[b])
    rows = {slot: [slot] for slot in range(slots)}
    row_of = list(rows)
    for (a, b), _ in sorted(affinity.items(), key=lambda item: (-item[1], item[0])):
        one, other = row_of[a], row_of[b]
        if one != other:
            rows[one] = _joined(rows[one], rows.pop(other), a, b)
            for slot in rows[one]:
                row_of[slot] = one
    return [slot for first in sorted(rows) for slot in rows[first]]


def _joined(one: list[int], other: list[int], a: int, b: int) -> list[int]:
    """Two rows in one, each perhaps turned round, with a slot of one close to a slot of the other."""
    turns = [(left, right) for left in (one, one[::-1]) for right in (other, other[::-1])]
    left, right = min(turns, key=lambda turn: len(turn[0]) - turn[0].index(a) + turn[1].index(b))
    return left + right
