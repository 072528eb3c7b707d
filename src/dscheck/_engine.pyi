"""The Rust engine: footprints, states and searches, all of them numbers.

It knows no protocol, formats nothing and prints nothing.
`dscheck.checker.rules` gives the numbers their meaning.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Any, Protocol, Self, TypeAlias, final, type_check_only

import numpy as np
import numpy.typing as npt

Buffer: TypeAlias = npt.NDArray[Any] | array[int] | bytes | memoryview
"""A contiguous array of numbers, of the type that the parameter says; nothing is copied."""
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
class KeepInterrupts:
    """A `sys.unraisablehook` that raises a lost KeyboardInterrupt again; `other` is for the rest."""

    def __new__(cls, other: Callable[[Any], object]) -> Self: ...
    def __call__(self, lost: Any) -> None: ...

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
    def define_operator(self, operator: int, entries: list[tuple[int, int]]) -> None:
        """Entries of an operator's table: values before and after."""
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
    def dependencies(self) -> list[tuple[int, list[int]]]:
        """Of every footprint of a possible step: its tree, and the slots that it depends on or changes."""
    def slot_count(self) -> int:
        """The number of slots."""
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
    enabled: list[int]
    """Per tree: in how many expanded states it had an outcome; random walks do not count that."""
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
    def values(self) -> list[list[int]]:
        """Per slot: the values that it has in some stored state, in order."""
    def path(self, index: int) -> list[Step]:
        """A shortest path to a state that `breadth_first` stored."""
    def successors(self, index: int) -> list[tuple[int, list[int], int]]:
        """(tree, picks, index) of every step from a stored state to a stored state."""

# -- sets of states

@final
class StateSet:
    """A set of states; it belongs to the diagrams that made it, and is true where it is not empty."""

    def __bool__(self) -> bool: ...

