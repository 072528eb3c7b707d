"""States as Z3's variables: a Boolean for each value of a slot; and what observations of such states mean.

Formulas that are always or never true are Python's `True` and `False`, so that most of what footprints say
about a step is settled before Z3 sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any, Final, Protocol

import z3

from dscheck.checker.rules.slot import Group, Observation, Slot
from dscheck.checker.search.proof.solving import Solver

Formula = Any
"""A Boolean of Z3, or one of Python."""

Cube = tuple[tuple[Observation, int], ...]
"""Observations with their answers, all of them together."""

_ZERO: Final = (0,)
"""The values of a slot that nothing was ever written to."""
_FEW: Final = 8
"""Up to so many formulas are compared one by one."""


class Readable(Protocol):
    """A state, or what becomes of it."""

    def holds(self, slot: int, numbers: Collection[int]) -> Formula:
        """Whether a slot holds one of these values."""

    def at_least(self, slots: Sequence[int]) -> list[Formula]:
        """By number: whether at least so many of these slots do not hold number 0."""


class Symbols:
    """Any state within domains."""

    def __init__(self, solver: Solver, domains: Mapping[int, Sequence[int]], name: str = "") -> None:
        self._solver, self._domains = solver, domains
        self._is: dict[tuple[int, int], Formula] = {}
        self._known: dict[tuple[int, tuple[int, ...]], Formula] = {}
        self._counted: dict[tuple[int, ...], list[Formula]] = {}
        self._bits: list[tuple[int, int]] = []
        self._packed: Any = None
        for slot, numbers in domains.items():
            self._declare(slot, numbers, name)

    def _declare(self, slot: int, numbers: Sequence[int], name: str) -> None:
        if len(numbers) == 1:
            return
        alike = [self._solver.boolean(f"{name}{slot}={number}") for number in numbers[1:]]
        self._bits += ((slot, number) for number in numbers[1:])
        if len(numbers) == 2:
            first = z3.Not(alike[0])
        else:
            first = self._solver.boolean(f"{name}{slot}={numbers[0]}")
            self._bits.append((slot, numbers[0]))
            self._solver.require(one_of([first, *alike]))
        self._is |= zip(((slot, number) for number in numbers), (first, *alike), strict=True)

    def holds(self, slot: int, numbers: Collection[int]) -> Formula:
        """Whether a slot holds one of these values."""
        domain = self._domains.get(slot, _ZERO)
        inside = tuple(number for number in domain if number in numbers)
        if not inside or len(inside) == len(domain):
            return bool(inside)
        if len(inside) == 1:
            return self._is[slot, inside[0]]
        if (slot, inside) not in self._known:
            outside = [number for number in domain if number not in numbers]
            few = min(inside, outside, key=len)
            any_of = either(self._is[slot, number] for number in few)
            self._known[slot, inside] = any_of if few is inside else negation(any_of)
        return self._known[slot, inside]

    def at_least(self, slots: Sequence[int]) -> list[Formula]:
        """By number: whether at least so many of these slots do not hold number 0."""
        members = tuple(slot for slot in slots if slot in self._domains)
        if members not in self._counted:
            members_of = [_is_member(self, slot) for slot in members]
            self._counted[members] = counted(members_of, self._solver.named)
        return self._counted[members]

    def state(self, model: Any, slots: int) -> list[int]:
        """The state of one of Z3's models."""
        state = [self._domains.get(slot, _ZERO)[0] for slot in range(slots)]
        if not self._bits:
            return state
        if (
            self._packed is None
        ):  # one question for all variables: asking for each takes most of a proof's time
            bits = [self._is[bit] for bit in self._bits]
            one, zero = z3.BitVecVal(1, 1, self._solver.context), z3.BitVecVal(0, 1, self._solver.context)
            words = [z3.If(bit, one, zero) for bit in reversed(bits)]
            self._packed = z3.Concat(*words) if len(words) > 1 else words[0]
        packed = model.eval(self._packed, model_completion=True).as_long()
        for at, (slot, number) in enumerate(self._bits):
            if packed >> at & 1:
                state[slot] = number
        return state


