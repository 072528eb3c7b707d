"""From layers back to a run, which is then taken in Python, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dscheck._engine import Diagrams, StateSet
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System


def path_to(diagrams: Diagrams, layers: Sequence[StateSet], state: list[int]) -> list[Numbers]:
    """A run from an initial state to a state of the last layer, one step for each layer."""
    steps: list[Numbers] = []
    for layer in reversed(layers[:-1]):
        found = diagrams.before(layer, state)
        assert found is not None, "every state of a layer comes from one of the layer before"
        tree, picks, before = found
        steps.append((tree, picks, state))
        state = before
    steps.append((-1, [], state))
    return steps[::-1]


def retake(system: System, path: Sequence[Numbers]) -> list[Numbers]:
    """The same run, as Python takes it.

    Raises:
        AssertionError: a step does something else in Python than in the diagrams, which is a bug of dscheck.
    """
    taken = [path[0]]
    for tree, picks, expected in path[1:]:
        after, happening = system.after(tree, taken[-1][2], picks)
        label = happening.label
        assert happening.enabled, f"a symbolic trace does not replay: {label} cannot happen"
        assert happening.exception is None, f"a symbolic trace does not replay: {label} raises"
        longer = max(len(after), len(expected))
        padded = [[*state, *[0] * (longer - len(state))] for state in (after, expected)]
        assert padded[0] == padded[1], f"a symbolic trace does not replay: {label} leads elsewhere"
        taken.append((tree, picks, after))
    return taken
