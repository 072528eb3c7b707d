"""A model that uses everything that the notation offers; type checkers must find nothing to say about it."""

from __future__ import annotations

from enum import Enum
from typing import Literal, NamedTuple, NewType

from dscheck import (
    Counter,
    Message,
    Model,
    Node,
    action,
    always,
    bound,
    budget,
    choose,
    counter,
    durable,
    each,
    ends,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
    volatile,
)

Slot = NewType("Slot", int)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Entry(NamedTuple):
    term: int
    value: str


class Ask(Message):
    term: int
    entries: tuple[Entry, ...] = ()


class Answer(Message):
    granted: bool


class Refusal(Answer):
    why: str = ""


class Process(Node):
    started: bool = var(False)


class Server(Process):
    term: int = durable(0)
    voted_for: Server | None = durable(None)
    log: tuple[Entry, ...] = durable(())
    votes: set[Server] = volatile(set())
    seen: set[int] = volatile(set())
    next: dict[Server, int] = volatile(each(1))
    chosen: dict[Slot, str | None] = durable(each(None))
    acks: Counter = volatile(counter(0))

    @property
    def last(self) -> tuple[int, int]:
        return (self.log[-1].term if self.log else 0), len(self.log)


class Client(Process):
    colour: Colour = var(Colour.RED)


class Abstract(Model):
    started: bool = var(False)

    @action
    def start(self) -> None:
        require(not self.started)
        self.started = True


class Everything(Model):
    """Not a protocol at all."""

    network = "bag"
    nodes: int = param(3, "servers", least=1, most=9)
    mode: str = param("slow", "how it goes")
    eager: bool = param(False, "whether it hurries")
    crashes: int = budget("crash", 1)
    restarts: int = budget("restart", 1)
    losses: int = budget("lose", 0)
    copies: int = budget("duplicate", 0)
    splits: int = budget("partition", 0)
    leader: Server | None = var(None)
    done: set[tuple[Server, bool]] = var(set())

    def setup(self) -> None:
        self.servers = self.make(Server, self.nodes, "s")
        [self.client] = self.make(Client, 1, "c")
        self.domain(Slot, range(2))
        self.servers[0].term = choose((0, 1))
        self.remove(self.servers[-1])

    @action
    def start(self, p: Process) -> None:
        require(not p.started)
        p.started = True

    @action
    def ask(self, s: Server, slot: Slot, how: Literal["now", "later"], loud: bool, colour: Colour) -> None:
        require(s.up and self.crashes > 0 and how == "now")
        s.term += 1
        s.log += (Entry(s.term, choose(("a", "b"))),)
        s.votes |= {s}
        s.seen.add(s.term)
        s.next[s] = s.next.get(s, 0) + slot
        s.next.update(dict.fromkeys(s.peers, 1))
        s.chosen[slot] = s.log[-1].value
        s.acks.add(1)
        s.acks += 1
        s.broadcast(Ask(term=s.term, entries=s.log))
        if loud and not self.in_flight(Answer):
            s.send(self.client, Ask(term=1))
        self.client.colour = colour

    @receive
    def on_ask(self, p: Server | Client, m: Ask) -> None:
        p.reply(m, Answer(granted=True) if m.term else Refusal(granted=False, why="too early"))

    @receive
    def on_answer(self, s: Server, m: Answer) -> None:
        if m.granted and self.is_majority(s.votes, Server) and s.acks >= 2:
            self.leader = s
            self.done |= {(s, True)}
            s.votes, s.seen, s.next, s.acks = set(), set(), each(1), counter(0)

    @always
    def agree(self, a: Server, b: Server) -> bool:
        return a is b or a.last == b.last or not a.votes & b.votes

    @sometimes
    def led(self) -> bool:
        return self.leader is not None and any(s.term > 1 for s in self.all(Server))

    @bound
    def small(self, s: Server) -> bool:
        return s.term <= 2 and s.acks.value < 9

    @ends
    def all_started(self) -> bool:
        return all(a.started and b.started for a, b in self.pairs(Process))

    @refines(lambda self: Abstract())
    def abstractly(self, spec: Abstract) -> None:
        spec.started = self.client.started


@mutant(of=Everything, breaks="agree")
class Forgetful(Everything):
    """A server forgets its log."""

    class ForgetfulServer(Server):
        log: tuple[Entry, ...] = volatile(())

    def setup(self) -> None:
        self.servers = [*self.make(self.ForgetfulServer, 1, "f"), *self.make(Server, self.nodes, "s")]
        [self.client] = self.make(Client, 1, "c")
        self.domain(Slot, range(2))

    @action
    def start(self, p: ForgetfulServer) -> None:  # type: ignore[override]
        p.started = True
