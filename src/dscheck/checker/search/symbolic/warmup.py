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
_DULL, _PATIENCE = 0.002, 3
"""So many batches of walks one after the other that teach less than this share are enough."""


def warm_up(system: System, seconds: float | None, memory: int | None, depth: int | None = None) -> None:
    """Run a model on some of its states: its rules then need few lessons, and show what depends on what.

    What is wrong in these states is not told: the symbolic search will meet them again.  No state is deeper
    than the search will go: a model that grows and grows has rules there that nobody needs.

    Raises:
        KeyboardInterrupt: the user broke it off.
    """
    deadline = None if seconds is None else monotonic() + seconds
    search = Search(system.rules, system, system.initial)
    report = search.breadth_first(depth=depth, states=_STATES, seconds=seconds, memory=memory)
    _heed(report)
    if report.stop != "states":
        return  # there is no more to learn, or something is wrong so near that no more is needed
    length, dull = _LENGTH if depth is None else min(depth, _LENGTH), 0
    for seed in range(_TIMES):
        before = system.python_calls
        left = None if deadline is None else max(0.0, deadline - monotonic())
        walks = Search(system.rules, system, system.initial)
        report = walks.walks(walks=_WALKS, length=length, seed=seed, seconds=left, memory=memory)
        _heed(report)
        dull = dull + 1 if system.python_calls - before <= _DULL * before else 0
        if report.stop != "walks" or dull == _PATIENCE:
            break


def _heed(report: Report) -> None:
    if report.stop == "interrupted":
        raise KeyboardInterrupt
