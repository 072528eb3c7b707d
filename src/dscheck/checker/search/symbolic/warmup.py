"""What a short explicit search and random walks teach, before there are any sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dscheck._engine import Search

if TYPE_CHECKING:
    from dscheck.checker.rules.system import System

_STATES: Final = 5_000
_WALKS, _LENGTH, _TIMES = 50, 100, 40
_DULL: Final = 0.004
"""A share of new rules that is not worth another batch of walks."""


def warm_up(system: System, seconds: float | None, memory: int | None) -> None:
    """Run a model on some of its states: its rules then need few lessons, and show what depends on what.

    What is wrong in these states is not told: the symbolic search will meet them again.
    """
    search = Search(system.rules, system, system.initial)
    search.breadth_first(states=_STATES, seconds=seconds, memory=memory)
    for seed in range(_TIMES):
        before = system.python_calls
        walks = Search(system.rules, system, system.initial)
        report = walks.walks(walks=_WALKS, length=_LENGTH, seed=seed, seconds=seconds, memory=memory)
        if report.stop != "walks" or system.python_calls - before <= _DULL * before:
            break
