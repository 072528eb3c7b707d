"""Quantifiers: what the annotated parameters of actions, properties and handlers range over."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any, Literal, NewType, Optional

from dscheck import (
    Message,
    Model,
    Node,
    action,
    always,
    bound,
    ends,
    mutant,
    receive,
    refines,
    sometimes,
    var,
)

Ballot = NewType("Ballot", int)


class Phase(Enum):
    ONE = 1
    TWO = 2


class Server(Node):
    pass


Leader = NewType("Leader", Server)


class Liar(Server):
    pass


class Client(Node):
    pass


class Slot(int):
    pass


class Word(Message):
    pass


class LoudWord(Word):
    pass


class Other(Message):
    pass


class Spec(Model):
    done: bool = var(False)

    @action
    def finish(self) -> None: ...


class Protocol(Model):
    def setup(self) -> None:
        self.servers = [*self.make(Server, 1, "s"), *self.make(Liar, 1, "l")]
        self.clients = self.make(Client, 1, "c")
        self.domain(Ballot, range(2))
        self.domain(Slot, [Slot(4)])

    @action
    def nodes(self, a: Server, b: Liar) -> None: ...

    @action
    def either(self, x: Liar | Client | Server) -> None: ...

    @action
    def maybe(self, x: Optional[Client], y: Client | None) -> None: ...  # noqa: UP045 - both spellings

    @action
    def small(self, p: Phase, b: bool, m: Literal["x", 7]) -> None: ...

    @action
    def domains(self, b: Ballot, s: Slot, l: Leader) -> None: ...  # noqa: E741 - for this test any name will do

    @action
    def tuples(self, t: tuple[Client, bool], a: Annotated[bool, "why not"]) -> None: ...

    @action
    def nothing(self) -> None: ...

    @always
    def holds(self, a: Server, b: Server) -> bool:
        return True

    @sometimes
    def happens(self, p: Phase) -> bool:
        return True

    @bound
    def small_enough(self, c: Client) -> bool:
        return True

    @ends
    def over(self) -> bool:
        return True

    @refines(lambda self: Spec())
    def spec(self, spec: Spec, s: Server) -> None: ...

    @receive
    def on_word(self, s: Server, m: Word) -> None: ...

    @receive
    def on_word_at_client(self, c: Client, m: Word | Other) -> None: ...

    @receive
    def on_word_at_liar(self, liar: Liar, m: Word) -> None: ...

    @receive
    def on_loud_word(self, x: Server | Client, m: LoudWord) -> None: ...


MODEL = Protocol()
S1, L1 = MODEL.servers
[C1] = MODEL.clients
ACTIONS = {declared.name: declared for declared in MODEL.declared("action")}


def instances(name: str) -> list[tuple[Any, ...]]:
    return MODEL.instances_of(ACTIONS[name])


def test_node_classes() -> None:
    assert instances("nodes") == [(S1, L1), (L1, L1)]
    assert instances("either") == [(L1,), (C1,), (S1,)]
    assert instances("maybe") == [(C1, C1), (C1, None), (None, C1), (None, None)]


def test_finite_types() -> None:
    assert instances("small")[:3] == [(Phase.ONE, False, "x"), (Phase.ONE, False, 7), (Phase.ONE, True, "x")]
    assert len(instances("small")) == 8
    assert instances("tuples") == [((C1, flag), other) for flag in (False, True) for other in (False, True)]
    assert instances("nothing") == [()]


def test_domains() -> None:
    assert instances("domains") == [(b, Slot(4), s) for b in (0, 1) for s in (S1, L1)]


def test_properties_are_quantified_as_actions_are() -> None:
    for kind, count in (("always", 4), ("sometimes", 2), ("bound", 1), ("ends", 1), ("refines", 2)):
        [declared] = MODEL.declared(kind)
        assert len(MODEL.instances_of(declared)) == count


def test_the_nearest_handler_receives() -> None:
    def handler(message: Message) -> str:
        return MODEL.handler(message).name

    assert handler(Word(src=C1, dst=S1)) == "on_word"
    assert handler(Word(src=C1, dst=L1)) == "on_word_at_liar"
    assert handler(Word(src=C1, dst=C1)) == "on_word_at_client"
    assert handler(Other(src=C1, dst=C1)) == "on_word_at_client"
    assert handler(LoudWord(src=C1, dst=L1)) == "on_loud_word", "the message's class counts before the node's"


def test_the_order_is_that_of_definition_and_overrides_keep_their_place() -> None:
    class Variant(Protocol):
        @action
        def more(self) -> None: ...

        def either(self, x: Client) -> None:  # type: ignore[override]
            """Still an action, with another range."""

        small = None  # type: ignore[assignment]

    model = Variant()
    names = [declared.name for declared in model.declared("action")]
    assert names == ["nodes", "either", "maybe", "domains", "tuples", "nothing", "more"]
    either = model.declared("action")[1]
    assert [str(node) for [node] in model.instances_of(either)] == ["c1"]
    assert (str(either), either.owner, either.kind) == ("Variant.either", Variant, "action")


def test_mutants_are_registered_on_their_model_alone() -> None:
    class Right(Protocol):
        pass

    @mutant(of=Right, breaks="holds")
    class Wrong(Right):
        pass

    @mutant(of=Right, breaks="deadlock")
    class Stuck(Right):
        pass

    assert Right.mutants == [Wrong, Stuck]
    assert (Wrong.breaks, Stuck.breaks, Right.breaks) == ("holds", "deadlock", None)
    assert Protocol.mutants == Wrong.mutants == []


def test_no_node_of_a_class_means_no_instance() -> None:
    class Empty(Model):
        def setup(self) -> None:
            self.make(Server, 0, "s")

        @action
        def act(self, s: Server) -> None: ...

    model = Empty()
    assert model.instances_of(model.declared("action")[0]) == []
