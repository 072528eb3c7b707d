"""Tables: an entry for every key, each a place of its own."""

from __future__ import annotations

from enum import Enum
from typing import Any, Literal, NewType

from dscheck import Model, Node, action, each, var, volatile
from notation.plain_run import run

Slot = NewType("Slot", int)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Server(Node):
    next: dict[Server, int] = volatile(each(1))
    chosen: dict[Slot, str | None] = var(each(None))
    shade: dict[Colour, Literal["light", "dark"]] = var(each("dark"))


class Protocol(Model):
    slots: dict[tuple[Slot, bool], int] = var(each(0))

    def setup(self) -> None:
        self.servers = self.make(Server, 3, "s")
        self.domain(Slot, range(2))
        self.servers[0].next[self.servers[1]] = 5

    @action
    def nothing(self) -> None: ...


MODEL = Protocol()
S1, S2, S3 = NODES = MODEL.servers
FIRST = Slot(0)
ANYTHING: Any = S1


def test_places() -> None:
    assert [str(place) for place in MODEL.layout.places[:11]] == [
        *("slots[(0, False)]", "slots[(0, True)]", "slots[(1, False)]", "slots[(1, True)]"),
        *("s1.next[s1]", "s1.next[s2]", "s1.next[s3]"),
        *("s1.chosen[0]", "s1.chosen[1]"),
        *("s1.shade[Colour.RED]", "s1.shade[Colour.BLUE]"),
    ]
    assert [(str(place), value) for place, value in MODEL.layout.starts[0].items()] == [("s1.next[s2]", 5)]


def test_entries() -> None:
    with run(MODEL) as r:
        assert S1.next[S2] == 5
        S1.next[S2] += 1
        S1.chosen[FIRST] = "x"
        MODEL.slots[FIRST, True] = 3
        assert (S1.next[S2], S2.next[S2], S1.chosen[FIRST], MODEL.slots[FIRST, True]) == (6, 1, "x", 3)
        assert r.log[:2] == ["s1.next[s2]", "s1.next[s2]"]


def test_it_is_a_dict_with_all_keys() -> None:
    with run(MODEL) as r:
        assert list(S1.next) == list(S1.next.keys()) == NODES
        assert len(S1.next) == 3
        assert S2 in S1.next
        assert "s2" not in S1.next
        assert ANYTHING.chosen.get(True, "not a key") == "not a key", "an int domain has no bools"
        assert r.log == [], "which keys there are is no observation"
        assert dict(S1.next) == {S1: 1, S2: 5, S3: 1} == S1.next
        assert S1.next != {S1: 1, S2: 5}
        assert ANYTHING.next != 5
        assert list(S1.next.values()) == [1, 5, 1]
        assert next(iter(S1.next.items())) == (S1, 1)
        assert max(S1.next, key=lambda s: S1.next[s]) is S2
        assert S1.next.get(S2) == 5
        assert ANYTHING.next.get("nobody", 7) == 7
        assert S1.next.copy() == {S1: 1, S2: 5, S3: 1}
        assert S1.next | {S1: 9} == {S1: 9, S2: 5, S3: 1}
        assert {S1: 9} | S1.next == {S1: 1, S2: 5, S3: 1}
        assert repr(S1.next) == "{s1: 1, s2: 5, s3: 1}"
    assert repr(S1.next) == "<table s1.next>"


def test_comparing_stops_at_the_first_difference() -> None:
    with run(MODEL) as r:
        assert S1.next != {S1: 0, S2: 0, S3: 0}
        assert r.log == ["s1.next[s1]"]


def test_changing_several_entries() -> None:
    with run(MODEL) as r:
        S1.next.update({S1: 4})
        S1.next |= {S3: 6}
        S2.next = each(8)
        S3.next = {S1: 1, S2: 2, S3: 3}
        assert r.log == []
        assert S1.next == {S1: 4, S2: 5, S3: 6}
        assert S2.next == dict.fromkeys(NODES, 8)
        assert S3.next == {S1: 1, S2: 2, S3: 3}
        S2.next = S3.next
        S3.next[S1] = 0
        assert S2.next == {S1: 1, S2: 2, S3: 3}


def test_setup_sees_the_keys_that_there_are() -> None:
    class Early(Model):
        def setup(self) -> None:
            self.servers = self.make(Server, 2, "s")
            self.domain(Slot, (1,))
            for server in self.servers:
                server.next.update(dict.fromkeys(server.next, 3))
                server.chosen = dict.fromkeys(server.chosen, "x")

        @action
        def nothing(self) -> None: ...

    model = Early()
    with run(model):
        assert [dict(server.next) for server in model.servers] == [dict.fromkeys(model.servers, 3)] * 2
        assert dict(model.servers[0].chosen) == {1: "x"}


def test_a_crash_returns_to_the_declared_value() -> None:
    layout = MODEL.layout
    place = layout.place(S1, "next", S2)
    assert layout.default(place) == 1
    assert not layout.is_durable(place)
    assert layout.is_durable(layout.place(S1, "chosen", FIRST))
