"""How far a search is asked to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dscheck.checker.notation.model import Model

Audit = Literal["sample", "all", "none"]
Engine = Literal["explicit", "symbolic", "auto"]


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
    engine: Engine = "explicit"
    layers: bool | None = None

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
        if self.engine not in ("explicit", "symbolic", "auto"):
            raise ValueError(f'engine={self.engine!r}: write "explicit", "symbolic" or "auto"')
        if self.engine == "explicit" and self.layers is not None:
            raise ValueError('layers=... is for engine="symbolic"; an explicit search goes by layers anyway')
        if self.layers is False and self.depth is not None:
            raise ValueError("a depth needs layers: leave out layers=False, or the depth")
        if self.layers is False and self.states is not None:
            raise ValueError("a limit of states needs layers: leave out layers=False, or the limit")
        if self.engine != "explicit" and self.walks is not None:
            raise ValueError(f'random walks are explicit: leave out engine="{self.engine}", or walks')
        if self.walks is not None and (self.depth is not None or self.states is not None):
            raise ValueError("random walks have a length; depth and states limit a search without walks")


def demand_model(model: object, verb: str) -> None:
    """Raise a TypeError that says what to write, where a verb was given something else than a model."""
    if not isinstance(model, Model):
        hint = f"; write {verb}({model.__name__}())" if isinstance(model, type) else ""
        raise TypeError(f"{verb}({model!r}): a model is an object of a subclass of Model{hint}")
