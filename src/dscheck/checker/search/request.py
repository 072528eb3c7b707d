"""How far a search is asked to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Audit = Literal["sample", "all", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The arguments of `explore` that decide the result; None: no limit."""

    depth: int | None
    states: int | None
    time: float | None
    memory: int | None
    walks: int | None
    length: int
    seed: int
    audit: Audit
    deadlock: bool
    properties: tuple[str, ...] | None
    coverage: bool = False

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.depth is not None and self.depth < 0:
            raise ValueError(f"depth={self.depth!r}: write a number of steps, or None for no limit")
        for name in ("states", "time", "memory", "walks", "length"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name}={value!r}: write a number above 0, or None for no limit")
        if self.audit not in ("sample", "all", "none"):
            raise ValueError(f'audit={self.audit!r}: write "sample", "all" or "none"')
        if self.walks is not None and (self.depth is not None or self.states is not None):
            raise ValueError("random walks have a length; depth and states limit a search without walks")
