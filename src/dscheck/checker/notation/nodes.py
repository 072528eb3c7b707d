"""Nodes: the processes of a model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.annotations import remember_names
from dscheck.checker.notation.fixed import check_assignment, check_names, fix_constants
from dscheck.checker.notation.marks import mark_of
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.parameters import Budget, Param
from dscheck.checker.notation.run import run_for
from dscheck.checker.notation.values import Ranked, freeze_check

if TYPE_CHECKING:
    from dscheck.checker.notation.layout import Layout
    from dscheck.checker.notation.model import Model


class Node(Ranked):
    """A process: subclass it and declare its variables.

    The object is only a name: what the variables hold is part of the state.
    """

    name: str
    """Its name in traces, such as "s1"."""
    _model: Model

    def __init_subclass__(cls) -> None:
        remember_names(cls)
        check_names(cls, Node)
        fix_constants(cls)
        if "__init__" in vars(cls):
            raise ModelError(
                f"{cls.__name__}.__init__: a node is only a name, and setup makes it; "
                "declare variables in the class body, `term: int = durable(0)`"
            )
        for name, value in vars(cls).items():
            if isinstance(value, (Param, Budget)):
                raise ModelError(
                    f"{cls.__name__}.{name}: parameters and budgets belong to the model; declare it there"
                )
            if mark := mark_of(value):
                raise ModelError(
                    f"{cls.__name__}.{name}: @{mark.kind} belongs on a method of the model; "
                    f"write `def {name}(self, node: {cls.__name__}, ...)` there"
                )

    def __init__(self) -> None:
        kind = type(self).__name__
        raise ModelError(
            f'{kind}(): a model makes its nodes; write self.make({kind}, 3, "{kind[0].lower()}") in setup'
        )

    @classmethod
    def _create(cls, model: Model, name: str, rank: int) -> Self:
        node = cls.__new__(cls)
        vars(node).update(_model=model, name=name, _rank=rank)
        return node

    if not TYPE_CHECKING:  # a type checker that saw it would accept any attribute

        def __setattr__(self, name: str, value: Any) -> None:
            check_assignment(self, name, self._model.in_setup)
            super().__setattr__(name, value)

    @property
    def layout(self) -> Layout:
        """Where its variables live in the state."""
        return self._model.layout

    @property
    def peers(self) -> list[Self]:
        """All other nodes of its kind: of the most general class made that it is an instance of."""
        nodes = self._model.all(Node)
        made = {type(node) for node in nodes}
        kind = next(base for base in reversed(type(self).__mro__) if base in made)
        return [cast(Self, node) for node in nodes if isinstance(node, kind) and node is not self]

    @property
    def up(self) -> bool:
        """False from a crash to the restart in a model with a budget of restarts; otherwise always True."""
        place = self.layout.up.get(self)
        return place is None or bool(run_for(f"{self}.up").read(place))

    def send(self, to: Node, m: Message) -> None:
        """Send a message to a node, which may be this one."""
        run = run_for(f"{self}.send(...)")
        if not isinstance(m, Message):
            name = m.__name__ if isinstance(m, type) else "Vote"
            raise ModelError(
                f"{self}.send({to!r}, {m!r}): {m!r} is not a message; "
                f"declare `class {name}(Message): ...` and send {name}(...)"
            )
        if not isinstance(to, Node):
            raise ModelError(
                f"{self}.send({to!r}, {m!r}): {to!r} is not a node; write one that self.make(...) made, "
                "or answer a received message with reply(m, ...)"
            )
        self.layout.check_present(self)
        self.layout.check_present(to)
        addressed = replace(m, src=self, dst=to)
        freeze_check(addressed, f"{self}.send(...)")
        run.send(addressed)
        self._model.handler(addressed)  # complains where there is none

    def reply(self, to: Message, m: Message) -> None:
        """Send a message to the node that `to` came from."""
        self.send(to.src, m)

    def broadcast(self, m: Message) -> None:
        """Send a message to each of its peers."""
        for peer in self.peers:
            self.send(peer, m)

    def __repr__(self) -> str:
        return self.name

    def __hash__(self) -> int:
        return self._rank  # not the address: sets of nodes have the same order in every process

    def __eq__(self, other: object) -> bool:
        return self is other

    def __lt__(self, other: Node) -> bool:
        return self._rank < other._rank

    def __le__(self, other: Node) -> bool:
        return self._rank <= other._rank

    def __gt__(self, other: Node) -> bool:
        return self._rank > other._rank

    def __ge__(self, other: Node) -> bool:
        return self._rank >= other._rank
