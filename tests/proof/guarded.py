"""Small models of guarded steps, drawn at random: many of their states are never reached.

That is where induction is hard: an invariant may hold in every reachable state, and yet not survive a step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NewType

from hypothesis import strategies as st

from dscheck import (
    Counter,
    Message,
    Model,
    Node,
    action,
    always,
    choose,
    counter,
    lemma,
    receive,
    require,
    var,
)

Digit = NewType("Digit", int)
Name = Literal["a", "b", "marks", "tally", "size", "word"]


class Word(Message):
    value: int


class Box(Node):
    """One place of each kind."""

    a: int = var(0)
    b: int = var(0)
    marks: set[Digit] = var(set())
    tally: Counter = var(counter(0))


@dataclass(frozen=True)
class Fact:
    """Something that is so, or not so, in a state."""

    name: Name
    value: int
    is_so: bool

    def __call__(self, model: Guarded) -> bool:
        box = model.box
        match self.name:
            case "a" | "b":
                found = getattr(box, self.name) == self.value
            case "marks":
                found = Digit(self.value) in box.marks
            case "tally":
                found = box.tally >= self.value
            case "size":
                found = len(box.marks) == self.value
            case "word":
                found = Word(value=self.value, src=box, dst=box) in model.in_flight(Word)
        return bool(found) == self.is_so

    def make(self, model: Guarded) -> None:
        """See to it that it is so."""
        box = model.box
        match self.name:
            case "a" | "b":
                setattr(box, self.name, self.value if self.is_so else choose((0, self.value)))
            case "marks" | "size":
                (box.marks.add if self.is_so else box.marks.discard)(Digit(self.value))
            case "tally":
                require(box.tally < 2)
                box.tally += 1
            case "word":
                box.send(box, Word(value=self.value))


@dataclass(frozen=True)
class Turn:
    """A guarded step."""

    guard: tuple[Fact, ...]
    effects: tuple[Fact, ...]

    def __call__(self, model: Guarded) -> None:
        require(all(fact(model) for fact in self.guard))
        for effect in self.effects:
            effect.make(model)


@dataclass(frozen=True)
class Program:
    """A whole model."""

    turns: tuple[Turn, ...]
    heard: Turn
    """What happens when a message arrives."""
    never: tuple[Fact, ...]
    """What must not be so all together, as is promised ..."""
    helps: tuple[Fact, ...]
    """... and as a lemma says."""
    network: str


class Guarded(Model):
    """Does what its program says."""

    program: ClassVar[Program]

    def setup(self) -> None:
        self.domain(Digit, range(3))
        self.domain(Turn, range(len(self.program.turns)))
        [self.box] = self.make(Box, 1, "box")

    @action
    def take(self, turn: Turn) -> None:
        self.program.turns[turn](self)  # type: ignore[call-overload]

    @receive
    def hear(self, box: Box, word: Word) -> None:
        self.program.heard(self)

    @always
    def safe(self) -> bool:
        return not all(fact(self) for fact in self.program.never)

    @lemma
    def helps(self) -> bool:
        return not all(fact(self) for fact in self.program.helps)


NAMES = st.sampled_from(("a", "b", "marks", "tally", "size", "word"))
FACTS = st.builds(Fact, NAMES, st.integers(0, 2), st.booleans())
UNUSUAL = st.builds(Fact, NAMES, st.integers(1, 2), st.just(True))
"""What is not so at the start."""
TURNS = st.builds(
    Turn,
    st.lists(FACTS, min_size=1, max_size=3).map(tuple),
    st.lists(FACTS, min_size=1, max_size=3).map(tuple),
)
TOGETHER = st.lists(UNUSUAL, min_size=2, max_size=3, unique_by=lambda fact: fact.name).map(tuple)
GUARDED = st.builds(
    Program,
    st.lists(TURNS, min_size=2, max_size=6).map(tuple),
    TURNS,
    TOGETHER,
    TOGETHER,
    st.sampled_from(("set", "persistent", "bag", "fifo")),
)


def build(program: Program) -> Guarded:
    """The model that does what the program says."""
    made: Any = type("Drawn", (Guarded,), {"program": program, "network": program.network})
    model: Guarded = made()
    return model
