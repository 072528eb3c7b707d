"""A state graph as GraphML (Brandes et al. 2002), which Gephi, yEd and others read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def graphml(graph: nx.MultiDiGraph[int]) -> str:
    """The text of the file: variables of a state are attributes of its node."""
    import networkx as nx

    flat: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        more = {"messages": "\n".join(data["messages"]), "broken": ", ".join(data["broken"])}
        flat.add_node(node, **{"initial": data["initial"]} | more | data["variables"])
    flat.add_edges_from(graph.edges(data=True))
    return "\n".join(nx.generate_graphml(flat)) + "\n"
