"""Misuse in the declaration of a model: each error says what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NewType

import pytest

from dscheck import (
    Message,
    Model,
    ModelError,
    Node,
    action,
    always,
    budget,
    counter,
    durable,
    each,
    mutant,
    param,
    receive,
    refines,
    var,
    volatile,
)

if TYPE_CHECKING:
    from nowhere import Unknown  # type: ignore[import-not-found]

Ballot = NewType("Ballot", int)


class Server(Node):
    pass


class Vote(Message):
    pass


class Base(Model):
    def setup(self) -> None:
        self.servers = self.make(Server, 2, "s")

    @action
    def nothing(self) -> None: ...

    @always
    def holds(self) -> bool:
        return True


@contextmanager
def refused(message: str) -> Iterator[None]:
    with pytest.raises(ModelError) as caught:
        yield
    assert str(caught.value) == message


def test_a_model_without_actions() -> None:
    class Idle(Model):
        @always
        def holds(self) -> bool:
            return True

    with refused(
        "Idle has no actions, so nothing can happen; "
        "write `@action` above a method such as `def timeout(self, s: Server) -> None`"
    ):
        Idle()


# -- parameters of methods


def test_a_parameter_without_annotation() -> None:
    class Wrong(Base):
        @action
        def act(self, s) -> None: ...  # type: ignore[no-untyped-def]

    with refused(
        "Wrong.act: the parameter `s` has no annotation to say what it ranges over; "
        "write `s: Server`, or another class of nodes, enum or domain"
    ):
        Wrong()


def test_a_message_without_annotation() -> None:
    class Wrong(Base):
        @receive
        def on_ping(self, s: Server, ping) -> None: ...  # type: ignore[no-untyped-def]

    with refused(
        "Wrong.on_ping: the parameter `ping` has no annotation to say what it ranges over; "
        "write the class of the messages that it receives, `ping: Vote`, say"
    ):
        Wrong()


def test_a_parameter_with_a_default() -> None:
    class Wrong(Base):
        @action
        def act(self, s: Server, n: int = 3) -> None: ...

    with refused(
        "Wrong.act: the parameter `n` is a quantifier, without stars and defaults; write `n: Server`"
    ):
        Wrong()


def test_a_parameter_without_end() -> None:
    class Wrong(Base):
        @always
        def rule(self, n: int) -> bool:
            return True

    with refused(
        "Wrong.rule, parameter `n`: `int` has no end of values; write a class of nodes, an enum, bool or "
        'Literal[...], or declare a domain: Int = NewType("Int", int), '
        "with self.domain(Int, range(3)) in setup"
    ):
        Wrong()


def test_a_domain_that_is_not_declared() -> None:
    class Wrong(Base):
        @action
        def act(self, b: Ballot) -> None: ...

    with refused(
        "Wrong.act, parameter `b`: `Ballot` has no end of values; write a class of nodes, an enum, bool or "
        'Literal[...], or declare a domain: Ballot = NewType("Ballot", int), '
        "with self.domain(Ballot, range(3)) in setup"
    ):
        Wrong()


def test_a_message_in_an_action() -> None:
    class Wrong(Base):
        @action
        def act(self, s: Server, m: Vote) -> None: ...

    with refused("Wrong.act, parameter `m` is a message; write `@receive` instead of `@action`"):
        Wrong()


def test_an_annotation_that_nobody_knows() -> None:
    class Wrong(Base):
        @action
        def act(self, s: Unknown) -> None: ...

    with refused(
        "Wrong.act, parameter `s`: the annotation `Unknown` names `Unknown`, "
        "which is not known when the model is made; "
        "define `Unknown` in the module, or import it outside of `if TYPE_CHECKING`"
    ):
        Wrong()


HANDLER = (
    "Wrong.on_vote: a handler has two parameters, the node that receives and the message; "
    "write `def on_vote(self, s: Server, m: Vote) -> None`"
)


def handlers() -> Iterator[type[Model]]:
    class Wrong(Base):
        @receive
        def on_vote(self, s: Server) -> None: ...

    yield Wrong

    class Wrong(Base):  # type: ignore[no-redef]
        @receive
        def on_vote(self, m: Vote, s: Server) -> None: ...

    yield Wrong

    class Wrong(Base):  # type: ignore[no-redef]
        @receive
        def on_vote(self, s: Server, m: Vote | int) -> None: ...

    yield Wrong


@pytest.mark.parametrize("wrong", list(handlers()))
def test_parameters_of_a_handler(wrong: type[Model]) -> None:
    with refused(HANDLER):
        wrong()


def test_two_handlers_of_the_same() -> None:
    class Wrong(Base):
        @receive
        def on_vote(self, s: Server, m: Vote) -> None: ...

        @receive
        def on_any(self, s: Server, m: Vote | Message) -> None: ...

    with refused(
        "Wrong.on_any and Wrong.on_vote both receive Vote at Server; "
        "write one handler, with `if` or choose(...) in it"
    ):
        Wrong()


def test_a_mapping_without_the_abstract_model() -> None:
    class Wrong(Base):
        @refines(lambda self: Base())
        def spec(self) -> None: ...

    with refused(
        "Wrong.spec: the method assigns variables of the abstract model; "
        "write `def spec(self, spec: TheSpec)`"
    ):
        Wrong()


# -- marks


def marked_generator() -> None:
    class Wrong(Base):
        @action  # type: ignore[type-var]
        def act(self, s: Server) -> Iterator[int]:
            yield 1


def marked_twice() -> None:
    class Wrong(Base):
        @action
        @receive
        def act(self, s: Server) -> None: ...


def marked_value() -> None:
    always("holds")  # type: ignore[type-var]


def marked_on_a_node() -> None:
    class Wrong(Node):
        @action
        def act(self) -> None: ...


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (
            marked_generator,
            "marked_generator.<locals>.Wrong.act: a method marked @action runs at once and as a whole; "
            "write it without `yield`, `async` and `await`, as several actions if need be",
        ),
        (
            marked_twice,
            "marked_twice.<locals>.Wrong.act is marked @receive and @action; write two methods",
        ),
        (
            marked_value,
            "@always: 'holds' is not a method; write `@always` right above `def name(self, ...)`",
        ),
        (
            marked_on_a_node,
            "Wrong.act: @action belongs on a method of the model; "
            "write `def act(self, node: Wrong, ...)` there",
        ),
    ],
)
def test_marks(misuse: Callable[[], None], message: str) -> None:
    with refused(message):
        misuse()


def test_mutants() -> None:
    with refused("@mutant(of=Base) on Server: write `class Server(Base)`"):
        mutant(of=Base, breaks="holds")(Server)  # type: ignore[type-var]

    class Wrong(Base):
        pass

    with refused("Wrong cannot break 'hold', which is no property of Base; write one of holds, deadlock"):
        mutant(of=Base, breaks="hold")(Wrong)
    assert Base.mutants == []


# -- classes


def declare(base: type, **body: Any) -> type:
    return type("Wrong", (base,), body)


CLASSES: list[tuple[Callable[[], object], str]] = [
    (
        lambda: declare(Node, send=var(1)),
        "Wrong.send: every Node has its own `send`; choose another name",
    ),
    (
        lambda: declare(Node, name=durable("")),
        "Wrong.name: every Node has its own `name`; choose another name",
    ),
    (
        lambda: declare(Model, layout=param(1)),
        "Wrong.layout: every Model has its own `layout`; choose another name",
    ),
    (
        lambda: declare(Node, __init__=lambda self: None),
        "Wrong.__init__: a node is only a name, and setup makes it; "
        "declare variables in the class body, `term: int = durable(0)`",
    ),
    (
        lambda: declare(Model, __init__=lambda self: None),
        "Wrong.__init__: write `def setup(self) -> None`, and param(...) for arguments",
    ),
    (
        lambda: declare(Node, crashes=budget("crash", 1)),
        "Wrong.crashes: parameters and budgets belong to the model; declare it there",
    ),
    (
        lambda: declare(Model, epoch=volatile(1)),
        "Wrong.epoch: only nodes crash, a model does not; write var(...)",
    ),
    (
        lambda: declare(Model, network="pigeons"),
        "Wrong.network = 'pigeons': write one of 'set', 'bag', 'persistent', 'fifo'",
    ),
    (
        lambda: declare(Message, __annotations__={"src": "int"}),
        "Wrong.src: every message has its own `src`; choose another name",
    ),
    (
        lambda: declare(Node, acks=counter(0)),
        "Wrong.acks: CounterStart(value=0) is a counter, which cannot be part of a value; "
        "declare it as `x: Counter = var(counter(0))`",
    ),
    (
        lambda: declare(Message, term=var(1)),
        "Wrong.term: a message has fields, not variables; write `term: int`",
    ),
    (
        lambda: declare(Message, __annotations__={"entries": "list[int]"}, entries=[]),
        "Wrong: mutable default <class 'list'> for field entries is not allowed: use default_factory; "
        "write a tuple or a frozenset instead",
    ),
    (Server, 'Server(): a model makes its nodes; write self.make(Server, 3, "s") in setup'),
    (
        lambda: counter(True),
        "counter(...): True is not an int, and a counter holds one; write a number such as 1",
    ),
    (
        lambda: param(1.5),  # type: ignore[type-var]
        "param(1.5): a parameter is an int, a bool or a str, as command lines have them",
    ),
    (lambda: param(0, least=1), "param=0 is out of range; write at least 1"),
    (lambda: param(5, most=4), "param=5 is out of range; write at most 4"),
    (lambda: budget("crash", -1), "crash=-1 is out of range; write at least 0"),
    (
        lambda: budget("explode", 1),
        "budget('explode', ...): there is no such fault; "
        'write one of "crash", "restart", "lose", "duplicate", "partition"',
    ),
]


@pytest.mark.parametrize(("misuse", "message"), CLASSES)
def test_classes(misuse: Callable[[], object], message: str) -> None:
    with refused(message):
        misuse()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"a": budget("crash", 1), "b": budget("crash", 2)},
            'Wrong: `a` and `b` both limit "crash"; keep one',
        ),
        (
            {"network": "persistent", "losses": budget("lose", 1)},
            'Wrong.losses: a "persistent" network covers loss and duplication already; '
            'remove budget("lose", ...), or write network = "set"',
        ),
        (
            {"network": "persistent", "copies": budget("duplicate", 1)},
            'Wrong.copies: a "persistent" network covers loss and duplication already; '
            'remove budget("duplicate", ...), or write network = "set"',
        ),
        (
            {"restarts": budget("restart", 1)},
            'Wrong.restarts: only a crashed node restarts; add `crashes: int = budget("crash", 1)`',
        ),
        (
            {"flags": var({1, 2}), "__annotations__": {"flags": "set[bool]"}},
            "Wrong.flags: the annotation does not allow the member 1; write one of False, True",
        ),
        (
            {"slots": var(each(0))},
            "Wrong.slots: a table needs all of its keys; write `slots: dict[Server, int] = ...`",
        ),
        (
            {"slots": var(each(0)), "__annotations__": {"slots": "dict[int, int]"}},
            "Wrong.slots: a table needs all of its keys; `int` has no end of values; write a class of nodes, "
            'an enum, bool or Literal[...], or declare a domain: Int = NewType("Int", int), '
            "with self.domain(Int, range(3)) in setup",
        ),
    ],
)
def test_models(body: dict[str, Any], message: str) -> None:
    wrong = declare(Base, **body)
    with refused(message):
        wrong()


# -- setup


def setup(steps: Callable[[Any], object]) -> type[Model]:
    return declare(Base, setup=steps)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        (
            lambda self: self.make(Vote, 3, "s"),
            "make(<class 'notation.test_misdeclared.Vote'>, ...): <class 'notation.test_misdeclared.Vote'> "
            "is not a class of nodes; write `class Server(Node)`",
        ),
        (
            lambda self: self.make(Server, -1, "s"),
            "make(Server, -1, ...): -1 is not a number of nodes; write 3, say",
        ),
        (
            lambda self: self.make(Server, 1, "s") + self.make(Server, 1, "s"),
            "make(Server, ...): there is a node s1 already; choose another prefix",
        ),
        (
            lambda self: self.domain(Ballot, 3),
            "domain(Ballot, 3): write all of its values, such as range(3)",
        ),
        (
            lambda self: self.domain(Ballot, [[1]]),
            "domain(Ballot, ...): [1] is a list, which can change in place, unseen by the checker; "
            "write a tuple: tuple(...), or xs + (x,) to append",
        ),
        (
            lambda self: self.remove("s1"),
            "remove('s1'): remove a node that self.make(...) made, and only once",
        ),
        (
            lambda self: self.make(Server, 2, "s")[0].broadcast(Vote()),
            "setup sends Vote() s1->s2: the network starts empty; send in a method marked @action",
        ),
        (
            lambda self: setattr(self, "waiting", self.in_flight(Vote)),
            "Wrong.waiting: in_flight(Vote) is a view of the network, which differs from state to state; "
            "write frozenset(...) around it",
        ),
    ],
)
def test_setup(steps: Callable[[Any], object], message: str) -> None:
    with refused(message):
        setup(steps)()
