"""What a short explicit search and random walks teach, before there are any sets."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from dscheck._engine import Search

if TYPE_CHECKING:
    from dscheck._engine import Report
    from dscheck.checker.rules.system import System

_STATES: Final = 5_000
_WALKS, _LENGTH, _TIMES = 50, 100, 100
MANY_WALKS: Final = 1_000
"""For a batch, where much time has gone into sets already."""
_DULL, _PATIENCE = 0.002, 3
"""So many batches of walks one after the other that teach less than this share are enough."""


def warm_up(
    system: System,
    states: list[list[int]],
    seconds: float | None,
    memory: int | None,
    depth: int | None = None,
    many: int = _WALKS,
) -> bool:
    """Run a model on some of what comes after some states; whether something is wrong there.

    Its rules then need few lessons, and show what depends on what.  What is wrong is not told: a search by
    layers will meet it again.  No state is deeper than the search will go: a model that grows and grows has
    rules there that nobody needs.  `many`: walks in a batch.

    Raises:
        KeyboardInterrupt: the user broke it off.
    """
    deadline = None if seconds is None else monotonic() + seconds
    search = Search(system.rules, system, states)
    report = _heeded(search.breadth_first(depth=depth, states=_STATES, seconds=seconds, memory=memory))
    length, dull = _LENGTH if depth is None else min(depth, _LENGTH), 0
    for seed in range(_TIMES):
        if report.stop not in ("states", "walks") or dull == _PATIENCE:
            break  # there is no more to learn, or something is wrong so near that no more is needed
        before = system.python_calls
        search, left = Search(system.rules, system, states), left_until(deadline)
        report = _heeded(search.walks(walks=many, length=length, seed=seed, seconds=left, memory=memory))
        dull = dull + 1 if system.python_calls - before <= _DULL * before else 0
    return report.stop == "violation"


def left_until(deadline: float | None) -> float | None:
    """The seconds until a time of the monotonic clock; None: there is no end."""
    return None if deadline is None else max(0.0, deadline - monotonic())


def _heeded(report: Report) -> Report:
    if report.stop == "interrupted":
        raise KeyboardInterrupt
    return report
