"""Where the states of a graph go: a row for each depth, in an order with few crossings."""

from __future__ import annotations

from collections import deque
from statistics import fmean
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import networkx as nx

_SWEEPS: Final = 6


def rows(graph: nx.MultiDiGraph[int]) -> list[list[int]]:
    """The states by their distance from an initial one, each row from left to right.

    Rows are sorted by the mean place of their neighbours in the row above, then below, and so on (Sugiyama,
    Tagawa and Toda 1981).
    """
    depth = {node: 0 for node, initial in graph.nodes(data="initial") if initial}
    queue = deque(depth)
    while queue:
        node = queue.popleft()
        for after in sorted(graph.successors(node)):
            if after not in depth:
                depth[after] = depth[node] + 1
                queue.append(after)
    found: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in sorted(depth):
        found[depth[node]].append(node)
    for sweep in range(_SWEEPS):
        downwards = sweep % 2 == 0
        order = found[1:] if downwards else found[-2::-1]
        above = found if downwards else found[::-1]
        for fixed, row in zip(above, order, strict=False):
            place = {node: at / max(len(fixed) - 1, 1) for at, node in enumerate(fixed)}
            own = {node: at / max(len(row) - 1, 1) for at, node in enumerate(row)}
            row.sort(key=lambda node: (_middle(graph, node, place, own[node]), node))
    return found


def _middle(graph: nx.MultiDiGraph[int], node: int, place: dict[int, float], own: float) -> float:
    """The mean place of a state's neighbours in another row; its own place, if it has none there."""
    near = {*graph.predecessors(node), *graph.successors(node)}
    places = [place[other] for other in near if other in place]
    return fmean(places) if places else own
