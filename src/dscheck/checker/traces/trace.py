"""A counterexample that can be shown, saved and compared: what happened, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One variable that a step changed; values as they are written in Python."""

    variable: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.variable}: {self.before} => {self.after}"


@dataclass(frozen=True, slots=True)
class Operated:
    """Something that a client began, or was told; all as it is written in Python."""

    event: str
    """invoke, respond or abandon."""
    process: str
    told: str
    """The function with its argument, or the result; nothing for `abandon`."""
    on: str = ""
    """The object, where there are several."""

    def __str__(self) -> str:
        verb = {"invoke": "invokes", "respond": "is told", "abandon": "gives up"}[self.event]
        text = f"{self.process} {verb} {self.told}".rstrip()
        return f"{text} on {self.on}" if self.on else text


@dataclass(frozen=True, slots=True)
class Flight:
    """A message and its way."""

    body: str
    """``Vote(term=1, granted=True)``."""
    src: str
    dst: str

    def __str__(self) -> str:
        return f"{self.body} {self.src}->{self.dst}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happened, and only what it changed."""

    label: str
    """The action with its arguments: ``on_vote(s2) Vote(term=1, granted=True) s1->s2``."""
    kind: str = "action"
    """action, receive or fault."""
    name: str = ""
    """The method of the model, or the fault: crash, restart, lose, duplicate, partition, heal."""
    actor: str = ""
    """The node that acts, receives or crashes; nothing where it is the model or the network."""
    message: Flight | None = None
    """What it receives, duplicates or loses."""
    picks: tuple[int, ...] = ()
    """Which option each `choose` took, by position."""
    chosen: tuple[str, ...] = ()
    """The same options as they are written."""
    changes: tuple[Change, ...] = ()
    sent: tuple[Flight, ...] = ()
    """Messages that are in flight after it and were not before."""
    gone: tuple[Flight, ...] = ()
    """Messages that were in flight before it and are not after."""
    operations: tuple[Operated, ...] = ()
    """What clients began and were told."""
    beside: tuple[str, ...] | None = ()
    """The variables and messages among the above that the end does not depend on; None: nor on the step."""

    @property
    def is_needed(self) -> bool:
        """Whether the end of the trace depends on it, as far as footprints tell."""
        return self.beside is not None

    def is_beside(self, what: str) -> bool:
        """Whether the end does not depend on this variable or message of it."""
        return self.beside is None or what in self.beside

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "label": self.label,
            "kind": self.kind,
            "name": self.name,
            "actor": self.actor,
            "message": None if self.message is None else list(astuple(self.message)),
            "picks": list(self.picks),
            "chosen": list(self.chosen),
            "changes": [list(astuple(change)) for change in self.changes],
            "sent": [list(astuple(message)) for message in self.sent],
            "gone": [list(astuple(message)) for message in self.gone],
            "operations": [list(astuple(operated)) for operated in self.operations],
            "beside": None if self.beside is None else list(self.beside),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """The step that `to_json` wrote."""
        return cls(
            label=data["label"],
            kind=data["kind"],
            name=data["name"],
            actor=data["actor"],
            message=None if data["message"] is None else Flight(*data["message"]),
            picks=tuple(data["picks"]),
            chosen=tuple(data["chosen"]),
            changes=tuple(Change(*change) for change in data["changes"]),
            sent=tuple(Flight(*message) for message in data["sent"]),
            gone=tuple(Flight(*message) for message in data["gone"]),
            operations=tuple(Operated(*operated) for operated in data["operations"]),
            beside=None if data["beside"] is None else tuple(data["beside"]),
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """A run of the model from an initial state."""

    start: Mapping[str, str]
    """Every variable of the initial state."""
    free: tuple[str, ...]
    """Those of them that differ between the initial states, so that set-up chose them."""
    steps: tuple[Step, ...]
    nodes: tuple[str, ...] = ()
    """All nodes of the model, in its order."""
    budgets: tuple[str, ...] = ()
    """The variables that say how many faults are left."""

    def states(self) -> Iterator[Mapping[str, str]]:
        """Every variable at the start, and after each step."""
        state = dict(self.start)
        yield state
        for step in self.steps:
            state = state | {change.variable: change.after for change in step.changes}
            yield state

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "start": dict(self.start),
            "free": list(self.free),
            "steps": [step.to_json() for step in self.steps],
            "nodes": list(self.nodes),
            "budgets": list(self.budgets),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trace:
        """The trace that `to_json` wrote."""
        steps = tuple(Step.from_json(step) for step in data["steps"])
        return cls(
            start=dict(data["start"]),
            free=tuple(data["free"]),
            steps=steps,
            nodes=tuple(data["nodes"]),
            budgets=tuple(data["budgets"]),
        )