@final
class Diagrams:
    """Sets of states of one model, as decision diagrams over its slots.

    Whatever takes long may be broken off, by a limit or Ctrl-C: then `take_halt` says why, and the result is
    only a part of what was asked for.
    """

    def __new__(cls, rules: Rules, order: list[int], room: int) -> Self:
        """`order`: every slot from 0 on once; `room`: bytes that nodes may take."""
    def limit(
        self,
        *,
        seconds: float | None = None,
        memory: int | None = None,
        progress: Callable[[int], None] | None = None,
        pause: float = 0.2,
    ) -> None:
        """Limits for all work to come; `progress` is told how many nodes there are."""
    def take_halt(self) -> str | None:
        """Why work was broken off since the last call: found, nodes, time, memory or interrupted."""
    def states(self, states: list[list[int]]) -> StateSet:
        """The set of some states."""
    def prepare(self, *, questions_only: bool = False, stops_at_findings: bool = True) -> None:
        """Take in what Python has taught.

        `questions_only`: look at properties, not at steps.  `stops_at_findings`: a state that breaks a
        promise halts the work.
        """
    def saturate(self, set: StateSet, *, closed: bool, nodes: int | None = None) -> StateSet:
        """All states that can be reached from a set, unless that takes more than so many new nodes.

        `closed`: the set is closed under what was settled.  Of what `probe` looks for, only broken promises
        and raising methods are seen.
        """
    def settle(self) -> None:
        """Remember the steps under which the last set is closed, and what it raised no alarm for."""
    def probe(self, set: StateSet) -> None:
        """Look for what the rules do not cover, broken promises, and goals."""
    def seen(self, set: StateSet) -> list[tuple[str, int, list[int], list[int]]]:
        """What was seen: gap, broken, raised or reached, the tree, what it picked, and a state of the set."""
    def gaps_of(self, set: StateSet, trees: list[int]) -> list[tuple[int, list[int], list[int]]]:
        """What some trees do not cover by now: (tree, state, picks)."""
    def missing(self) -> list[tuple[int, int]]:
        """Blind updates that are not defined: (operator, value before)."""
    def retire(self, tree: int) -> None:
        """Look no more for a goal."""
    def next(self, set: StateSet) -> StateSet:
        """The states that steps make of a set."""
    def enabled(self, set: StateSet) -> StateSet:
        """The states of a set in which some step is possible."""
    def select(self, set: StateSet, trees: list[int], leaf: int) -> StateSet:
        """The states of a set in which one of some properties is 0 or 1."""
    def union(self, a: StateSet, b: StateSet) -> StateSet:
        """The states of either."""
    def minus(self, a: StateSet, b: StateSet) -> StateSet:
        """The states of the first that are not in the second."""
    def meet(self, a: StateSet, b: StateSet) -> StateSet:
        """The states of both."""
    def count(self, set: StateSet) -> int:
        """How many states there are in a set, exactly."""
    def count_steps(self, set: StateSet, tree: int) -> tuple[int, int]:
        """How many steps the states of a set take with a tree, and how many of them take one."""
    def is_possible(self, set: StateSet, tree: int) -> bool:
        """Whether some state of a set takes a step with a tree."""
    def pick(self, set: StateSet) -> list[int] | None:
        """A state of a set, the same one every time; None: it has none."""
    def pick_pair(self, set: StateSet) -> list[int] | None:
        """What the state of `pick` was mapped to: of each slot the values before and after."""
    def before(
        self, set: StateSet, target: list[int], pair: list[int] = ...
    ) -> tuple[int, list[int], list[int]] | None:
        """(tree, picks, state) of a step from a state of a set to `target`, which is mapped to `pair`."""
    def attach(self, spec: Rules) -> None:
        """Give the diagrams the slots of an abstract model."""
    def mapped(self, set: StateSet, side: int) -> StateSet:
        """The states of a set with what they stand for; side: 0 before a step, 1 after it."""
    def changes(self, set: StateSet) -> StateSet:
        """Of a set that was mapped on both sides: its pairs of different abstract states alone."""
    def unexplained(self, changes: StateSet) -> StateSet:
        """What is left of the last changes without those that the abstract model is known to allow."""
    def with_pair(self, set: StateSet, pair: list[int]) -> StateSet:
        """Of a set that was mapped on both sides: the states of one pair."""
    def missing_in_spec(self) -> list[tuple[int, int]]:
        """As `missing`, of the abstract model."""
    def values(self, set: StateSet) -> list[list[int]]:
        """Per slot: the values that it has in some state of a set, in order."""
    def size(self, set: StateSet) -> tuple[int, int, int]:
        """Nodes of a set; nodes of all sets, in use or not; bytes of all that is kept."""
    def reorder(self, order: list[int]) -> None:
        """Put the slots in another order; the rules must be prepared anew."""
    def sift(self, *, few: int = ...) -> bool:
        """Put the slots in a better order, if worth it, and tell; then the rules must be prepared anew.

        It is with `few` nodes (10,000) or more, and twice as many as the last time.
        """
    def order(self) -> list[int]:
        """The slots in the order in which diagrams ask for them."""

# -- histories

class Unreadable(Exception):  # noqa: N818
    """A recording that cannot be read; `args`: line (0: none), what is wrong, what to do ("" if unknown)."""

@final
class Reader:
    """Reads one recording that comes in pieces."""

    def __new__(
        cls,
        shape: str,
        *,
        order: str = "line",
        strict: bool = False,
        jepsen: bool = False,
        exact: bool = False,
        truncated: bool = False,
    ) -> Self:
        """`shape`: json-lines, json, edn or log.  `order`: checked, line or time.

        `strict`: unknown fields are trouble.  `jepsen`: functions and values are as Jepsen's workloads have
        them.  `exact`: results are what they say, echoes and lists for sets included.
        `truncated`: of json-lines the last one may be incomplete, and is then left out.
        """
    def feed(self, piece: bytes) -> None:
        """The next bytes; raises Unreadable."""
    def finish(self) -> dict[str, Any]:
        """The history, of which there are no more bytes; raises Unreadable.

        Bytes of 64-bit words: process, key, argument, result, invoked, returned, line; empty where there are
        none: invoke_time, return_time, begin_stamp, commit_stamp, micro_ends, micro_key, micro_value,
        atom_ends, compound_ends, items.  Bytes: outcome, micro_kind, atom_kinds, atom_bytes, compound_kinds;
        function has 16 bits each.  `functions`: names; `notes`: (line, phase, name, code of the detail,
        position, time); `long_names`: whether transactions say read and write rather than r and w; `is_set`:
        whether operations are those of a set.
        """

