"""Set-up: nodes, and one initial state for every combination of choices."""

from __future__ import annotations

from typing import Any

import pytest

from dscheck import Model, ModelError, Node, action, choose, each, param, require, var, volatile
from notation.plain_run import run


class Server(Node):
    term: int = var(0)
    votes: set[Server] = volatile(set())
    seen: set[str] = var(set())
    next: dict[Server, int] = volatile(each(0))


class Base(Model):
    nodes: int = param(2, "servers")
    servers: list[Server]

    def setup(self) -> None:
        self.servers = self.make(Server, self.nodes, "s")

    @action
    def nothing(self) -> None: ...


def starts(model: Model) -> list[dict[str, Any]]:
    return [{str(place): value for place, value in start.items()} for start in model.layout.starts]


def test_without_assignments_there_is_one_start() -> None:
    assert starts(Base()) == [{}]


def test_assignments_in_setup_are_the_start() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            super().setup()
            s1, s2 = self.servers
            s1.term = s1.term + 2
            s2.term = 0  # as declared: no difference
            s1.votes |= {s2}
            s1.next[s2] = len(s1.votes) + (s2 in s1.votes)
            s2.seen = {"a"}

    model = Protocol()
    assert starts(model) == [
        {"s1.term": 2, "s1.votes has s2": True, "s1.next[s2]": 2, "s2.seen has 'a'": True},
    ]
    with run(model):
        assert model.servers[0].votes == {model.servers[1]}
        assert model.servers[1].seen == {"a"}


def test_every_combination_of_choices_is_a_start() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            super().setup()
            for server in self.servers:
                server.term = choose({2, 0, 1})
            if self.servers[0].term == 2:
                self.servers[1].seen = {choose(("x", "y"))}

    model = Protocol()
    terms = [(start.get("s1.term", 0), start.get("s2.term", 0)) for start in starts(model)]
    assert terms == [*((a, b) for a in (0, 1) for b in range(3)), *((2, b) for b in range(3) for _ in "xy")]
    for number, (first, second) in enumerate(terms):
        with run(model, start=number):
            assert (model.servers[0].term, model.servers[1].term) == (first, second)


def test_equal_starts_count_once_and_require_leaves_some_out() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            super().setup()
            for server in self.servers:
                server.term = choose((0, 1, 1))
            require(self.servers[0].term != self.servers[1].term)

    assert starts(Protocol()) == [{"s2.term": 1}, {"s1.term": 1}]


def test_a_choice_that_fails_may_come_before_the_nodes() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            require(choose((False, True)))
            super().setup()
            self.servers[0].term = choose((1, 2))

    assert starts(Protocol()) == [{"s1.term": 1}, {"s1.term": 2}]


def test_no_start_is_an_error() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            require(choose((False, False)))

    with pytest.raises(ModelError) as caught:
        Protocol()
    assert str(caught.value) == (
        "Protocol.setup: no initial state is left, for every choice fails a require(...); relax one"
    )


def test_the_nodes_are_the_same_objects_in_every_run() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            super().setup()
            self.first: Server = self.servers[0]
            self.first.term = choose((1, 2))
            self.first.zone = "east"  # type: ignore[attr-defined]

    model = Protocol()
    assert model.first is model.servers[0] is model.all(Server)[0]
    assert model.first.zone == "east"  # type: ignore[attr-defined]


@pytest.mark.parametrize("what", ["count", "kind", "attribute", "node attribute", "domain", "removed"])
def test_only_variables_may_depend_on_choices(what: str) -> None:
    class Other(Server):
        pass

    class Protocol(Model):
        def setup(self) -> None:
            flag = choose((False, True))
            nodes = self.make(
                Other if what == "kind" and flag else Server, 3 if what == "count" and flag else 2, "s"
            )
            if what == "attribute":
                self.flag = flag
            if what == "node attribute" and flag:
                nodes[0].flag = flag  # type: ignore[attr-defined]
            if what == "removed" and flag:
                self.remove(nodes[0])
            self.domain(int, range(3 if what == "domain" and flag else 2))

        @action
        def nothing(self) -> None: ...

    differs = {
        "count": "nodes differs between two choices, [s1, s2] and [s1, s2, s3]",
        "kind": "a node differs between two choices, ('s1', 'Server') and ('s1', 'Other')",
        "attribute": "Protocol.flag differs between two choices, False and True",
        "node attribute": "s1.flag differs between two choices, None and True",
        "domain": "the domain int differs between two choices, (0, 1) and (0, 1, 2)",
        "removed": "nodes differs between two choices, [s1, s2] and [s2]",
    }
    with pytest.raises(ModelError) as caught:
        Protocol()
    assert str(caught.value) == (
        f"Protocol.setup: {differs[what]}; "
        "only variables may depend on choose(...) in setup, so make a variable or a parameter of it"
    )


def test_a_removed_node_is_gone() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            super().setup()
            self.remove(self.servers[0])

    model = Protocol()
    _, s2 = model.servers
    assert model.all(Server) == [s2]
    assert s2.peers == []
    assert [str(place) for place in model.layout.places] == ["s2.term", "s2.votes has s2", "s2.next[s2]"]


def test_mid_way_only_what_is_made_is_there() -> None:
    class Protocol(Base):
        def setup(self) -> None:
            self.counts = []
            for prefix in "abc":
                self.make(Server, 1, prefix)
                self.counts.append((len(self.all(Server)), len(self.all(Server)[0].peers)))
            self.all(Server)[0].term = choose((0, 1))

    assert Protocol().counts == [(1, 0), (2, 1), (3, 2)]