class After:
    """What becomes of a state by writes and updates, given as tables from value to value."""

    def __init__(
        self, before: Symbols, writes: Mapping[int, int], updates: Mapping[int, Mapping[int, int]]
    ) -> None:
        self._before, self._writes, self._updates = before, writes, updates
        self._counted: dict[tuple[int, ...], list[Formula]] = {}

    def holds(self, slot: int, numbers: Collection[int]) -> Formula:
        """Whether a slot will hold one of these values."""
        if slot in self._writes:
            return self._writes[slot] in numbers
        if slot in self._updates:
            numbers = [before for before, after in self._updates[slot].items() if after in numbers]
        return self._before.holds(slot, numbers)

    def at_least(self, slots: Sequence[int]) -> list[Formula]:
        """By number: whether at least so many of these slots will not hold number 0.

        As many as before, less the changed ones that were members, and those that are: so Z3 need not find
        out what two different circuits have in common.
        """
        if tuple(slots) not in self._counted:
            self._counted[tuple(slots)] = self._count(slots)
        return self._counted[tuple(slots)]

    def _count(self, slots: Sequence[int]) -> list[Formula]:
        before = self._before.at_least(slots)
        changed = [slot for slot in slots if slot in self._writes or slot in self._updates]
        if not changed:
            return before
        old = self._before.at_least(changed)
        now = counted([_is_member(self, slot) for slot in changed])
        kept = [_difference(before, old, count) for count in range(len(slots) - len(changed) + 2)]
        return [
            either(
                both([kept[count - more], now[more]])
                for more in range(len(now))
                if 0 <= count - more < len(kept)
            )
            if count
            else True
            for count in range(len(slots) + 2)
        ]


def _difference(all_of: Sequence[Formula], part: Sequence[Formula], count: int) -> Formula:
    """Whether there are at least so many of all without the part, by how many of the part there are."""
    if count == 0:
        return True
    return either(
        both([part[of], negation(part[of + 1]), all_of[of + count] if of + count < len(all_of) else False])
        for of in range(len(part) - 1)
    )


def answers(state: Readable, observation: Observation, answer: int) -> Formula:
    """Whether a state gives this answer to an observation."""
    about = observation.about
    if isinstance(about, Slot):
        return state.holds(about.number, (answer,))
    if isinstance(about, Group):
        return _group(state, about, observation.after, answer)
    numbers = {number for number, result in enumerate(about.results) if result == answer}
    return state.holds(about.slot.number, numbers)


def _group(state: Readable, group: Group, after: int | None, answer: int) -> Formula:
    if after is None:
        at_least = state.at_least(group.slots)
        return (
            both([at_least[answer], negation(at_least[answer + 1])]) if answer + 1 < len(at_least) else False
        )
    members = [_is_member(state, slot) for slot in group.slots]
    if answer == 0:
        return negation(either(members[after:]))
    return both([members[answer - 1], negation(either(members[after : answer - 1]))])


def _is_member(state: Readable, slot: int) -> Formula:
    return negation(state.holds(slot, _ZERO))


def matches(state: Readable, cube: Cube) -> Formula:
    """Whether a state gives all of these answers."""
    parts = []
    for observation, answer in cube:
        part = answers(state, observation, answer)
        if part is False:
            return False
        parts.append(part)
    return both(parts)


def touches(observation: Observation) -> Iterable[int]:
    """The slots on which the answer depends, as far as they are known."""
    about = observation.about
    if isinstance(about, Slot):
        return (about.number,)
    return about.slots if isinstance(about, Group) else (about.slot.number,)


def one_of(formulas: Sequence[Formula]) -> Formula:
    """One of these, and only one."""
    if len(formulas) > _FEW:
        at_least = counted(formulas)
        return both([at_least[1], negation(at_least[2])])
    return both([either(formulas), *(negation(both(two)) for two in combinations(formulas, 2))])


def negation(formula: Formula) -> Formula:
    """Not this."""
    if isinstance(formula, bool):
        return not formula
    if z3.is_not(formula):
        return formula.arg(0)
    return z3.BoolRef(z3.Z3_mk_not(formula.ctx_ref(), formula.as_ast()), formula.ctx)


def both(formulas: Iterable[Formula]) -> Formula:
    """All of these."""
    parts = [formula for formula in formulas if formula is not True]
    if any(part is False for part in parts):
        return False
    if len(parts) < 2:
        return parts[0] if parts else True
    return _joined(z3.Z3_mk_and, parts)


def either(formulas: Iterable[Formula]) -> Formula:
    """One of these, or more."""
    parts = [formula for formula in formulas if formula is not False]
    if any(part is True for part in parts):
        return True
    if len(parts) < 2:
        return parts[0] if parts else False
    return _joined(z3.Z3_mk_or, parts)


def _joined(make: Any, parts: Sequence[Any]) -> Any:
    """What `z3.And` and `z3.Or` make, without their conversions, which take longer than the proof."""
    context = parts[0].ctx
    arguments = (z3.Ast * len(parts))(*(part.as_ast() for part in parts))
    return z3.BoolRef(make(context.ref(), len(parts), arguments), context)


def counted(formulas: Sequence[Formula], name: Callable[[Formula], Formula] = lambda it: it) -> list[Formula]:
    """By number: whether at least so many of these are true; from 0 to one more than there are.

    A circuit rather than Z3's own arithmetic, which takes exponential time to see that there is some number.
    """
    at_least: list[Formula] = [True, False]
    for formula in formulas:
        grown = [name(either([more, both([less, formula])])) for less, more in pairwise(at_least)]
        at_least = [True, *grown, False]
    return at_least
