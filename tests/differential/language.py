"""The language of drawn models: each construct is a function, and its annotations say what it is made of.

A term is a construct with its parts; it means what the function does in a scope.  The representation of a
term is the code that makes it, so a failing program can be pasted into a test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from differential.cells import MESSAGES, Cell, Digit, Ping, Pong
from dscheck import Message, abandon, choose, invoke, require, respond

if TYPE_CHECKING:
    from differential.machine import Machine


@dataclass(frozen=True)
class Scope:
    """What a method knows: its model, the nodes among its parameters, and numbers, to which it may add."""

    model: Machine
    nodes: tuple[Cell, ...]
    numbers: list[int] = field(default_factory=list)

    def __getitem__(self, who: int) -> Cell:
        return self.nodes[who % len(self.nodes)]


@dataclass(frozen=True)
class Term:
    """A piece of program."""

    meaning: Callable[..., Any]
    parts: tuple[Any, ...]

    def __call__(self, scope: Scope) -> Any:
        return self.meaning(scope, *self.parts)

    def __repr__(self) -> str:
        return f"{self.meaning.__name__}({', '.join(map(repr, self.parts))})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Hypothesis shows."""
        printer.text(repr(self))


class Number(Term):
    """0, 1 or 2."""

    def __call__(self, scope: Scope) -> int:
        return int(super().__call__(scope))


class Truth(Term):
    """A condition."""

    def __call__(self, scope: Scope) -> bool:
        return bool(super().__call__(scope))


class Effect(Term):
    """A statement."""


Who = Literal[0, 1, 2]
"""A node, by its position in the scope."""
Kind = Literal[0, 1, 2]
"""A class of messages, by its position in MESSAGES."""
Constant = Literal[0, 1, 2]
Plain = Literal["kept", "lost"]
Counted = Literal["tally", "total"]
Several = Literal["friends", "marks", "seen"]
Function = Literal["read", "write"]
Block = tuple[Effect, ...]

T = TypeVar("T", bound=Term)

CONSTRUCTS: dict[type[Term], dict[str, Callable[..., Any]]] = {Number: {}, Truth: {}, Effect: {}}
"""The functions behind the constructs of each kind, by name."""


def construct(kind: type[T]) -> Callable[[Callable[..., Any]], Callable[..., T]]:
    """Make a function's name build terms that mean what the function does."""

    def register(meaning: Callable[..., Any]) -> Callable[..., T]:
        CONSTRUCTS[kind][meaning.__name__] = meaning
        return lambda *parts: kind(meaning, parts)

    return register


def message(kind: int, value: int, **ends: Cell) -> Message:
    make: type[Any] = MESSAGES[kind]
    made: Message = make(value=bool(value) if make is Pong else value, **ends)
    return made


# -- numbers


@construct(Number)
def constant(_: Scope, value: Constant) -> int:
    return value


@construct(Number)
def local(scope: Scope, at: Constant) -> int:
    return scope.numbers[at % len(scope.numbers)] if scope.numbers else 0


@construct(Number)
def turn(scope: Scope) -> int:
    return scope.model.turn


@construct(Number)
def plain(scope: Scope, who: Who, name: Plain) -> int:
    return int(getattr(scope[who], name))


@construct(Number)
def entry(scope: Scope, who: Who, of: Who) -> int:
    return scope[who].row[scope[of]]


@construct(Number)
def page(scope: Scope, who: Who, number: Number) -> int:
    return scope[who].ledger[Digit(number(scope))]


@construct(Number)
def size(scope: Scope, who: Who, name: Several) -> int:
    return len(getattr(scope[who], name)) % 3


@construct(Number)
def pile(scope: Scope, who: Who) -> int:
    """Goes through a growing set."""
    return sum(number for _, number in scope[who].seen) % 3


@construct(Number)
def first_mark(scope: Scope, who: Who) -> int:
    """Begins to go through a set whose possible members are known."""
    return next(iter(scope[who].marks), 0)


@construct(Number)
def counted(scope: Scope, who: Who, name: Counted) -> int:
    return int(getattr(scope[who], name).value) % 3


@construct(Number)
def flying(scope: Scope, kind: Kind) -> int:
    return len(scope.model.in_flight(MESSAGES[kind])) % 3


@construct(Number)
def heard(scope: Scope) -> int:
    """Goes through messages of a class and of its subclass."""
    return sum(ping.value for ping in scope.model.in_flight(Ping)) % 3


@construct(Number)
def plus(scope: Scope, left: Number, right: Number) -> int:
    return (left(scope) + right(scope)) % 3


# -- conditions


@construct(Truth)
def less(scope: Scope, left: Number, right: Number) -> bool:
    return left(scope) < right(scope)


@construct(Truth)
def same(scope: Scope, left: Number, right: Number) -> bool:
    return left(scope) == right(scope)


@construct(Truth)
def at_least(scope: Scope, who: Who, name: Counted, least: Constant) -> bool:
    return bool(getattr(scope[who], name) >= least)


@construct(Truth)
def has_seen(scope: Scope, who: Who, number: Number) -> bool:
    return ("number", number(scope)) in scope[who].seen


