"""Rules and slots that come between rounds of saturation, as lessons bring them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from dscheck._engine import Diagrams, Rules

State = tuple[int, ...]
SLOTS, VALUES = 6, 3
CASES = 150
"""For each part; three parts of the first six held a case that once lost states."""


@dataclass(frozen=True)
class Rule:
    """Where slots have certain values, others get certain values."""

    reads: dict[int, int]
    writes: dict[int, int]

    def after(self, state: State) -> State | None:
        if any(state[slot] != value for slot, value in self.reads.items()):
            return None
        return tuple(self.writes.get(slot, value) for slot, value in enumerate(state))

    def teach(self, rules: Rules) -> None:
        outcome = rules.add_outcome(list(self.writes.items()), [])
        path = [(rules.observe_slot(slot), value) for slot, value in self.reads.items()]
        rules.learn(rules.add_tree("step"), path, outcome)


def reachable(rules: list[Rule]) -> set[State]:
    reached = {(0,) * SLOTS}
    new = set(reached)
    while new:
        new = {after for state in new for rule in rules if (after := rule.after(state))} - reached
        reached |= new
    return reached


def drawn(draw: random.Random, known: int) -> Rule:
    reads = draw.sample(range(known), min(known, draw.randint(0, 3)))
    writes = draw.sample(range(known), min(known, draw.randint(1, 3)))
    guards = {slot: draw.randrange(VALUES) if draw.random() < 0.5 else 0 for slot in reads}
    return Rule(guards, {slot: draw.randrange(VALUES) for slot in writes})


def check(draw: random.Random, sifts: bool) -> None:
    rules, learned = Rules(), list[Rule]()
    known = draw.randint(1, 3)
    for _ in range(known):
        rules.grow_slot(rules.add_slot(), VALUES)
    order = list(range(known))
    draw.shuffle(order)
    diagrams = Diagrams(rules, order, 1 << 28)
    states = diagrams.states([[0]])
    for number in range(draw.randint(2, 5)):
        known = min(SLOTS, known + draw.randint(0, 2))
        while rules.slot_count() < known:
            rules.grow_slot(rules.add_slot(), VALUES)
        for _ in range(draw.randint(1, 6)):
            learned.append(drawn(draw, known))
            learned[-1].teach(rules)
        if sifts and draw.random() < 0.3:
            diagrams.sift(few=0)
        diagrams.prepare()
        states = diagrams.saturate(states, closed=number > 0)
        diagrams.settle()
        expected = reachable(learned)
        assert diagrams.count(states) == len(expected)
        assert not diagrams.minus(states, diagrams.states([list(state) for state in expected]))


@pytest.mark.parametrize("part", range(6))
@pytest.mark.parametrize("sifts", [False, True])
def test_nothing_is_lost_between_rounds(part: int, sifts: bool) -> None:
    """New slots come between old ones, and what was remembered by position must not mislead."""
    for case in range(part * CASES, (part + 1) * CASES):
        check(random.Random(case), sifts)
