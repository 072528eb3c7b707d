"""A register that each server keeps for itself: fine as long as there is only one server.

After the example of the same name of Stateright (Nadal 2020).  Every client writes its own letter, and then
reads.  With one server the register is linearizable; with two, a client may read from a server that has not
heard of its write.
"""

from __future__ import annotations

from typing import ClassVar, Literal

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


class Put(Message):
    value: str


class PutDone(Message): ...


class Get(Message): ...


class Got(Message):
    value: str | None


class Server(Node):
    value: str | None = var(None)


class Client(Node):
    doing: Literal["nothing", "put", "get", "done"] = var("nothing")


class SingleCopyRegister(Model):
    """Servers that know nothing of each other; the register is atomic if there is only one."""

    server: ClassVar[type[Server]] = Server
    pinned: ClassVar = (Count({}, 104), Count({"clients": 3}, 3_758), Count({"clients": 4}, 251_408))
    servers: int = param(1, "servers, each with a copy of its own", least=1)
    clients: int = param(2, "clients", least=1, most=26)

    def setup(self) -> None:
        self.copies = self.make(self.server, self.servers, "s")
        self.users = self.make(Client, self.clients, "c")

    def whom(self, c: Client, turn: int) -> Server:
        """Where a client sends its first, its second, ... request."""
        return self.copies[(self.users.index(c) + turn) % self.servers]

    @action
    def put(self, c: Client) -> None:
        require(c.doing == "nothing")
        self.begin(c)

    def begin(self, c: Client) -> None:
        """Ask for a client's own letter to be written."""
        letter = chr(ord("A") + self.users.index(c))
        c.doing = "put"
        invoke(c, "write", letter)
        c.send(self.whom(c, 0), Put(value=letter))

    @receive
    def on_put(self, s: Server, m: Put) -> None:
        self.keep(s, m.value)
        s.reply(m, PutDone())

    def keep(self, s: Server, value: str) -> None:
        """Write what a client asked to be written."""
        s.value = value

    @receive
    def on_put_done(self, c: Client, m: PutDone) -> None:
        respond(c)
        c.doing = "get"
        invoke(c, "read")
        c.send(self.whom(c, 1), Get())

    @receive
    def on_get(self, s: Server, m: Get) -> None:
        s.reply(m, Got(value=s.value))

    @receive
    def on_got(self, c: Client, m: Got) -> None:
        respond(c, m.value)
        c.doing = "done"

    @linearizable(Register())
    def atomic(self) -> None:
        """Every operation takes effect at one moment between its invocation and its response."""

    @sometimes
    def all_done(self) -> bool:
        return all(c.doing == "done" for c in self.users)


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=SingleCopyRegister, breaks="atomic", steps=5)
class AsksAnotherServer(SingleCopyRegister):
    """There are two servers, and a client reads from the one that it has not written to."""

    servers: int = param(2, "servers, each with a copy of its own", least=2)


class HastyServer(Server):
    """One that promises to write."""

    promised: str | None = var(None)


@mutant(of=SingleCopyRegister, breaks="atomic", steps=5)
class AnswersTooEarly(SingleCopyRegister):
    """The server says that it has written before it does so."""

    server = HastyServer

    def keep(self, s: Server, value: str) -> None:
        assert isinstance(s, HastyServer)
        require(s.promised is None)
        s.promised = value

    @action
    def write(self, s: HastyServer) -> None:
        require(s.promised is not None)
        s.value, s.promised = s.promised, None
