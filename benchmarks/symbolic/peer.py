"""The rules of a model in the binary decision diagrams of oxidd, as a peer of our own.

A slot takes as many bits as its values need.  A step is three things: a BDD of the states in which it is
possible, the bits that it writes, and what it writes.  What it leads to is then one operation, `and` with
`exists`, and one more `and`; no bits for the state after a step are needed.  Each rule is applied until it
adds nothing, and all of them again until none does.  oxidd is fast at each of these operations; that a rule
is only about a part of the state, which saturation lives on, cannot be told to it from Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import process_time
from typing import TYPE_CHECKING, Any, Final

from benchmarks.process import BenchmarkError

if TYPE_CHECKING:
    from dscheck.checker.rules.slot import Observation
    from dscheck.checker.rules.system import System

_NODES: Final = 1 << 25
_CACHE: Final = 1 << 22


class Bits:
    """Sets of states of one model, all of whose footprints are known."""

    def __init__(self, system: System, order: Sequence[int]) -> None:
        from oxidd.bdd import BDDManager  # type: ignore[import-not-found,import-untyped,unused-ignore]
        from oxidd.util import BooleanOperator  # type: ignore[import-not-found,import-untyped,unused-ignore]

        self._and = BooleanOperator.AND
        self._system, self._manager = system, BDDManager(_NODES, _CACHE, 1)
        self.started = process_time()
        """When there was room for nodes and results, which takes a moment to get."""
        encoding = system.encoding
        places = (*encoding.places(), *encoding.network.places())
        slots = {encoding.slots[place].number: encoding.slots[place] for place in places}
        self._sizes = {number: len(slot.values) for number, slot in slots.items()}
        widths = {number: (size - 1).bit_length() for number, size in self._sizes.items()}
        self._manager.add_vars(sum(widths.values()))
        self._bits: dict[int, list[Any]] = {}
        at = 0
        for slot in order:
            self._bits[slot] = [self._manager.var(at + bit) for bit in range(widths[slot])]
            at += widths[slot]
        self._width = at
        self._true, self._false = self._manager.true(), self._manager.false()
        self.states = self._false
        for state in system.initial:
            full = [*state, *[0] * (len(order) - len(state))]
            self.states |= self._all(self._is(slot, value) for slot, value in enumerate(full))
        self.made = 0
        """The most nodes that were there at once, in use or not."""
        self._rules = [rule for tree in range(len(system.instances)) for rule in self._steps(tree)]

    def close(self, seconds: float) -> bool:
        """Add what can be reached; whether the time sufficed."""
        deadline = process_time() + seconds
        while True:
            before = self.states
            for possible, written, values in self._rules:
                while True:
                    found = self.states | (self.states.apply_exists(self._and, possible, written) & values)
                    self.made = max(self.made, self._manager.approx_num_inner_nodes())
                    if process_time() > deadline:
                        return False
                    if found == self.states:
                        break
                    self.states = found
            if self.states == before:
                return True

    def count(self) -> int:
        """How many states there are."""
        return int(self.states.sat_count(self._width))

    # -- rules

    def _steps(self, tree: int) -> list[tuple[Any, Any, Any]]:
        """Of each footprint: where it is possible, the bits that it writes, and the values."""
        from dscheck.checker.rules.instances import STEPS

        if self._system.instances[tree].kind not in STEPS:
            return []
        made = []
        for path, leaf in self._system.rules.footprints(tree):
            if leaf < 0:
                continue
            answers, asked = dict(path), list[tuple["Observation", int]]()

            def ask(observation: Observation, answers: dict[int, int] = answers, asked: Any = asked) -> int:
                asked.append((observation, answers[observation.number]))
                return answers[observation.number]

            picks = [picked for number, picked in path if number < 0]
            writes, operators = self._system.run(tree, ask, picks).effects
            if operators:
                raise BenchmarkError("this peer knows no blind updates")
            possible = self._all(self._gives(observation, answer) for observation, answer in asked)
            written = self._all(bit for slot, _ in writes for bit in self._bits[slot])
            made.append((possible, written, self._all(self._is(slot, value) for slot, value in writes)))
        return made

    def _gives(self, observation: Observation, answer: int) -> Any:
        """The states that give an answer."""
        from dscheck.checker.rules.slot import Slot, View

        about = observation.about
        if isinstance(about, Slot):
            return self._is(about.number, answer)
        if isinstance(about, View):
            values = [value for value, result in enumerate(about.results) if result == answer]
            return self._any(self._is(about.slot.number, value) for value in values)
        members = [~self._is(slot, 0) for slot in about.slots]
        if observation.after is not None:
            missing = members[observation.after :] if answer == 0 else members[observation.after : answer - 1]
            first = self._true if answer == 0 else members[answer - 1]
            return first & self._all(~member for member in missing)
        return self._exactly(members, answer)

    def _exactly(self, members: Sequence[Any], wanted: int) -> Any:
        """So many of them are true."""
        counts = [self._true]
        for member in members:
            more = [self._false, *counts]
            counts = [
                (member & one) | (~member & same)
                for one, same in zip(more, [*counts, self._false], strict=True)
            ]
        return counts[wanted] if wanted < len(counts) else self._false

    # -- sets

    def _is(self, slot: int, value: int) -> Any:
        bits = enumerate(self._bits[slot])
        return self._all(bit if value >> at & 1 else ~bit for at, bit in bits)

    def _all(self, sets: Any) -> Any:
        made = self._true
        for one in sets:
            made &= one
        return made

    def _any(self, sets: Any) -> Any:
        made = self._false
        for one in sets:
            made |= one
        return made
