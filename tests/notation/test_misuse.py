"""Misuse while a model runs: each error says what is wrong and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from dscheck import (
    Counter,
    Message,
    Model,
    ModelError,
    Node,
    action,
    always,
    choose,
    counter,
    durable,
    each,
    param,
    receive,
    require,
    var,
    volatile,
)
from dscheck.checker.notation.properties import ReadOnly, judge
from dscheck.checker.notation.run import running
from notation.plain_run import PlainRun, run


class Vote(Message):
    term: int = 0


class Unheard(Message):
    pass


class Client(Node):
    pass


class Server(Node):
    term: int = durable(0)
    log: Any = durable(())
    votes: set[Server] = volatile(set())
    seen: set[int] = volatile(set())
    next: dict[Server, int] = volatile(each(1))
    acks: Counter = volatile(counter(0))


class Protocol(Model):
    nodes: int = param(3, "servers", least=1, most=9)
    eager: bool = param(False)
    name: str = param("x")
    epoch: int = var(0)
    gone: Server

    def setup(self) -> None:
        self.servers = self.make(Server, self.nodes, "s")
        [self.client] = self.make(Client, 1, "c")
        [self.gone] = self.make(Server, 1, "x")
        self.remove(self.gone)

    @action
    def nothing(self) -> None: ...

    @receive
    def on_vote(self, s: Server, m: Vote) -> None: ...

    @always
    def assigns(self, s: Server) -> bool:
        s.term = 1
        return True

    @always
    def assigns_entry(self, s: Server) -> bool:
        s.next[s] = 1
        return True

    @always
    def adds(self, s: Server) -> bool:
        s.votes.add(s)
        return True

    @always
    def counts(self, s: Server) -> bool:
        s.acks.add(1)
        return True

    @always
    def chooses(self, s: Server) -> bool:
        return choose((True, False))

    @always
    def sends(self, s: Server) -> bool:
        s.send(s, Vote())
        return True

    @always
    def requires(self, s: Server) -> bool:
        require(s.term > 0)
        return True

    @always
    def forgets(self, s: Server) -> bool:  # type: ignore[return]
        s.term == 0  # noqa: B015 - a `return` is missing


MODEL = Protocol()
S1, S2, S3 = MODEL.servers
C1 = MODEL.client
ANYTHING: Any = S1


@contextmanager
def refused(message: str) -> Iterator[None]:
    with pytest.raises(ModelError) as caught:
        yield
    assert str(caught.value) == message


UNSEEN = "which can change in place, unseen by the checker"


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (
            lambda: setattr(S1, "log", [1]),
            f"s1.log: [1] is a list, {UNSEEN}; write a tuple: tuple(...), or xs + (x,) to append",
        ),
        (
            lambda: setattr(S1, "log", ({1},)),
            f"s1.log: {{1}} is a set, {UNSEEN}; "
            "write frozenset(...), or declare a set, `x: set[T] = var(set())`",
        ),
        (
            lambda: setattr(S1, "log", {1: 2}),
            f"s1.log: {{1: 2}} is a dict, {UNSEEN}; "
            "write tuple(d.items()), or declare a table, `x: dict[K, V] = var(each(0))`",
        ),
        (
            lambda: S1.next.__setitem__(S2, ANYTHING.votes),
            "s1.next[s2]: {} is a set variable, whose members differ from state to state; "
            "write frozenset(...) around it",
        ),
    ],
)
def test_mutable_values(misuse: Callable[[], None], message: str) -> None:
    with run(MODEL), refused(message):
        misuse()


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"node": 3}, "Protocol has no parameter `node`; it has nodes, eager, name"),
        ({"nodes": 0}, "nodes=0 is out of range; write a value from 1 to 9"),
        ({"nodes": 10}, "nodes=10 is out of range; write a value from 1 to 9"),
        ({"nodes": "3"}, "nodes='3': nodes is an int, such as 3"),
        ({"nodes": True}, "nodes=True: nodes is an int, such as 3"),
        ({"eager": 1}, "eager=1: eager is a bool, such as False"),
        ({"name": None}, "name=None: name is a str, such as 'x'"),
    ],
)
def test_parameters(params: dict[str, Any], message: str) -> None:
    with refused(message):
        Protocol(**params)


class Stranger(Node):
    pass


class Other(Model):
    def setup(self) -> None:
        [self.stranger] = self.make(Stranger, 1, "z")

    @action
    def nothing(self) -> None: ...


STRANGER = Other().stranger


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (
            lambda: S1.send(S2, ANYTHING),
            "s1.send(s2, s1): s1 is not a message; declare `class Vote(Message): ...` and send Vote(...)",
        ),
        (
            lambda: ANYTHING.send(S2, Vote),
            "s1.send(s2, <class 'notation.test_misuse.Vote'>): <class 'notation.test_misuse.Vote'> is not a "
            "message; declare `class Vote(Message): ...` and send Vote(...)",
        ),
        (
            lambda: S1.broadcast(Unheard()),
            "Unheard() s1->s2: no method of Protocol receives Unheard; "
            "write `@receive` above `def on_unheard(self, node: Server, m: Unheard) -> None`",
        ),
        (
            lambda: S1.send(C1, Vote()),
            "Vote(term=0) s1->c1: c1 is a Client, but Vote is for Server; send it there, "
            "or write `@receive` above `def on_vote(self, node: Client, m: Vote) -> None`",
        ),
        (
            lambda: ANYTHING.send("s2", Vote()),
            "s1.send('s2', Vote(term=0)): 's2' is not a node; write one that self.make(...) made, "
            "or answer a received message with reply(m, ...)",
        ),
        (
            lambda: S1.reply(Vote(), Vote()),
            "s1.send(None, Vote(term=0)): None is not a node; write one that self.make(...) made, "
            "or answer a received message with reply(m, ...)",
        ),
        (
            lambda: S1.send(MODEL.gone, Vote()),
            "x1 was removed in setup, so it has no state; take one of self.all(Server)",
        ),
        (
            lambda: S1.send(STRANGER, Vote()),
            "z1 belongs to another model, so it has no state; take one of self.all(Stranger)",
        ),
        (
            lambda: ANYTHING.send(S2, Vote(term=[1])),  # type: ignore[arg-type]
            f"s1.send(...): [1] is a list, {UNSEEN}; write a tuple: tuple(...), or xs + (x,) to append",
        ),
    ],
)
def test_messages(misuse: Callable[[], None], message: str) -> None:
    with run(MODEL), refused(message):
        misuse()


GONE = "x1 was removed in setup, so it has no state; take one of self.all(Server)"


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: MODEL.gone.term,
        lambda: MODEL.gone.votes,
        lambda: MODEL.gone.next[S1],
        lambda: MODEL.gone.acks,
        lambda: setattr(MODEL.gone, "term", 1),
        lambda: MODEL.gone.send(S1, Vote()),
    ],
)
def test_removed_nodes(misuse: Callable[[], None]) -> None:
    with run(MODEL), refused(GONE):
        misuse()


class Judging(ReadOnly, PlainRun):
    """A run of a property."""


CHANGE = (
    "but a property only looks at the state; "
    "change it in a method marked @action or @receive, or compute with a local variable"
)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("assigns", f"Protocol.assigns assigns s1.term, {CHANGE}"),
        ("assigns_entry", f"Protocol.assigns_entry assigns s1.next[s1], {CHANGE}"),
        ("adds", f"Protocol.adds changes s1.votes, {CHANGE}"),
        ("counts", f"Protocol.counts changes s1.acks, {CHANGE}"),
        (
            "chooses",
            "Protocol.chooses chooses, but a property only looks at the state; "
            "write any(...) or all(...) over the options, or a parameter, as in `(self, s: Server)`",
        ),
        (
            "sends",
            "Protocol.sends sends Vote(term=0) s1->s1, but a property only looks at the state; "
            "send it in a method marked @action or @receive",
        ),
        (
            "requires",
            "Protocol.requires: require(...) is for actions; "
            "in a property, write `return not condition or ...`",
        ),
        (
            "forgets",
            "Protocol.forgets returned None, but a property is True or False; is a `return` missing?",
        ),
    ],
)
def test_properties(name: str, message: str) -> None:
    [declared] = [declared for declared in MODEL.declared("always") if declared.name == name]
    judging = Judging(MODEL)
    judging.property = str(declared)
    with running(judging), refused(message):
        judge(declared, MODEL, (S1,))


OUTSIDE = (
    "is only known while an action or property runs, for it differs from state to state; "
    "use it in setup, or in a method marked @action, @receive, @always, ..."
)


@pytest.mark.parametrize(
    ("misuse", "what"),
    [
        (lambda: S1.term, "s1.term"),
        (lambda: MODEL.epoch, "epoch"),
        (lambda: setattr(S1, "term", 1), "s1.term"),
        (lambda: len(S1.votes), "s1.votes"),
        (lambda: S1 in S1.votes, "s1.votes"),
        (lambda: S1.votes.add(S1), "s1.votes"),
        (lambda: S1.next[S1], "s1.next[s1]"),
        (lambda: S1.next.update({S1: 1}), "s1.next[s1]"),
        (lambda: S1.acks.add(1), "s1.acks"),
        (lambda: S1.acks.value, "s1.acks"),
        (lambda: S1.acks > 1, "s1.acks"),
        (lambda: S1.send(S2, Vote()), "s1.send(...)"),
        (lambda: len(MODEL.in_flight(Vote)), "in_flight(Vote)"),
        (lambda: choose((1, 2)), "choose(...)"),
    ],
)
def test_outside_of_a_run(misuse: Callable[[], object], what: str) -> None:
    with refused(f"{what} {OUTSIDE}"):
        misuse()


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (
            lambda: setattr(S1, "terms", 1),
            "s1.terms = ...: `terms` is not a variable, so the checker would not see it change; "
            "set it in setup, or declare `terms` with var(...) in class Server (or did you mean `term`?)",
        ),
        (
            lambda: setattr(MODEL, "cache", {}),
            "Protocol.cache = ...: `cache` is not a variable, so the checker would not see it change; "
            "set it in setup, or declare `cache` with var(...) in class Protocol",
        ),
        (
            lambda: setattr(MODEL, "nodes", 5),
            "Protocol.nodes = ...: parameters keep their value; declare a variable with var(...)",
        ),
        (
            lambda: MODEL.servers.append(S1),
            "[s1, s2, s3] is fixed after setup, for the checker would not see it change; "
            "declare state with var(...), durable(...) or volatile(...)",
        ),
        (
            lambda: MODEL.make(Server, 1, "t"),
            "Protocol.make(...): nodes and domains are fixed after setup; call it there",
        ),
        (
            lambda: MODEL.remove(S1),
            "Protocol.remove(...): nodes and domains are fixed after setup; call it there",
        ),
        (
            lambda: MODEL.domain(int, (1,)),
            "Protocol.domain(...): nodes and domains are fixed after setup; call it there",
        ),
    ],
)
def test_what_is_fixed(misuse: Callable[[], object], message: str) -> None:
    with run(MODEL), refused(message):
        misuse()


@pytest.mark.parametrize(
    ("misuse", "message"),
    [
        (
            lambda: ANYTHING.next["s2"],
            "s1.next['s2']: there is no such entry; the annotation allows the keys s1, s2, s3",
        ),
        (
            lambda: S1.next.__delitem__(S2),
            "s1.next: a table has an entry for every key at all times; "
            "assign a value that says so instead, such as next[s2] = None",
        ),
        (
            lambda: setattr(S1, "next", {S1: 1}),
            "s1.next: {s1: 1} has no entry for s2, but all keys need one; "
            "to change some entries, write next.update(...) or next[key] = ...",
        ),
        (
            lambda: setattr(S1, "next", 5),
            "s1.next: 5 is not a table; write each(...) or {key: value, ...}",
        ),
        (
            lambda: ANYTHING.votes.add("s2"),
            "s1.votes cannot hold 's2': by its annotation it holds some of s1, s2, s3; "
            "add one of these, or annotate the set with another type",
        ),
        (
            lambda: setattr(S1, "votes", [S1]),
            "s1.votes: [s1] is not a set; write {...}, set(...) or set()",
        ),
        (
            lambda: ANYTHING.seen.add([1]),
            f"element of s1.seen: [1] is a list, {UNSEEN}; write a tuple: tuple(...), or xs + (x,) to append",
        ),
        (
            lambda: setattr(S1, "acks", 2),
            "s1.acks: 2 is not a counter; write counter(2)",
        ),
        (
            lambda: ANYTHING.acks.add("1"),
            "s1.acks.add(...): '1' is not an int, and a counter holds one; write a number such as 1",
        ),
        (
            lambda: MODEL.in_flight(ANYTHING),
            "in_flight(s1): s1 is not a class of messages; write in_flight(Vote), say",
        ),
        (
            lambda: Vote(term=1) in MODEL.in_flight(Vote),
            "Vote(term=1) in in_flight(Vote): a message in flight is on its way between two nodes; "
            "write Vote(..., src=a, dst=b)",
        ),
        (
            lambda: choose("abc"),
            "choose('abc'): write the options as a tuple, such as choose((1, 2, 3))",
        ),
        (
            lambda: choose(ANYTHING),
            "choose(s1): write the options as a tuple, such as choose((1, 2, 3))",
        ),
    ],
)
def test_containers(misuse: Callable[[], object], message: str) -> None:
    with run(MODEL), refused(message):
        misuse()
