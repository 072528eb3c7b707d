"""Steps that commute, in an order that reads well: what one node does stands together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dscheck.checker.rules.recorder import answers_of
from dscheck.checker.traces.tell import actor

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System


@dataclass
class _Move:
    """A step, and the slots that it looked at and changed."""

    step: Numbers
    actor: str
    reads: set[int]
    writes: set[int]

    def commutes_with(self, other: _Move) -> bool:
        """Neither sees or overwrites what the other does, so both orders end in the same state."""
        return not (self.writes & (other.reads | other.writes) or other.writes & self.reads)


def ordered(system: System, path: Sequence[Numbers]) -> list[Numbers]:
    """The same steps, as long as possible at one node, then at the first in order; the last one stays last.

    Steps are exchanged only where their footprints say that they commute (Mazurkiewicz 1977), and are then
    taken again, so the states between them are real ones.
    """
    moves = [_move(system, before, step) for (_, _, before), step in pairwise(path)]
    ranks = {node.name: rank for rank, node in enumerate(system.model.layout.nodes)}
    waiting, done = moves[:-1], list[_Move]()
    while waiting:
        free = [move for at, move in enumerate(waiting) if all(map(move.commutes_with, waiting[:at]))]
        here = done[-1].actor if done else ""
        best = min(free, key=lambda move: (move.actor != here, ranks.get(move.actor, len(ranks))))
        waiting.remove(best)
        done.append(best)
    return _taken_again(system, path, [*done, *moves[-1:]])


def _move(system: System, before: Sequence[int], step: Numbers) -> _Move:
    tree, picks, _ = step
    slots = system.encoding.slots
    footprint = system.run(tree, answers_of(before), picks)
    asked = [number for number, _ in footprint.path if number >= 0]
    writes, operators = footprint.effects
    return _Move(
        step,
        actor(system.instances[tree]),
        {slot for number in asked for slot in slots.behind(number)},
        {slot for slot, _ in writes} | {slots.updated(operator) for operator in operators},
    )


def _taken_again(system: System, path: Sequence[Numbers], moves: Sequence[_Move]) -> list[Numbers]:
    """The path of these steps; the old one, if they do not lead to the same end."""
    found = [path[0]]
    for move in moves:
        tree, picks, _ = move.step
        state, happening = system.after(tree, found[-1][2], picks)
        if not happening.enabled or happening.exception is not None:
            return list(path)
        found.append((tree, list(picks), state))
    return found if found[-1][2] == _full(path[-1][2], len(found[-1][2])) else list(path)


def _full(state: Sequence[int], slots: int) -> list[int]:
    """A state with the slots that are new since: they hold number 0 in it."""
    return [*state, *[0] * (slots - len(state))]
