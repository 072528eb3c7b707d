"""Orders of slots, ours and others, for rules that are known in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dscheck import Model
    from dscheck._engine import Diagrams, StateSet

NAMES: Final = (
    "clusters (ours)",
    "FORCE",
    "clusters, then FORCE",
    "as discovered",
    "node by node, messages at their source",
    "node by node, messages at their destination",
)

_ROOM: Final = 8 << 30
_ROUNDS: Final = 100
_PATIENCE: Final = 10
"""Rounds of FORCE that may pass without a better order."""


class Learned:
    """The rules of a model, as a search of all its states leaves them; it promises nothing."""

    def __init__(self, model: Model) -> None:
        from dscheck.checker.rules.system import System
        from dscheck.checker.search.request import Request
        from dscheck.checker.search.symbolic.explore import SymbolicSearch

        self.system = System(model, properties=())
        request = Request(
            depth=None,
            states=None,
            time=None,
            memory=None,
            walks=None,
            length=100,
            seed=0,
            audit="none",
            deadlock=False,
            properties=(),
            engine="symbolic",
            layers=False,
        )
        SymbolicSearch(self.system, request).run(None, None, None)
        self.slots = self.system.rules.slot_count()
        self.edges = sorted({tuple(slots) for _, slots in self.system.rules.dependencies() if len(slots) > 1})
        """Of each footprint the slots that it depends on or changes."""

    def order(self, name: str) -> list[int]:
        """One of NAMES."""
        from dscheck.checker.search.symbolic.order import order_of

        discovered = list(range(self.slots))
        match NAMES.index(name):
            case 0:
                return order_of(self.edges, self.slots)
            case 1:
                return force(self.edges, discovered)
            case 2:
                return force(self.edges, order_of(self.edges, self.slots))
            case 3:
                return discovered
            case 4:
                return self._by_node("src")
            case _:
                return self._by_node("dst")

    def _by_node(self, side: str) -> list[int]:
        """The model's variables, then node by node its variables and the messages at its side."""
        encoding = self.system.encoding
        block: dict[object, int] = {node: at for at, node in enumerate(encoding.layout.nodes, 1)}
        rank = dict.fromkeys(range(self.slots), (0, 0))
        for place in encoding.places():
            if encoding.slots.has(place):
                rank[encoding.slots[place].number] = (block.get(place.owner, 0), 0)
        for place in encoding.network.places():
            if encoding.slots.has(place):
                rank[encoding.slots[place].number] = (block[getattr(place.key, side)], 1)
        return sorted(rank, key=lambda slot: (rank[slot], slot))

    def saturate(self, order: list[int], seconds: float) -> tuple[Diagrams, StateSet]:
        """All states, from the initial ones, in diagrams that are new."""
        from dscheck._engine import Diagrams

        diagrams = Diagrams(self.system.rules, order, _ROOM)
        diagrams.limit(seconds=seconds)
        states = diagrams.states(self.system.initial)
        diagrams.prepare()
        return diagrams, diagrams.saturate(states, closed=False)


def force(edges: Sequence[tuple[int, ...]], start: Sequence[int]) -> list[int]:
    """FORCE (Aloul, Markov, Sakallah 2003): slots go where what concerns them has its middle, repeatedly.

    The best order on the way counts: the one in which what belongs together spans the fewest places.
    """
    import numpy as np

    count = len(start)
    if not edges:
        return list(start)
    members = np.concatenate([np.array(edge) for edge in edges])
    edge_of = np.repeat(np.arange(len(edges)), [len(edge) for edge in edges])
    first = np.concatenate([[0], np.cumsum([len(edge) for edge in edges])[:-1]])
    concerns = np.bincount(members, minlength=count)
    place = np.empty(count)
    place[list(start)] = np.arange(count)
    best, least, stale = list(start), _span(place[members], first), 0
    for _ in range(_ROUNDS):
        middle = np.bincount(edge_of, weights=place[members]) / np.bincount(edge_of)
        pull = np.bincount(members, weights=middle[edge_of], minlength=count)
        wanted = np.where(concerns > 0, pull / np.maximum(concerns, 1), place)
        order = np.lexsort((place, wanted))
        place = np.empty(count)
        place[order] = np.arange(count)
        span = _span(place[members], first)
        stale += 1
        if span < least:
            best, least, stale = order.tolist(), span, 0
        if stale > _PATIENCE:
            break
    return best


def _span(places: NDArray[np.float64], first: NDArray[np.intp]) -> float:
    """How far apart the slots of the edges are, all together."""
    import numpy as np

    return float((np.maximum.reduceat(places, first) - np.minimum.reduceat(places, first)).sum())
