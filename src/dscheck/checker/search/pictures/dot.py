"""A state graph as text for Graphviz."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def dot(graph: nx.MultiDiGraph[int]) -> str:
    """The text: `dot -Tsvg` draws it."""
    return "\n".join(["digraph states {", *(f"  {line}" for line in _lines(graph)), "}"]) + "\n"


def _lines(graph: nx.MultiDiGraph[int]) -> Iterator[str]:
    yield 'node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace", fontsize=9];'
    yield 'edge [fontname="monospace", fontsize=9];'
    for node, data in graph.nodes(data=True):
        told = [f"{name} = {value}" for name, value in data["variables"].items()]
        label = "\n".join([*told, *data["messages"]])
        looks = ", penwidth=3" if data["initial"] else ""
        looks += ', fillcolor="#fbe3e0"' if data["broken"] else ""
        yield f"{node} [label={_quoted(label)}{looks}];"
    for source, target, label in graph.edges(data="label"):
        yield f"{source} -> {target} [label={_quoted(label)}];"


def _quoted(words: str) -> str:
    """A string of Graphviz; lines end at the left."""
    return json.dumps(words, ensure_ascii=False).replace("\\n", "\\l")
