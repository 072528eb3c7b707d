"""A counterexample that can be shown, saved and compared: what happened, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
class Step:
    """One step: what happened, and only what it changed."""

    label: str
    """The action with its arguments: ``on_vote(s2) Vote(term=1, granted=True) s1->s2``."""
    picks: tuple[int, ...] = ()
    """Which option each `choose` took, by position."""
    chosen: tuple[str, ...] = ()
    """The same options as they are written."""
    changes: tuple[Change, ...] = ()
    sent: tuple[str, ...] = ()
    """Messages that are in flight after it and were not before."""
    gone: tuple[str, ...] = ()
    """Messages that were in flight before it and are not after."""
    operations: tuple[Operated, ...] = ()
    """What clients began and were told."""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "label": self.label,
            "picks": list(self.picks),
            "chosen": list(self.chosen),
            "changes": [[c.variable, c.before, c.after] for c in self.changes],
            "sent": list(self.sent),
            "gone": list(self.gone),
            "operations": [[o.event, o.process, o.told, o.on] for o in self.operations],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """The step that `to_json` wrote."""
        return cls(
            label=data["label"],
            picks=tuple(data["picks"]),
            chosen=tuple(data["chosen"]),
            changes=tuple(Change(*change) for change in data["changes"]),
            sent=tuple(data["sent"]),
            gone=tuple(data["gone"]),
            operations=tuple(Operated(*operated) for operated in data.get("operations", ())),
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """A run of the model from an initial state."""

    start: Mapping[str, str]
    """Every variable of the initial state."""
    free: tuple[str, ...]
    """Those of them that differ between the initial states, so that set-up chose them."""
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "start": dict(self.start),
            "free": list(self.free),
            "steps": [step.to_json() for step in self.steps],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Trace:
        """The trace that `to_json` wrote."""
        steps = tuple(Step.from_json(step) for step in data["steps"])
        return cls(start=dict(data["start"]), free=tuple(data["free"]), steps=steps)