# -- promises about the operations of a model

@type_check_only
class SequentialSteps(Protocol):
    """A specification in numbers: of states, operations, results, and promises about results to come."""

    def effects(self, state: int, operation: int) -> Sequence[tuple[int, int]]:
        """What an operation may do before its result is known: promises about it, and states after it."""
    def answered(self, state: int, operation: int, result: int) -> Sequence[int]:
        """The states after an operation that was told this result."""
    def fits(self, promise: int, operation: int, result: int) -> bool:
        """Whether an operation that took effect under a promise may be told this result."""
    def is_pure(self, operation: int) -> bool:
        """Whether an operation changes no state, whatever its result."""

@final
class Possibilities:
    """What may have happened so far, event by event, if every operation took effect at one moment.

    Values are numbered in the order of their appearance; 0 is the one before any event.
    """

    def __new__(cls, steps: SequentialSteps, start: int, may_crash: bool) -> Self:
        """`may_crash`: a client may begin anew while it waits, and what it waited for is abandoned."""
    def __len__(self) -> int:
        """The number of values so far."""
    def invoked(self, client: int, operation: int) -> int:
        """The number of an event: a client begins an operation."""
    def responded(self, client: int, result: int) -> int:
        """The number of an event: a client is told a result."""
    def abandoned(self, client: int) -> int:
        """The number of an event: a client no longer waits."""
    def after(self, event: int, values: list[int]) -> list[int]:
        """What one more event makes of each of these values."""
    def verdict(self, value: int) -> tuple[str, int]:
        """Kept or broken; or "still waits", "waits for nothing", with the event that no client does."""
    def content(self, value: int) -> tuple[list[tuple[int, int]], list[tuple[int, list[int]]]]:
        """Who waits for which operation; and the possible states, each with whose operations led to it."""

# -- dependencies of transactions

_Cycle: TypeAlias = tuple[list[tuple[int, int, int, int]], bool, int]

@final
class Transactions:
    """The transactions of a history, taken out of its columns."""

    def __new__(
        cls,
        process: Buffer,
        outcome: Buffer,
        invoked: Buffer,
        returned: Buffer,
        micro: tuple[Buffer, Buffer, Buffer, Buffer],
        values: tuple[Buffer, Buffer],
        *,
        timed: bool,
    ) -> Self:
        """`micro` are offsets, kind, key and value; `values` the offsets and items of compounds."""
    def appends(self, *, seconds: float | None = None, memory: int | None = None) -> Dependencies:
        """The dependencies of transactions that append to lists and read them.

        Raises:
            TimeoutError, MemoryError: a limit was reached.
        """

@final
class Facts:
    """Who read from whom, who wrote what in which order, by number of transaction; 0 is the initial one."""

    @property
    def rows(self) -> list[int]:
        """Rows of the history; -1 for number 0."""
    @property
    def reads(self) -> list[tuple[int, int, int]]:
        """(reader, key, writer), by reader and program order."""
    @property
    def writers(self) -> list[list[int]]:
        """Per key, who wrote it."""
    @property
    def order(self) -> list[tuple[int, int, int]]:
        """(key, earlier, later)."""
    @property
    def sessions(self) -> list[list[int]]:
        """Each session's transactions in order."""

