"""The Rust engine: footprints, states and searches, all of them numbers.

It knows no protocol, formats nothing and prints nothing.
`dscheck.checker.rules` gives the numbers their meaning.
"""

from collections.abc import Callable
from typing import Protocol, Self, TypeAlias, final, type_check_only

Path: TypeAlias = list[tuple[int, int]]
"""Of one run: (observation, answer), or (-arity, picked) for a choice."""
Step: TypeAlias = tuple[int, list[int], list[int]]
"""Tree (-1: an initial state), what it picked, and the slot values after it."""

class Contradiction(Exception):  # noqa: N818
    """A run observed something else than an earlier one after the same observations.

    `args`: tree, position in the path, what was remembered there, what the new run did there (an observation,
    minus the arity of a choice, or None where the run had ended).
    """

@final
class Rules:
    """Slots, and the decision trees of footprints over them; shared by every engine."""

    def __new__(cls) -> Self: ...
    def add_slot(self, *, boolean: bool = False) -> int:
        """A new slot; it has the one value 0, which is its default in every state.

        `boolean` promises that it will never have more than two values: it then takes no room to grow.
        """
    def grow_slot(self, slot: int, size: int) -> None:
        """The slot's values are now 0..size-1."""
    def add_group(self) -> int:
        """An ordered, growing set; a slot is a member where it is not at its default."""
    def extend_group(self, group: int, slot: int) -> None:
        """Append a slot at the next position."""
    def add_view(self, slot: int) -> int:
        """A function of the value of one slot."""
    def extend_view(self, view: int, results: list[int]) -> None:
        """Its results for the next values of its slot; must cover every value that a state can hold."""
    def observe_slot(self, slot: int) -> int:
        """The observation that asks for a slot's value."""
    def observe_view(self, view: int) -> int:
        """The observation that asks for a view's result."""
    def observe_size(self, group: int) -> int:
        """The observation that asks how many members a group has."""
    def observe_next(self, group: int, after: int) -> int:
        """Asks for 1 + the position of the first member at position `after` or later; 0: none."""
    def add_operator(self, slot: int) -> int:
        """A blind update of one slot: a table from value to value, filled on demand."""
    def define_operator(self, operator: int, before: int, after: int) -> None:
        """One entry of an operator's table."""
    def add_outcome(self, writes: list[tuple[int, int]], operators: list[int]) -> int:
        """What a step does: write (slot, value) pairs, then apply the operators in order."""
    def add_tree(self, kind: str) -> int:
        """A tree without footprints; kind: step, always, sometimes, bound, ends, map."""
    def learn(self, tree: int, path: Path, leaf: int) -> None:
        """Remember one footprint; leaf: outcome id, -1 disabled, -2-k fault k.

        Raises:
            Contradiction: the tree says something else after the same observations.
        """
    def footprints(self, tree: int) -> list[tuple[Path, int]]:
        """Every remembered path of `tree` with its leaf."""
    def footprint_count(self) -> int:
        """The number of remembered footprints of all trees."""

@type_check_only
class Teacher(Protocol):
    """Who runs Python when the engine meets something new."""

    def learn(self, misses: list[tuple[int, list[int], list[int]]]) -> None:
        """For each (tree, slot values, picks so far): run it and call `Rules.learn`."""
    def operate(self, gaps: list[tuple[int, int]]) -> None:
        """For each (operator, value before): call `Rules.define_operator`."""

@final
class Report:
    """What a search did and found."""

    stop: str
    """exhausted, depth, violation, states, time, memory, interrupted, or walks."""
    finding: tuple[str, int, list[int]] | None
    """Kind (always, fault, refines, deadlock, initial), tree (-1: none), picks."""
    trace: list[Step]
    """From an initial state to the finding; for refines the last step is the offending one."""
    states: int
    transitions: int
    depth: int
    """The deepest level of which every state was judged; -1 if not even the initial ones were."""
    frontier: int
    """States that were found but not expanded."""
    pruned: int
    """States that were not expanded because a bound is false there."""
    ended: int
    """Expanded states without a successor."""
    taken: list[int]
    """Per tree: how often one of its outcomes was taken."""
    reached: list[tuple[int, int]]
    """Of each `sometimes` tree that became true: the tree and the first such state (-1 in random walks)."""
    bytes: int
    """Memory of the state store."""
    levels: list[int]
    """Distinct states per depth."""

@final
class Search:
    """A store of states, and searches that fill it."""

    def __new__(
        cls,
        rules: Rules,
        teacher: Teacher,
        initial: list[list[int]],
        *,
        workers: int = 1,
        spec: tuple[Rules, Teacher, list[list[int]]] | None = None,
    ) -> Self: ...
    def breadth_first(
        self,
        *,
        depth: int | None = None,
        states: int | None = None,
        seconds: float | None = None,
        memory: int | None = None,
        deadlock: bool = False,
        progress: Callable[[dict[str, int]], None] | None = None,
        pause: float = 0.2,
    ) -> Report:
        """Judge and expand states level by level; a fresh search may call this once."""
    def walks(
        self,
        *,
        walks: int,
        length: int,
        seed: int,
        seconds: float | None = None,
        memory: int | None = None,
        deadlock: bool = False,
        progress: Callable[[dict[str, int]], None] | None = None,
        pause: float = 0.2,
    ) -> Report:
        """Random walks from the initial states; walk number and seed determine a walk."""
    def state(self, index: int) -> list[int]:
        """The slot values of a stored state."""
    def path(self, index: int) -> list[Step]:
        """A shortest path to a state that `breadth_first` stored."""
    def successors(self, index: int) -> list[tuple[int, list[int], int]]:
        """(tree, picks, index) of every step from a stored state to a stored state."""
