"""A drawn model: written in the notation, but its methods do what a program says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from differential.cells import Cell, Digit, Loud, Ping, Pong
from differential.language import Block, Scope, Truth, run
from dscheck import (
    Model,
    Node,
    action,
    always,
    bound,
    budget,
    choose,
    ends,
    linearizable,
    param,
    receive,
    refines,
    require,
    sequentially_consistent,
    sometimes,
    var,
)
from dscheck.checker.specifications.register import Register


@dataclass(frozen=True)
class Program:
    """A model, as Hypothesis draws it."""

    cells: int
    network: str
    budgets: Mapping[str, int]
    starts: tuple[int, ...]
    """What the first cell may start with."""
    bodies: Mapping[str, Block]
    """What each action and handler does; one that is left out never happens."""
    unsafe: Truth
    goal: Truth
    beyond: Truth
    """Where the search goes no further."""
    restless: Truth
    """Where an end is not a proper end."""
    deadlock: bool
    allowed: int | None
    """How an abstract cell may change: bit ``3 * before + after``; None: there is no specification."""
    crowds: int
    """With how many raised cells one may change: bit ``number``."""
    in_turn: bool
    """Whether of raised cells only the first one may change."""
    watched: str | None
    """What is promised about the operations on one register."""
    unmapped: Truth
    """Where a cell stands for nothing abstract, so that the default does."""


class Machine(Model):
    """Every kind of action and property that the notation knows, each once."""

    program: ClassVar[Program]
    turn: int = var(0)

    def setup(self) -> None:
        self.domain(Digit, range(3))
        self.cells = self.make(Cell, self.program.cells, "c")
        if self.program.starts:
            self.cells[0].kept = choose(self.program.starts)

    def perform(self, name: str, *nodes: Cell, numbers: tuple[int, ...] = ()) -> None:
        require(name in self.program.bodies)
        run(self.program.bodies[name], Scope(self, nodes, list(numbers)))

    @action
    def alone(self, a: Cell) -> None:
        self.perform("alone", a)

    @action
    def together(self, a: Cell, b: Cell) -> None:
        self.perform("together", a, b)

    @action
    def told(self, a: Cell, d: Digit) -> None:
        self.perform("told", a, numbers=(d,))

    @action
    def everywhere(self) -> None:
        self.perform("everywhere", *self.cells)

    @receive
    def on_ping(self, a: Cell, m: Ping) -> None:
        self.perform("on_ping", a, m.src, numbers=(m.value, type(m) is Loud))

    @receive
    def on_pong(self, a: Cell, m: Pong) -> None:
        self.perform("on_pong", a, m.src, numbers=(m.value,))

    @always
    def safe(self, a: Cell, b: Cell) -> bool:
        return not self.program.unsafe(Scope(self, (a, b)))

    @sometimes
    def goal(self, a: Cell, d: Digit) -> bool:
        return self.program.goal(Scope(self, (a,), [d]))

    @bound
    def small(self, a: Cell) -> bool:
        return not self.program.beyond(Scope(self, (a,)))

    @ends
    def at_rest(self, a: Cell) -> bool:
        return not self.program.restless(Scope(self, (a,)))


class AbstractCell(Node):
    value: int = var(0)


class Abstract(Model):
    """One number per cell, which may change in some ways only; the cell is raised where it is not 0."""

    cells: int = param(1)
    allowed: int = param(0)
    crowds: int = param(0)
    in_turn: bool = param(False)
    raised: set[AbstractCell] = var(set())

    def setup(self) -> None:
        self.domain(Digit, range(3))
        self.members = self.make(AbstractCell, self.cells, "a")
        self.put(self.members[0], choose((0, 1)))

    def put(self, a: AbstractCell, value: int) -> None:
        a.value = value
        if value:
            self.raised.add(a)
        else:
            self.raised.discard(a)

    @action
    def change(self, a: AbstractCell, d: Digit) -> None:
        require(self.allowed >> (3 * a.value + d) & 1)
        require(self.crowds >> len(self.raised) & 1)
        require(not self.in_turn or not a.value or a == next(iter(self.raised)))
        self.put(a, d)


class Refining(Machine):
    """A machine that promises to change `kept` as the specification allows."""

    @refines(
        lambda self: Abstract(
            cells=self.program.cells,
            allowed=self.program.allowed,
            crowds=self.program.crowds,
            in_turn=self.program.in_turn,
        )
    )
    def changes(self, spec: Abstract, a: Cell) -> None:
        member = spec.members[self.cells.index(a)]
        if not self.program.unmapped(Scope(self, (a,))):
            member.value = a.kept
            if a.kept:
                spec.raised.add(member)


def watched(kind: str) -> Any:
    """A promise about what clients are told."""
    promise = linearizable if kind == "linearizable" else sequentially_consistent

    @promise(Register(0))
    def makes_sense(self: Machine) -> None: ...

    return makes_sense


def build(program: Program) -> Machine:
    """The model that does what the program says."""
    base = Machine if program.allowed is None else Refining
    faults = {f"{kind}s": budget(kind, most) for kind, most in program.budgets.items()}
    body: dict[str, Any] = {"program": program, "network": program.network, **faults}
    if program.watched:
        body["watched"] = watched(program.watched)
    drawn: type[Machine] = type("Drawn", (base,), body)
    return drawn()