@final
class Dependencies:
    """What depends on what in a history, and what is wrong with it."""

    @staticmethod
    def of_facts(
        facts: Facts,
        keys: Sequence[int],
        predicates: list[tuple[int, int]],
        *,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> Dependencies:
        """The dependencies that follow from facts; `keys` are codes by number, `predicates` (row, code of a
        key) of reads that found a predicate not to match.

        Raises:
            TimeoutError, MemoryError: a limit was reached.
        """
    @property
    def facts(self) -> Facts:
        """The same without values."""
    @property
    def findings(self) -> list[tuple[str, int, int, int, int, int]]:
        """What is wrong without a cycle: (what, key, element, value, row of the reader, other row)."""
    @property
    def coverage(self) -> tuple[int, int, int, int, int]:
        """Reads, reads of unknown writers, keys, keys with a partial order of versions, ambiguous values."""
    @property
    def keys(self) -> list[int]:
        """Codes of the keys by number."""
    @property
    def edges(self) -> list[tuple[int, int]]:
        """How many edges there are by kind: 1 ww, 2 wr, 4 rw, 8 predicate, 16 session, 32 real time, 128 ww
        that follow from what nobody read."""
    @property
    def acyclic(self) -> bool:
        """Whether nothing is in a circle, even with sessions and real time."""
    def evidence(self, key: int) -> int:
        """The row whose read shows the order of a key's versions, by the code of the key; -1: none."""
    def cycle(
        self, shape: str, orders: str, *, seconds: float | None = None, memory: int | None = None
    ) -> _Cycle | None:
        """A shortest cycle of a class: (row, row, kind, code of the key) of its edges, whether it is surely a
        shortest, and from how many places it was found; None where there is none.

        `shape`: G0, G1c, G-single, G-nonadjacent, prefix, G2-item, item, G2, lost-update, monotonic, atomic,
        causal;
        `orders`: "", "session" or "real-time".

        Raises:
            TimeoutError, MemoryError: a limit was reached.
        """

# -- formats of other tools

class MalformedFile(Exception):  # noqa: N818
    """A file is not what it should be; the arguments say what is wrong, the line (from 1, or 0), the byte and
    which of the files."""

def read_foreign(format: str, files: list[bytes]) -> dict[str, Any]:
    """The columns of a history in the format of another tool, by name; see `Recording` in
    engine/src/histories/foreign."""

# -- linearizability by data type

_Column: TypeAlias = Any
"""A numpy array, or anything else that shows its numbers as one contiguous buffer."""

def near_linear(
    data_type: str,
    columns: tuple[_Column, _Column, _Column, _Column, _Column, _Column, _Column],
    roles: list[int],
    *,
    rows: _Column | None = None,
    initial: int,
    yes: int,
    no: int,
    items: _Column,
    offsets: _Column,
    evidence: bool = True,
    seconds: float | None = None,
) -> list[tuple[int, int, int, int, list[int], list[int], bool, int]]:
    """Judge every object of a history by its data type.

    `columns` are function, outcome, key, argument, result, invoked and returned; `roles` says per function
    what it does (0 looks, 1 puts, 2 takes, 3 compares and sets, 4 reads a
    whole set, -1 unknown); `yes` and `no` are the codes of
    True and False.  Per key, in the order in which keys appear: key, number of operations, verdict (0
    accepted, 1 violated, 2 not applicable), rule or obstacle, the rows that this is about; of a violation,
    with `evidence`, the rows of a part of the history that by itself is in violation, whether that part is
    minimal, and the row of the operation with whose return it is (2**32 - 1: not known).  After that many
    `seconds` what is left is not applicable (obstacle 7); between looks at the clock and at signals, up to a
    million operations are judged.
    """

# -- the general search for orders

@final
class Operations:
    """The operations of a history, numbered by object and class; failed ones are left out.

    A class is what a specification cannot tell apart: function, argument and result.
    """

    def __new__(
        cls,
        process: Buffer,
        function: Buffer,
        outcome: Buffer,
        key: Buffer,
        argument: Buffer,
        result: Buffer,
        invoked: Buffer,
        returned: Buffer,
        *,
        keyed: bool,
    ) -> Self: ...
    classes: list[tuple[int, int, int, bool]]
    """Of each class: function, the codes of argument and result, and whether the result is known."""
    keys: list[int]
    """The code of each object's key; the one object has NIL if not `keyed`."""

@final
class Orders:
    """What a search for orders found out."""

    stop: str
    """done, time, memory or interrupted."""
    broken: list[tuple[int, int]]
    """Of each object that has no order: its number, and the row at whose return none was left."""
    undecided: list[tuple[int, int, int, int]]
    """Of each object that was not decided: its number, events gone over, events, position of the last one."""
    events: int
    """Invocations and returns gone over."""
    effort: int
    """Steps of the specification that were taken."""
    peak: int
    """The most configurations at once."""

@final
class Prefix:
    """How far operations can be put in order."""

    order: list[int]
    """Rows in such an order; the last ones where there are many."""
    skipped: int
    """How many operations come before those."""
    states: list[int]
    """The states that are possible then."""
    stuck: int | None
    """The row of the operation that does not fit before it returns; None if everything fits."""
    open: list[int]
    """Rows of the operations that are open there."""

@final
class ProgramOrder:
    """What a search for one order of all operations, in the order of each process, found out."""

    stop: str
    """done, time, memory or interrupted."""
    possible: bool
    """Whether there is one; not known unless done."""
    order: list[int]
    """Rows, in the longest order that was found."""
    stuck: list[int]
    """Rows of the operations that come next in their processes, of which none fits."""
    states: list[tuple[int, int]]
    """(object, state) after that order."""
    effort: int
    """Steps of the specification that were taken."""

@final
class Steps:
    """What a sequential specification answers, remembered.

    The teacher answers, for (state, class) pairs, to which states each leads; none if it is refused.
    """

    def __new__(cls, teacher: Callable[[list[tuple[int, int]]], list[list[int]]]) -> Self: ...
    def __len__(self) -> int: ...
    def linearize(
        self,
        operations: Operations,
        classes: list[int],
        effects: bytes,
        initial: list[int],
        *,
        objects: list[int] | None = None,
        weak: bytes | None = None,
        until: int = ...,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> Orders:
        """Whether each object is linearizable: the same result for the same arguments, unless stopped.

        `classes` and `effects` say, by class of the operations, its number in this table and what it does to
        states: 1 changes none, 2 always possible and always leads to the same one, 0 anything.  `weak` says
        by row: 0 as recorded, 1 may not have happened, 2 left out.
        """
    def longest_prefix(
        self,
        operations: Operations,
        classes: list[int],
        effects: bytes,
        initial: list[int],
        *,
        object: int,
        weak: bytes | None = None,
        until: int = ...,
        last: int = 1000,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> Prefix | None:
        """How far one object's operations can be put in order; None if a limit was reached.

        The order is recorded for the last `last` events.
        """
    def in_program_order(
        self,
        operations: Operations,
        classes: list[int],
        effects: bytes,
        initial: int,
        *,
        objects: list[int] | None = None,
        weak: bytes | None = None,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> ProgramOrder:
        """Whether all operations on these objects have one order that agrees with each process's own."""

# -- weak levels, and levels without a known version order

_Link: TypeAlias = tuple[int, int, str, int, int]
_Integers: TypeAlias = npt.NDArray[np.int64]
_Bytes: TypeAlias = npt.NDArray[np.uint8]

@final
class Registers:
    """What transactions over registers read and wrote."""

    def __new__(
        cls,
        process: _Integers,
        outcome: _Bytes,
        invoked: _Integers,
        returned: _Integers,
        micro: tuple[_Integers, _Bytes, _Integers, _Integers],
        *,
        initial: int,
        timed: bool,
        partial: bool,
    ) -> Self: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def keys(self) -> list[int]:
        """Codes of the keys by their numbers."""
    @property
    def findings(self) -> list[tuple[str, int, int, int]]:
        """(what is wrong, reader's row, place of the read among all micro-operations, writer's row or -1)."""
    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many findings of each kind there are, also of those that are not listed."""
    @property
    def ambiguous(self) -> list[tuple[int, int, list[int]]]:
        """Reads of values that several transactions wrote: (reader, key, transactions)."""
    @property
    def unknown(self) -> int:
        """Reads of values from outside of a partial recording."""
    @property
    def looked_at(self) -> int:
        """External reads of committed transactions."""

def judge_weak(
    facts: Facts, level: str, base: str, *, seconds: float | None = None, memory: int | None = None
) -> tuple[str, list[tuple[_Link, list[_Link]]], bool]:
    """Judges a level up to causal: kept, violated, or why it stopped; a circle; if all of it is needed."""

@final
class Judged:
    """What a check of a level without a known version order found out."""

    answer: str
    """kept, violated, or why it stopped: deadline, memory, interrupted."""
    decided: int
    """Orders of two writers that were found by pruning."""
    open: int
    """Pairs of writers that were left to the search."""
    conflicts: int
    core: list[int]
    """Where violated, transactions that break the level by themselves."""
    cases: list[
        tuple[list[tuple[int, int, int]], list[tuple[tuple[int, int, int], list[_Link]]], list[_Link]]
    ]
    """The proof, if there was time to find it: assumed orders (earlier, later, key), lemmas and the circle
    each opposite closes, and the circle; the cases cover all orders."""
    minimal: bool

def judge_strong(
    facts: Facts,
    level: str,
    base: str,
    *,
    seconds: float | None = None,
    memory: int | None = None,
    explain: float = 5.0,
) -> Judged:
    """Judges prefix, parallel-snapshot, snapshot-isolation, serializable; `explain` seconds for a proof."""

def execute_stamped(
    rows: tuple[_Integers, _Bytes, _Integers, _Integers, _Integers, _Integers],
    micro: tuple[_Integers, _Bytes, _Integers, _Integers],
    values: tuple[_Integers, _Integers],
    *,
    initial: int,
    serializable: bool,
    sessions: bool,
    time: bool,
) -> tuple[list[tuple[str, int, int, int]], list[tuple[str, int]], tuple[int, int, int, int]]:
    """Executes transactions (process, outcome, invoked, returned, begin, commit) in the order of stamps.

    Comes back: (what is wrong, row, micro-operation or -1, other row or -1); counts by kind; and how many
    transactions, reads, reads that may be of transactions without stamps, and committed transactions without
    stamps there were.
    """

# -- sessions

@final
class Accesses:
    """The reads and writes of a recording."""

    def __new__(
        cls,
        columns: dict[str, Any],
        offsets: Any,
        items: Any,
        *,
        initial: int,
        infer: bool,
        guess: bool,
        tick: int = 1,
    ) -> Self: ...
    def counts(self) -> list[tuple[str, int]]:
        """What was understood: counts by name."""
    def unknown(self) -> tuple[bytes, bytes]:
        """Reads of values that nobody wrote, and of values that several wrote; 64-bit integers."""
    def sources(self) -> tuple[bytes, bytes]:
        """Per access its row in the columns, and of a read the write that it returned: -1 the initial
        value."""
    def circles(self) -> list[list[int]]:
        """Of keys whose order of versions contradicts itself writes in a circle, empty if there is none."""
    def breaches(
        self, guarantee: str, *, seconds: float | None = None, memory: int | None = None
    ) -> tuple[list[tuple[int, int, int, list[int], list[tuple[int, int] | None], int]], str | None]:
        """(session, operation, prior operation, cycle, what the session did that asks for each step, count)
        of sessions that break a guarantee."""
    def pattern(
        self, promise: str, *, seconds: float | None = None, memory: int | None = None
    ) -> tuple[tuple[str, list[int], list[int], int, list[int]] | None, str | None]:
        """A bad pattern: its name, the operations, the reads that show the steps (-1: none), session (-1:
        all), operations that show what is derived."""
    def staleness(
        self,
        measure: str,
        *,
        budget: int = ...,
        seconds: float | None = None,
        memory: int | None = None,
    ) -> tuple[list[tuple[int, int, int, str, list[list[int]]]], str | None]:
        """(key by number, least, enough, kind of proof, versions) of keys that were read; of each version the
        write, the first to return, and the last read; -1: none."""
    def lags(self, measure: str) -> tuple[bytes, bytes, bytes]:
        """Of reads: the row in the columns, the least and the most that they lagged; 64-bit integers."""
    def prefix(
        self, *, seconds: float | None = None, memory: int | None = None
    ) -> tuple[bool | None, list[int], str | None]:
        """Whether one order of all writes explains every operation by a prefix (None: open), a circle if
        not."""
    def later(self, writes: Sequence[int]) -> list[tuple[int, int]]:
        """Of these writes those that are certainly not the last of their key, with a later one."""
