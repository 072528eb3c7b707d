"""What a search found out: the verdict, how much was covered, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.errors import DscheckError
from dscheck.checker.search import page, wording
from dscheck.checker.search.coverage import Coverage, Goal
from dscheck.checker.search.graph import StateGraph
from dscheck.checker.search.promises import Promise
from dscheck.checker.search.request import Request
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.trace import Trace
from dscheck.checker.verdict import Verdict
from dscheck.checker.version import version

if TYPE_CHECKING:
    import networkx as nx

SCHEMA: Final = "dscheck.result/2"
"""The version of what `Result.to_json` gives; a change that would mislead old readers gets a new number."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a model comes from, so that a saved result can be replayed."""

    name: str
    module: str
    file: str | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Result:
    """The outcome of `explore`.  It keeps the stored states, for `to_networkx`, as long as it lives."""

    verdict: Verdict
    origin: Origin
    params: Mapping[str, Any]
    request: Request
    stop: str
    """Why the search ended: exhausted, depth, violation, states, time, memory, interrupted or walks."""

    finding: Finding | None
    """What is wrong."""
    trace: Trace | None
    """A run that leads there; breadth-first, a shortest one.  None for a goal that is never reached."""

    states: int
    """Distinct states found."""
    transitions: int | None
    """Steps taken between them; None: not counted."""
    depth: int | None
    """The deepest level of which every state was judged; None: the search went by no levels."""
    levels: tuple[int, ...]
    """Distinct states by depth, if the search went by levels."""
    frontier: int
    """States found but not expanded."""
    pruned: int
    """States not expanded because a @bound is false there."""
    ended: int | None
    """Expanded states without a successor; None: not counted."""
    actions: Mapping[str, int | None]
    """How often each action, handler and fault happened; None: it did, but that was not counted."""
    promises: tuple[Promise, ...]
    """The properties that were judged, goals among them."""
    goals: tuple[Goal, ...]
    """The properties marked @sometimes."""
    empty: tuple[str, ...]
    """Promises that say nothing, because their parameters range over nothing."""
    coverage: Coverage | None
    """What was seen of actions, values and goals, if that was asked for."""

    python_calls: int
    """How often the model's methods ran to learn what they do."""
    audited: int
    """How many of these runs were repeated to see that they do the same again."""
    audit_is_complete: bool
    """Whether the time sufficed for the audit that was asked for."""
    seconds: float
    store_bytes: int
    """Memory for the states."""
    nodes: int | None = None
    """Of a symbolic search: how many nodes the diagram of all states has."""
    race: str = ""
    """Of two engines side by side: who was first, and what the other had covered by then."""

    graph: StateGraph | None = field(default=None, compare=False)

    @property
    def model(self) -> str:
        """The name of the model's class."""
        return self.origin.name

    @property
    def engine(self) -> str:
        """Which engine searched: explicit or symbolic."""
        return "explicit" if self.nodes is None else "symbolic"

    @property
    def exit_code(self) -> int:
        """The exit status of a command that ends with this result."""
        return self.verdict.exit_code

    @property
    def bytes_per_state(self) -> float:
        """Memory for one state."""
        return self.store_bytes / max(self.states, 1)

    @property
    def never_enabled(self) -> tuple[str, ...]:
        """Actions and handlers that never happened: perhaps a guard is wrong, or nobody sends the message."""
        return tuple(name for name, taken in self.actions.items() if taken == 0)

    @property
    def unreached(self) -> tuple[str, ...]:
        """Goals that no state reached."""
        return tuple(goal.name for goal in self.goals if not goal.reached)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the verdict weaker than it looks."""
        return tuple(wording.warnings(self))

    def sentence(self) -> str:
        """The verdict in one line, with how much it covers."""
        return wording.sentence(self)

    def __repr__(self) -> str:
        return f"<{self.sentence()}>"

    def __str__(self) -> str:
        return "\n".join(line.text for line in wording.lines(self))

    def to_html(self) -> str:
        """One self-contained page: a counterexample as a sequence diagram, or what was covered."""
        return page.html(self)

    def _repr_html_(self) -> str:
        return page.framed(self)

    def to_networkx(self, limit: int = 10_000) -> nx.MultiDiGraph[int]:
        """The state graph; refused where it has more than `limit` states."""
        if self.graph is None:
            what = "random walks keep" if self.request.walks else "a symbolic search keeps"
            raise DscheckError(f"{what} no state graph: explore without walks=... and engine=...")
        return self.graph.to_networkx(limit)

    def to_json(self) -> dict[str, Any]:
        """As plain data, ready for `json.dump`; docs/reference/result-json.md says what each part means."""
        return {
            "schema": SCHEMA,
            "dscheck": version(),
            "model": {**asdict(self.origin), "params": dict(self.params)},
            "request": asdict(self.request),
            "verdict": str(self.verdict),
            "exit_code": self.exit_code,
            "sentence": self.sentence(),
            "warnings": list(self.warnings),
            "stop": self.stop,
            "engine": self.engine,
            "race": self.race,
            "finding": None if self.finding is None else self.finding.to_json(),
            "trace": None if self.trace is None else self.trace.to_json(),
            "covered": {
                "states": self.states,
                "transitions": self.transitions,
                "depth": self.depth,
                "levels": list(self.levels),
                "frontier": self.frontier,
                "pruned": self.pruned,
                "ended": self.ended,
                "actions": dict(self.actions),
                "promises": [asdict(promise) for promise in self.promises],
                "goals": [asdict(goal) for goal in self.goals],
            },
            "coverage": None if self.coverage is None else self.coverage.to_json(),
            "cost": {
                "seconds": round(self.seconds, 3),
                "python_calls": self.python_calls,
                "audited": self.audited,
                "store_bytes": self.store_bytes,
                "bytes_per_state": round(self.bytes_per_state, 2),
                "nodes": self.nodes,
            },
        }
