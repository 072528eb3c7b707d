"""Induction: every step from a state that keeps the invariants leads to one that keeps them.

First the footprints.  Z3 is asked for a state that keeps the invariants, as far as they are known, and that
no known footprint of a method covers; Python runs on it; until there is none.  Then every rule is a few reads
and writes, and Z3 is asked for a state in which it can happen, and from which it leads out of the invariants.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.rules.instances import STEPS
from dscheck.checker.search.proof.learning import Knowledge, Known, Rule
from dscheck.checker.search.proof.solving import Limits, Solver
from dscheck.checker.search.proof.symbols import After, Symbols, both, either, matches, negation, touches
from dscheck.checker.search.proof.unrolling import Unrolling
from dscheck.checker.search.proof.witness import simplest

if TYPE_CHECKING:
    from dscheck.checker.rules.slot import State
    from dscheck.checker.search.proof.domains import Domains


VARIED: Final = 100
"""Footprints of a property that are tried out before Z3 is asked for others."""


@dataclass(frozen=True)
class Escape:
    """A run of states that keep all invariants, and what then goes wrong: a counterexample to induction."""

    states: tuple[list[int], ...]
    rules: tuple[Rule, ...]
    """The steps between the states, and the last one, which leads out."""
    broken: tuple[int, ...]
    """The properties that are false then; none where the model raised."""


@dataclass
class Tally:
    """How far a proof is."""

    rules: int = 0
    """Rules that may break an invariant ..."""
    checked: int = 0
    """... and how many of them do not."""
    questions: int = 0
    rounds: int = 0


class Induction:
    """One attempt, with a fixed set of invariants."""

    def __init__(
        self,
        knowledge: Knowledge,
        domains: Domains,
        invariants: Sequence[int],
        k: int,
        limits: Limits,
        tally: Tally,
        told: Callable[[], None],
    ) -> None:
        self._knowledge, self._domains, self._k = knowledge, domains, k
        self._system = knowledge.system
        self._invariants = invariants
        self._bounds = self._system.trees("bound")
        self._limits, self._tally, self._told = limits, tally, told

    def run(self) -> Escape | None:
        """A counterexample; None if there is none, and so the invariants are proved."""
        while True:
            self._begin()
            escape = self._cover_all()
            if escape is not None:
                return escape
            leaving = self._leaving()
            is_last = not leaving or not self._domains.is_closed
            if is_last or self._domains.is_time_to_look:
                escape = self._check_all()
                if is_last or escape is not None:
                    return escape
            self._domains.add(leaving)

    # -- what Z3 knows

    def _begin(self) -> None:
        """Any state within the domains in which no invariant is known to be false."""
        self._tally.rounds += 1
        self._solver = Solver(self._limits)
        self._state = Symbols(self._solver, self._domains)
        self._unrolling: Unrolling | None = None
        self._within = self._solver.boolean("within") if self._bounds else True
        self._updates: dict[Rule, dict[int, dict[int, int]]] = {}

    def _exclude(self, tree: int, known: Known) -> None:
        """No longer ask for states where an invariant is false, nor for steps that begin beyond a bound."""
        if known.rules[0].holds:
            return
        outside = negation(matches(self._state, known.cube))
        guard = negation(self._within) if tree in self._bounds else False
        self._solver.require(either([guard, outside]))

    def _find(self, *assumptions: Any) -> Any:
        self._tally.questions += 1
        self._told()
        return self._solver.find(*assumptions)

    def _state_of(self, model: Any) -> list[int]:
        return self._state.state(model, max(self._domains, default=-1) + 1)

    # -- learning

    def _cover_all(self) -> Escape | None:
        for tree in self._invariants:
            self._cover_property(tree)
        for tree in self._bounds:
            escape = self._cover(tree, ())
            if escape is not None:
                return escape
        instances, tree = self._system.instances, 0
        while tree < len(instances):  # steps that send messages add others, which receive them
            if instances[tree].kind in STEPS:
                escape = self._cover(tree, (self._within,))
                if escape is not None:
                    return escape
            tree += 1
        return None

    def _cover_property(self, tree: int) -> None:
        """Learn what a property says, as far as possible without Z3: in a few states, reachable or not."""
        start = self._system.initial[0]
        self._knowledge.vary(tree, start, self._domains, VARIED)
        for known in self._knowledge.of(tree):
            self._exclude(tree, known)
        if not self._knowledge.is_complete(tree, self._domains):
            self._cover(tree, ())

    def _cover(self, tree: int, assumptions: Sequence[Any]) -> Escape | None:
        """Learn what a tree does in every state that keeps the invariants."""
        if tree in self._bounds:
            for known in self._knowledge.of(tree):
                self._exclude(tree, known)
        new = self._solver.boolean(f"new {tree}")
        for known in self._knowledge.of(tree):
            self._solver.require(either([negation(new), negation(matches(self._state, known.cube))]))
        while (model := self._find(new, *assumptions)) is not None:
            known = self._knowledge.at(tree, self._state_of(model))
            cube = matches(self._state, known.cube)
            is_step = self._system.instances[tree].kind in STEPS
            for rule in known.rules if tree not in self._invariants else ():
                if rule.error is not None:
                    return self._raised(rule, assumptions)
            if not is_step:
                self._exclude(tree, known)
            self._solver.require(either([negation(new), negation(cube)]))
        return None

    def _raised(self, rule: Rule, assumptions: Sequence[Any]) -> Escape:
        """A state that keeps the invariants, and in which the model raises."""

        def find(*wanted: Any) -> list[int] | None:
            model = self._find(matches(self._state, rule.cube), *assumptions, *wanted)
            return None if model is None else self._state_of(model)

        return Escape((self._simplest(find),), (rule,), ())

    def _simplest(self, find: Callable[..., list[int] | None]) -> list[int]:
        return simplest(self._system, self._state, self._domains, find)

    # -- domains

    def _steps(self) -> Iterator[Rule]:
        """Every way in which something can happen."""
        for tree, instance in enumerate(self._system.instances):
            if instance.kind in STEPS:
                for known in self._knowledge.of(tree):
                    yield from (rule for rule in known.rules if rule.enabled)

    def _leaving(self) -> list[tuple[int, int]]:
        """Values that steps write and that are in no domain."""
        found: dict[tuple[int, int], None] = {}
        for rule in self._steps():
            if matches(self._state, rule.cube) is False:  # of domains that were given up
                continue
            written = list((rule.writes or {}).items())
            for slot, table in self._updates_of(rule).items():
                written += ((slot, after) for after in table.values())
            found |= dict.fromkeys(pair for pair in written if not self._domains.has(*pair))
        return list(found)

    def _updates_of(self, rule: Rule) -> dict[int, dict[int, int]]:
        """What the blind updates of a rule make of the values that may be there when it happens."""
        if rule not in self._updates:
            tables: dict[int, dict[int, int]] = {}
            slots, cube = self._system.encoding.slots, matches(self._state, rule.cube)
            for slot in dict.fromkeys(map(slots.updated, rule.operators)):
                mine = [operator for operator in rule.operators if slots.updated(operator) == slot]
                tables[slot] = {}
                for before in self._domains.get(slot, (0,)):
                    here = both([cube, self._state.holds(slot, (before,))])
                    if here is not False and self._find(here, self._within) is not None:
                        state = [0] * slot + [before]
                        tables[slot][before] = slots.apply(state, [], mine)[slot]
            self._updates[rule] = tables
        return self._updates[rule]

    def _after(self, rule: Rule) -> After:
        return After(self._state, rule.writes or {}, self._updates_of(rule))

    def _happens(self, rule: Rule) -> Any:
        return both([matches(self._state, rule.cube), self._within])

    def _stays(self, rule: Rule) -> bool:
        """Whether a rule writes nothing that is in no domain."""
        return all(self._domains.has(*written) for written in (rule.writes or {}).items())

    def _staying(self, slot: int, table: Mapping[int, int]) -> dict[int, int]:
        """The part of an update that stays within the domain."""
        return {before: after for before, after in table.items() if self._domains.has(slot, after)}

    # -- steps

    def _check_all(self) -> Escape | None:
        readers = self._readers()
        rules = [rule for rule in self._steps() if rule.writes or rule.operators]
        self._tally.rules, self._tally.checked = len(rules), 0
        self._unrolling = self._unroll(rules) if self._k > 1 else None
        for rule in rules:
            escape = self._check(rule, readers)
            if escape is not None:
                return escape
            self._tally.checked += 1
        return None

    def _unroll(self, rules: Iterable[Rule]) -> Unrolling:
        """The steps before, for which those that leave the domains, or change nothing, do not count."""
        outside = [
            known.cube
            for tree in (*self._invariants, *self._bounds)
            for known in self._knowledge.of(tree)
            if not known.rules[0].holds
        ]
        steps = [
            (rule, {slot: self._staying(slot, table) for slot, table in self._updates_of(rule).items()})
            for rule in rules
            if self._stays(rule)
        ]
        return Unrolling(self._solver, self._domains, self._state, self._k - 1, outside, steps)

    def _readers(self) -> Mapping[int, set[int]]:
        """By slot, the invariants that look at it where they hold."""
        readers = defaultdict(set)
        for tree in self._invariants:
            for known in self._knowledge.of(tree):
                for observation, _ in known.cube if known.rules[0].holds else ():
                    for slot in touches(observation):
                        readers[slot].add(tree)
        return readers

    def _check(self, rule: Rule, readers: Mapping[int, set[int]]) -> Escape | None:
        """A state in which the rule happens and breaks an invariant."""
        happens = self._happens(rule)
        if happens is False:
            return None
        slots = [*(rule.writes or {}), *self._updates_of(rule)]
        concerned = sorted({tree for slot in slots for tree in readers.get(slot, ())})
        after = self._after(rule)
        self._solver.remember()
        try:
            breaks = {tree: self._breaks(tree, after) for tree in concerned}
            breaks = {tree: broken for tree, broken in breaks.items() if broken is not False}
            if not breaks:
                return None
            self._solver.require(happens)
            self._solver.require(either(breaks.values()))
            return self._search(rule, after, breaks)
        finally:
            self._solver.forget()

    def _breaks(self, tree: int, after: After) -> Any:
        """A variable that is true only where no known footprint says that a property holds after a step."""
        broken = self._solver.boolean(f"breaks {tree}")
        for known in self._knowledge.of(tree):
            if known.rules[0].holds:
                kept = matches(after, known.cube)
                if kept is True:
                    return False
                self._solver.require(either([negation(broken), negation(kept)]))
        return broken

    def _search(self, rule: Rule, after: After, breaks: Mapping[int, Any]) -> Escape | None:
        """A state before, where Python says that something is broken after."""
        if self._next(rule, after, breaks) is None:
            return None
        assumptions = [self._unrolling.leads_here] if self._unrolling is not None else []
        found = self._next(rule, after, breaks, *assumptions)
        if found is None:
            return None
        broken = [tree for tree in self._broken(rule, found) if tree in breaks]
        chosen = breaks[broken[0]]

        def find(*wanted: Any) -> list[int] | None:
            return self._next(rule, after, breaks, chosen, *assumptions, *wanted)

        state = self._simplest(find)
        before, steps = self._way(state, assumptions)
        return Escape((*before, state), (*steps, rule), tuple(self._broken(rule, state)))

    def _way(self, state: list[int], assumptions: Sequence[Any]) -> tuple[list[list[int]], list[Rule]]:
        if self._unrolling is None or not assumptions:
            return [], []
        here = both(self._state.holds(slot, (number,)) for slot, number in enumerate(state))
        model = self._find(here, *assumptions)
        return self._unrolling.way(model, len(state))

    def _next(self, rule: Rule, after: After, breaks: Mapping[int, Any], *wanted: Any) -> list[int] | None:
        """A state that leads out of the invariants, which Python confirms; what is kept is learned."""
        while (model := self._find(*wanted)) is not None:
            state = self._state_of(model)
            if self._broken(rule, state, breaks):
                return state
            target = self._apply(rule, state)
            for tree, broken in breaks.items():
                kept = matches(after, self._knowledge.at(tree, target).cube)
                self._solver.require(either([negation(broken), negation(kept)]))
        return None

    def _apply(self, rule: Rule, state: State) -> list[int]:
        slots = self._system.encoding.slots
        return slots.apply(state, list((rule.writes or {}).items()), list(rule.operators))

    def _broken(self, rule: Rule, state: State, trees: Iterable[int] | None = None) -> list[int]:
        """The invariants that are false after a step."""
        target = self._apply(rule, state)
        among = self._invariants if trees is None else trees
        return [tree for tree in among if not self._knowledge.holds(tree, target)]
