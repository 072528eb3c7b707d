"""The state graph as a graph of networkx, for small models."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dscheck.checker.errors import DscheckError
from dscheck.checker.notation.properties import judge
from dscheck.checker.traces.tell import messages, variables

if TYPE_CHECKING:
    import networkx as nx

    from dscheck._engine import Search
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System


class StateGraph:
    """The states that a breadth-first search has stored, and the steps between them."""

    def __init__(self, system: System, search: Search, states: int) -> None:
        self._system, self._search, self._states = system, search, states

    def to_networkx(self, limit: int) -> nx.MultiDiGraph[int]:
        """All states as nodes, numbered in the order of their discovery, and all steps as edges.

        A node has `variables`, `messages` (as a trace shows them), `initial`, and `broken`, the names of the
        @always that are false there; an edge has `action` and `label`.
        """
        if self._states > limit:
            raise DscheckError(
                f"the state graph has {self._states:,} states, more than limit={limit:,}: "
                "explore with a smaller depth or smaller parameters, or pass a larger limit"
            )
        import networkx as nx

        graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
        for index in range(self._states):
            state = self._search.state(index)
            graph.add_node(
                index,
                variables=variables(self._system, state),
                messages=tuple(map(str, messages(self._system, state).elements())),
                initial=index < len(self._system.initial),
                broken=tuple(dict.fromkeys(self._broken(state))),
            )
        for index in range(self._states):
            for tree, _, target in self._search.successors(index):
                instance = self._system.instances[tree]
                graph.add_edge(index, target, action=instance.name, label=instance.label())
        return graph

    def _broken(self, state: State) -> Iterator[str]:
        model = self._system.model
        with self._system.reading(state):
            for declared in model.declared("always"):
                if not all(judge(declared, model, args) for args in model.instances_of(declared)):
                    yield declared.name