@construct(Truth)
def is_marked(scope: Scope, who: Who, number: Number) -> bool:
    return number(scope) in scope[who].marks


@construct(Truth)
def knows(scope: Scope, who: Who, whom: Who) -> bool:
    return scope[whom] in scope[who].friends


@construct(Truth)
def knows_all(scope: Scope, who: Who) -> bool:
    return scope[who].friends == set(scope.nodes)


@construct(Truth)
def knows_less(scope: Scope, who: Who, than: Who) -> bool:
    return scope[who].friends <= scope[than].friends


@construct(Truth)
def is_up(scope: Scope, who: Who) -> bool:
    return scope[who].up


@construct(Truth)
def is_sent(scope: Scope, kind: Kind, src: Who, dst: Who, value: Number) -> bool:
    wanted = message(kind, value(scope), src=scope[src], dst=scope[dst])
    return wanted in scope.model.in_flight(MESSAGES[kind])


@construct(Truth)
def both(scope: Scope, left: Truth, right: Truth) -> bool:
    return left(scope) and right(scope)


@construct(Truth)
def either(scope: Scope, left: Truth, right: Truth) -> bool:
    return left(scope) or right(scope)


@construct(Truth)
def trap(scope: Scope, condition: Truth) -> bool:
    """A bug of the model, in a property or a mapping, too."""
    if condition(scope):
        raise ArithmeticError("drawn")
    return False


@construct(Truth)
def negation(scope: Scope, condition: Truth) -> bool:
    return not condition(scope)


# -- statements


@construct(Effect)
def guard(scope: Scope, condition: Truth) -> None:
    require(condition(scope))


@construct(Effect)
def assign(scope: Scope, who: Who, name: Plain, value: Number) -> None:
    setattr(scope[who], name, value(scope))


@construct(Effect)
def assign_turn(scope: Scope, value: Number) -> None:
    scope.model.turn = value(scope)


@construct(Effect)
def assign_entry(scope: Scope, who: Who, of: Who, value: Number) -> None:
    scope[who].row[scope[of]] = value(scope)


@construct(Effect)
def assign_page(scope: Scope, who: Who, number: Number, value: Number) -> None:
    scope[who].ledger[Digit(number(scope))] = value(scope)


@construct(Effect)
def count(scope: Scope, who: Who, name: Counted, amount: Literal[-1, 1, 2]) -> None:
    getattr(scope[who], name).add(amount)


@construct(Effect)
def recount(scope: Scope, who: Who, name: Counted, value: Number) -> None:
    getattr(scope[who], name).reset(value(scope))


@construct(Effect)
def see(scope: Scope, who: Who, number: Number) -> None:
    scope[who].seen.add(("number", number(scope)))


@construct(Effect)
def unsee(scope: Scope, who: Who, number: Number) -> None:
    scope[who].seen.discard(("number", number(scope)))


@construct(Effect)
def mark(scope: Scope, who: Who, number: Number) -> None:
    scope[who].marks |= {Digit(number(scope))}


@construct(Effect)
def meet(scope: Scope, who: Who, whom: Who) -> None:
    scope[who].friends.add(scope[whom])


@construct(Effect)
def part(scope: Scope, who: Who, whom: Who) -> None:
    scope[who].friends.discard(scope[whom])


@construct(Effect)
def imitate(scope: Scope, who: Who, whom: Who) -> None:
    """Assigns a whole set."""
    scope[who].friends = set(scope[whom].friends)


@construct(Effect)
def empty(scope: Scope, who: Who, name: Several) -> None:
    getattr(scope[who], name).clear()


@construct(Effect)
def send(scope: Scope, kind: Kind, src: Who, dst: Who, value: Number) -> None:
    scope[src].send(scope[dst], message(kind, value(scope)))


@construct(Effect)
def tell_all(scope: Scope, kind: Kind, src: Who, value: Number) -> None:
    scope[src].broadcast(message(kind, value(scope)))


@construct(Effect)
def operate(scope: Scope, who: Who, function: Function, value: Number) -> None:
    """A client begins an operation, or learns the result of the one that it has begun."""
    cell = scope[who]
    if cell.asked:
        respond(cell, value(scope))
    else:
        invoke(cell, function, value(scope) if function == "write" else None)
    cell.asked = not cell.asked


@construct(Effect)
def give_up(scope: Scope, who: Who) -> None:
    """A client waits no longer."""
    if scope[who].asked:
        abandon(scope[who])
        scope[who].asked = False


@construct(Effect)
def pick(scope: Scope, options: tuple[Number, ...]) -> None:
    """Chooses a number; among no options, there is nothing to choose, and the step cannot happen."""
    scope.numbers.insert(0, choose([option(scope) for option in options]))


@construct(Effect)
def branch(scope: Scope, condition: Truth, then: Block, otherwise: Block) -> None:
    run(then if condition(scope) else otherwise, scope)


def run(block: Block, scope: Scope) -> None:
    """One statement after the other."""
    for effect in block:
        effect(scope)
