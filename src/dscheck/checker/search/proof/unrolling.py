"""The steps before the last one: a run of states that keep the invariants, for k-induction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import z3

from dscheck.checker.search.proof.learning import Rule
from dscheck.checker.search.proof.solving import Solver
from dscheck.checker.search.proof.symbols import Cube, Symbols, either, matches, negation, one_of

Updates = Mapping[int, Mapping[int, int]]
"""By slot, what blind updates make of each value."""


class Unrolling:
    """So many states, one step after the other, the last of which leads to `last`."""

    def __init__(
        self,
        solver: Solver,
        domains: Mapping[int, Sequence[int]],
        last: Symbols,
        count: int,
        outside: Iterable[Cube],
        steps: Sequence[tuple[Rule, Updates]],
    ) -> None:
        """`outside`: where an invariant or a bound is false."""
        self._solver, self._domains, self._steps = solver, domains, steps
        self.leads_here = solver.boolean("leads here")
        """Assume it to speak of states that such a run leads to."""
        self._copies = [Symbols(solver, domains, f"{-count + at}:") for at in range(count)]
        self._taken = [
            [solver.boolean(f"{-count + at} takes {rule}") for rule in range(len(steps))]
            for at in range(count)
        ]
        outside = list(outside)
        for at, (before, after) in enumerate(zip(self._copies, [*self._copies[1:], last], strict=True)):
            for cube in outside:
                self._require(negation(matches(before, cube)))
            self._require_step(self._taken[at], before, after)

    def _require(self, formula: Any) -> None:
        self._solver.require(either([negation(self.leads_here), formula]))

    def _require_step(self, taken: Sequence[Any], before: Symbols, after: Symbols) -> None:
        """One rule says what becomes of the slots that it writes; all others stay as they are."""
        writers = defaultdict(list)
        self._require(one_of(taken))
        for is_taken, (rule, updates) in zip(taken, self._steps, strict=True):
            then = negation(is_taken)
            self._require(either([then, matches(before, rule.cube)]))
            for slot, number in (rule.writes or {}).items():
                writers[slot].append(is_taken)
                self._require(either([then, after.holds(slot, (number,))]))
            for slot, table in updates.items():
                writers[slot].append(is_taken)
                self._require(either([then, before.holds(slot, table)]))
                for old, new in table.items():
                    elsewhere = negation(before.holds(slot, (old,)))
                    self._require(either([then, elsewhere, after.holds(slot, (new,))]))
        for slot, numbers in self._domains.items():
            for number in numbers:
                same = either([negation(before.holds(slot, (number,))), after.holds(slot, (number,))])
                self._require(either([*writers[slot], same]))

    def way(self, model: Any, slots: int) -> tuple[list[list[int]], list[Rule]]:
        """The states and steps before, in one of Z3's models."""
        states = [copy.state(model, slots) for copy in self._copies]
        steps = [
            next(
                rule
                for is_taken, (rule, _) in zip(taken, self._steps, strict=True)
                if z3.is_true(model.eval(is_taken, model_completion=True))
            )
            for taken in self._taken
        ]
        return states, steps
