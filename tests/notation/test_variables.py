"""Plain variables: reading, assigning, crashing, inheritance, and where annotations are found."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Message, Model, ModelError, Node, action, durable, each, receive, var, volatile
from notation.plain_run import run


class Server(Node):
    term: int = durable(0)
    role: str = volatile("follower")

    @property
    def leads(self) -> bool:
        return self.role == "leader"

    @leads.setter
    def leads(self, leads: bool) -> None:
        self.role = "leader" if leads else "follower"


class Forgetful(Server):
    term = volatile(7)  # the annotation is inherited


class Protocol(Model):
    epoch: int = var(1)

    def setup(self) -> None:
        self.servers = [*self.make(Server, 2, "s"), *self.make(Forgetful, 1, "f")]

    @action
    def nothing(self) -> None: ...


MODEL = Protocol()
S1, S2, F1 = MODEL.servers


def test_a_variable_starts_at_its_declared_value_and_keeps_what_is_assigned() -> None:
    with run(MODEL) as r:
        assert (S1.term, S1.role, F1.term, MODEL.epoch) == (0, "follower", 7, 1)
        S1.term += 1
        S1.role, MODEL.epoch = "leader", 2
        assert (S1.term, S1.role, S2.term, MODEL.epoch) == (1, "leader", 0, 2)
        assert r.log[:4] == ["s1.term", "s1.role", "f1.term", "epoch"]


def test_a_property_may_have_a_setter() -> None:
    with run(MODEL):
        S1.leads = True
        assert S1.leads


def test_durability() -> None:
    layout = MODEL.layout
    durable = {str(place): layout.is_durable(place) for place in layout.places}
    assert durable == {
        "epoch": True,
        "s1.term": True,
        "s1.role": False,
        "s2.term": True,
        "s2.role": False,
        "f1.term": False,
        "f1.role": False,
    }
    assert [layout.default(place) for place in layout.places] == [
        1,
        0,
        "follower",
        0,
        "follower",
        7,
        "follower",
    ]


def test_nodes_are_ordered_by_creation_not_by_name() -> None:
    class Many(Model):
        def setup(self) -> None:
            self.tail = self.make(Server, 11, "z")
            self.head = self.make(Server, 1, "a")

        @action
        def nothing(self) -> None: ...

    model = Many()
    assert sorted(set(model.all(Server))) == [*model.tail, *model.head]
    assert sorted(set(model.all(Server)), key=lambda s: s.name)[0] is model.head[0]
    first, last = model.tail[0], model.head[0]
    assert first < last <= last
    assert last > first >= first
    assert first != last
    assert len({first, last, first}) == 2


def test_all_pairs_and_peers_find_subclasses() -> None:
    assert MODEL.all(Server) == [S1, S2, F1]
    assert MODEL.all(Forgetful) == [F1]
    assert MODEL.pairs(Server) == [(S1, S2), (S1, F1), (S2, F1)]
    assert S1.peers == [S2, F1]
    assert F1.peers == [S1, S2]
    assert MODEL.is_majority({S1, S2}, Server)
    assert not MODEL.is_majority({S1}, Server)


def test_peers_are_of_the_same_kind() -> None:
    class Process(Node):
        pass

    class Client(Process):
        pass

    class Replica(Process):
        pass

    class Protocol(Model):
        def setup(self) -> None:
            self.clients = self.make(Client, 2, "c")
            self.replicas = self.make(Replica, 2, "r")

        @action
        def nothing(self, p: Process) -> None: ...

    model = Protocol()
    assert model.clients[0].peers == [model.clients[1]]
    assert len(model.all(Process)) == 4


def test_a_model_without_nodes() -> None:
    class Light(Model):
        on: bool = var(False)

        @action
        def switch(self) -> None:
            self.on = not self.on

    model = Light()
    with run(model):
        model.switch()
        assert model.on


def test_annotations_may_name_what_a_function_defines_even_later() -> None:
    class Early(Node):
        table: dict[Late, int] = var(each(0))
        members: set[Late] = var(set())

    class Late(Node):
        pass

    class Word(Message):
        early: Early

    class Protocol(Model):
        def setup(self) -> None:
            self.early = self.make(Early, 1, "e")
            self.late = self.make(Late, 2, "l")

        @action
        def go(self, e: Early, l: Late) -> None: ...  # noqa: E741 - for this test any name will do

        @receive
        def on_word(self, e: Early, m: Word) -> None: ...

    model = Protocol()
    [e1], [l1, l2] = model.early, model.late
    assert [str(place) for place in model.layout.places] == [
        *("e1.table[l1]", "e1.table[l2]"),
        *("e1.members has l1", "e1.members has l2"),
    ]
    assert model.instances_of(model.declared("action")[0]) == [(e1, l1), (e1, l2)]


def test_annotations_may_name_a_class_nested_in_the_model() -> None:
    class Protocol(Model):
        class Inner(Node):
            other: dict[Node, int] = var(each(0))

        def setup(self) -> None:
            self.nodes = self.make(self.Inner, 2, "i")

        @action
        def go(self, i: Inner) -> None: ...

    model = Protocol()
    assert len(model.layout.places) == 4
    assert len(model.instances_of(model.declared("action")[0])) == 2


def test_a_subclass_may_hide_a_variable() -> None:
    class Constant(Server):
        role = "leader"

    class Protocol(Model):
        def setup(self) -> None:
            self.nodes = self.make(Constant, 1, "c")

        @action
        def nothing(self) -> None: ...

    model = Protocol()
    assert [place.name for place in model.layout.places] == ["term"]
    assert model.nodes[0].role == "leader"


def test_ordinary_attributes_of_setup_are_constants() -> None:
    class Protocol(Model):
        weights = {"a": 1}  # noqa: RUF012 - exactly what is to be fixed

        def setup(self) -> None:
            [self.s1] = self.make(Server, 1, "s")
            self.names: Any = {"x": [1, 2], "y": {3}}
            self.s1.zone = "east"  # type: ignore[attr-defined]

        @action
        def nothing(self) -> None: ...

    model = Protocol()
    assert model.names == {"x": [1, 2], "y": {3}}
    assert isinstance(model.names["x"], list)
    assert model.s1.zone == "east"  # type: ignore[attr-defined]
    for change in (
        lambda: model.names.update(z=1),
        lambda: model.names["x"].append(3),
        lambda: model.names["y"].add(3),
        lambda: model.weights.__setitem__("a", 2),
    ):
        with pytest.raises(ModelError, match=r"is fixed after setup, .*declare state with var\(\.\.\.\)"):
            change()


def test_two_models_share_nothing() -> None:
    other = Protocol()
    with run(MODEL):
        S1.term = 5
    with run(other):
        assert other.servers[0].term == 0
    assert other.servers[0] != S1
