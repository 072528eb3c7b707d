"""Hidden state: models that depend on more than their tracked state, and how they are found out.

The engine repeats what a footprint says wherever the same observations have the same answers.  That is sound
only if methods are functions of what they observe.  Two things show that one is not: a run that goes on
differently after the same observations, and, in the audit, a remembered footprint that does not come about
again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from random import Random
from time import monotonic
from typing import TYPE_CHECKING

from dscheck.checker.errors import HiddenState
from dscheck.checker.rules.footprint import DISABLED
from dscheck.checker.rules.recorder import Diverged
from dscheck.checker.rules.slot import Observation
from dscheck.checker.rules.slots import Slots

if TYPE_CHECKING:
    from dscheck._engine import Path
    from dscheck.checker.rules.instances import Instance
    from dscheck.checker.rules.system import System


def audit(system: System, sample: int | None, seconds: float | None, seed: int) -> int:
    """Re-run remembered footprints, a sample of them or all, until time is over; return how many."""
    deadline = None if seconds is None else monotonic() + seconds
    count = 0
    for tree, path, leaf in _footprints(system, sample, Random(seed)):
        if count == sample or (deadline is not None and monotonic() > deadline):
            break
        _check(system, tree, path, leaf)
        count += 1
    return count


def _footprints(system: System, sample: int | None, random: Random) -> Iterator[tuple[int, Path, int]]:
    """Footprints that Python ran for; of a sample, as many of each tree, those that do something first."""
    trees = _by_turns(system, random)
    quota = None if sample is None else -(-sample // max(len(trees), 1))
    for tree in trees:
        delivery = system.instances[tree].delivery
        taught = [(delivery.nothing.number, 0)] if delivery else None
        learned = [footprint for footprint in system.rules.footprints(tree) if footprint[0] != taught]
        random.shuffle(learned)
        learned.sort(key=lambda footprint: footprint[1] == DISABLED)
        yield from ((tree, path, leaf) for path, leaf in learned[:quota])


def _by_turns(system: System, random: Random) -> list[int]:
    """All trees, one of each method in turn."""
    of_method: dict[str, list[int]] = {}
    for tree, instance in enumerate(system.instances):
        of_method.setdefault(instance.name, []).append(tree)
    for trees in of_method.values():
        random.shuffle(trees)
    return [tree for turn in zip_longest(*of_method.values()) for tree in turn if tree is not None]


def _check(system: System, tree: int, path: Path, leaf: int) -> None:
    """Run an instance on nothing but the remembered answers."""
    answers, slots = dict(path), system.encoding.slots

    def ask(observation: Observation) -> int:
        if observation.number not in answers:
            raise Diverged(
                f"this time it observed {slots.describe(observation.number)}, which it did not before"
            )
        return answers[observation.number]

    again = system.run(tree, ask, [picked for asked, picked in path if asked < 0])
    for remembered, now in zip_longest((asked for asked, _ in path), (asked for asked, _ in again.path)):
        if remembered != now:
            raise hidden_state(system.instances[tree], difference(slots, remembered, now))
    if not system.is_same_leaf(leaf, again.leaf):
        raise hidden_state(system.instances[tree], difference(slots, None, None))


def difference(slots: Slots, remembered: int | None, now: int | None) -> str:
    """How two runs went on after the same observations: with one more, a choice (minus its arity), or not."""
    if remembered is None and now is None:
        return "it ended in something else"
    return f"this time it {_turn(slots, now)} where it {_turn(slots, remembered)} before"


def _turn(slots: Slots, asked: int | None) -> str:
    if asked is None:
        return "ended"
    return f"chose between {-asked} options" if asked < 0 else f"observed {slots.describe(asked)}"


def hidden_state(instance: Instance, what: str) -> HiddenState:
    """The error for an instance that is no function of the state."""
    return HiddenState(
        f"{instance.label()} ({instance.source.__qualname__}) depends on something that is not in the state: "
        f"{what}, though all that it observed was the same. Does it use a global, a mutable default, "
        "or a variable of an enclosing function that changes, or the time, or random numbers? Declare "
        "what it remembers with var(...), and write choose(...) for what may go either way."
    )
