"""A register on several servers, of which most suffice: atomic, however slow the others are.

After Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems" (1995), with the
timestamps of several writers of Lynch and Shvartsman (1997).  A client asks a majority for its newest value,
and then has a majority store what it writes or returns; two majorities have a server in common.
"""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    invoke,
    linearizable,
    mutant,
    param,
    receive,
    require,
    respond,
    sometimes,
    var,
)
from dscheck.checker.specifications.register import Register


class Stamp(NamedTuple):
    """When a value was written; of two writers with one time, the greater number is later."""

    time: int
    writer: int


class Held(NamedTuple):
    """A value with its stamp."""

    stamp: Stamp
    value: str | None


NOTHING = Held(Stamp(0, 0), None)


class Ask(Message):
    turn: int


class Tell(Message):
    turn: int
    held: Held


class Store(Message):
    turn: int
    held: Held


class Stored(Message):
    turn: int


class Server(Node):
    held: Held = var(NOTHING)


class Client(Node):
    """One who reads, if it is not a Writer."""

    turn: int = var(0)
    """How many operations it has begun."""
    phase: Literal["idle", "ask", "store"] = var("idle")
    newest: Held = var(NOTHING)
    """The newest that it was told, and then what it has stored."""
    heard: set[Server] = var(set())
    """Who has answered in this phase."""


class Writer(Client):
    """One who writes."""


class ReplicatedRegister(Model):
    """Writers and readers share what most servers hold."""

    reader: ClassVar[type[Client]] = Client
    servers: int = param(3, "servers", least=1)
    writers: int = param(1, "clients that write", least=0, most=26)
    readers: int = param(1, "clients that read", least=0)
    writes: int = param(1, "operations of each writer", least=1)
    reads: int = param(1, "operations of each reader", least=1)

    def setup(self) -> None:
        self.replicas = self.make(Server, self.servers, "s")
        self.authors = self.make(Writer, self.writers, "w")
        self.make(self.reader, self.readers, "r")

    # -- clients

    @action
    def begin(self, c: Client) -> None:
        require(c.phase == "idle" and c.turn < self.turns(c))
        if isinstance(c, Writer):
            invoke(c, "write", self.word(c, c.turn + 1))
        else:
            invoke(c, "read")
        c.turn += 1
        c.phase = "ask"
        for s in self.replicas:
            c.send(s, Ask(turn=c.turn))

    def turns(self, c: Client) -> int:
        """How many operations a client begins."""
        return self.writes if isinstance(c, Writer) else self.reads

    def word(self, c: Writer, turn: int) -> str:
        """What a writer writes: its letter, and how often it has."""
        return chr(ord("A") + self.authors.index(c)) + str(turn)

    @receive
    def on_tell(self, c: Client, m: Tell) -> None:
        require(c.phase == "ask" and m.turn == c.turn)
        c.newest = max(c.newest, m.held)
        c.heard.add(m.src)
        if self.is_enough(c):
            c.heard = set()
            self.decide(c)

    def is_enough(self, c: Client) -> bool:
        """Whether so many have answered that every majority has one of them."""
        return self.is_majority(c.heard, Server)

    def decide(self, c: Client) -> None:
        """A majority has told what it holds."""
        if isinstance(c, Writer):
            c.newest = Held(Stamp(c.newest.stamp.time + 1, 1 + self.authors.index(c)), self.word(c, c.turn))
        self.store(c)

    def store(self, c: Client) -> None:
        """Have a majority hold what is the newest now."""
        c.phase = "store"
        for s in self.replicas:
            c.send(s, Store(turn=c.turn, held=c.newest))

    @receive
    def on_stored(self, c: Client, m: Stored) -> None:
        require(c.phase == "store" and m.turn == c.turn)
        c.heard.add(m.src)
        if self.is_enough(c):
            self.finish(c)

    def finish(self, c: Client) -> None:
        """Tell the result, and forget how it came about."""
        respond(c, None if isinstance(c, Writer) else c.newest.value)
        c.phase, c.newest, c.heard = "idle", NOTHING, set()

    # -- servers

    @receive
    def on_ask(self, s: Server, m: Ask) -> None:
        s.reply(m, Tell(turn=m.turn, held=s.held))

    @receive
    def on_store(self, s: Server, m: Store) -> None:
        s.held = max(s.held, m.held)
        s.reply(m, Stored(turn=m.turn))

    @sometimes
    def all_done(self) -> bool:
        return all(c.phase == "idle" and c.turn == self.turns(c) for c in self.all(Client))


class AbdRegister(ReplicatedRegister):
    """Writers and readers share a register that most servers hold, and it is atomic."""

    pinned: ClassVar = (
        Count({"servers": 2}, 483, 1_292),
        Count({"servers": 2, "writers": 2}, 29_650, 112_024),
        Count({}, 111_618, 499_158),
    )

    @linearizable(Register())
    def atomic(self) -> None:
        """Every operation takes effect at one moment between its invocation and its response."""


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=AbdRegister, breaks="atomic", steps=16)
class ForgetsToWriteBack(AbdRegister):
    """A reader returns the newest value without having a majority store it first."""

    reads: int = param(2, "operations of each reader", least=1)

    def decide(self, c: Client) -> None:
        if isinstance(c, Writer):
            super().decide(c)
        else:
            self.finish(c)


@mutant(of=AbdRegister, breaks="atomic", steps=14)
class StoresAtOne(AbdRegister):
    """A writer is content as soon as one server holds its value."""

    def is_enough(self, c: Client) -> bool:
        return c.phase == "store" or super().is_enough(c)
