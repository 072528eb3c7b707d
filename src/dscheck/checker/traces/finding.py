"""What is wrong, and why: the evidence beside the trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

Named = tuple[tuple[str, str], ...]
"""Names with their values, both as they are written."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A part of a property that decides it, and the values that do so."""

    condition: str
    """The source of the part: ``not (a.role == b.role == "leader" and a.term == b.term)``."""
    values: Named = ()
    """What stands in it, in this state; loop variables first."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that the model raised."""

    kind: str
    """``ZeroDivisionError``."""
    error: str
    """``ZeroDivisionError: division by zero``."""
    where: str = ""
    """File, line and function in the model."""
    line: str = ""
    """The source there."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken promise, or a model that raised."""

    kind: str
    """always, lemma, sometimes, refines, initial, deadlock, fault, or a promise about operations."""
    name: str
    """The property; for a fault the method that raised; "deadlock"."""
    arguments: Named = ()
    """For whom it failed: the values of the method's parameters."""
    reasons: tuple[Reason, ...] = ()
    failure: Failure | None = None

    @property
    def whom(self) -> str:
        """`a = s1, b = s2`, or nothing."""
        return ", ".join(f"{name} = {value}" for name, value in self.arguments)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kind": self.kind,
            "name": self.name,
            "arguments": dict(self.arguments),
            "reasons": [{"condition": r.condition, "values": dict(r.values)} for r in self.reasons],
            "failure": asdict(self.failure) if self.failure else None,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        """The finding that `to_json` wrote."""
        return cls(
            kind=data["kind"],
            name=data["name"],
            arguments=tuple(data["arguments"].items()),
            reasons=tuple(Reason(r["condition"], tuple(r["values"].items())) for r in data["reasons"]),
            failure=Failure(**data["failure"]) if data["failure"] else None,
        )
