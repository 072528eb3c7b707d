"""What a symbolic search found, in the form that the engine's explicit searches give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.traces.slicing import Judged


@dataclass(frozen=True, kw_only=True)
class SymbolicReport:
    """As `dscheck._engine.Report`; None: not known.  Without layers there are no depths."""

    stop: str
    finding: Judged | None
    trace: Sequence[Numbers]
    states: int
    transitions: int | None
    depth: int | None
    levels: Sequence[int]
    frontier: int
    pruned: int
    ended: int | None
    taken: Sequence[int | None]
    """Per tree: how often one of its outcomes was taken; None: at least once."""
    enabled: Sequence[int | None]
    """Per tree: in how many expanded states it had an outcome; None: in one at least."""
    reached: Sequence[tuple[int, int]]
    """Of each goal that was reached: its tree, and the number of a state for `path`; -1 without layers."""
    bytes: int
    nodes: int
    """Of the diagram of all states."""
    path: Callable[[int], list[Numbers]]
    """A shortest run to a state that `reached` names."""
    values: Callable[[], list[list[int]]]
    """Per slot: the values that it has in some state, in order."""
