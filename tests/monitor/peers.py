"""Stateright's linearizable register, as its example of that name has it: the servers do the work of ABD.

Here for its published count alone; the catalogue's abd_register has clients who do it themselves.
"""

from __future__ import annotations

from typing import Any

from dscheck import Message, Model, Node, action, invoke, linearizable, param, receive, require, respond, var
from dscheck.checker.specifications.register import Register

Sequence = tuple[int, int]


class Put(Message):
    request: int
    value: str


class Get(Message):
    request: int


class PutOk(Message):
    request: int


class GetOk(Message):
    request: int
    value: str | None


class Query(Message):
    request: int


class AckQuery(Message):
    request: int
    sequence: Sequence
    value: str | None


class Record(Message):
    request: int
    sequence: Sequence
    value: str | None


class AckRecord(Message):
    request: int


class Server(Node):
    sequence: Sequence = var((0, 0))
    value: str | None = var(None)
    phase: int = var(0)
    request: int = var(0)
    requester: Node | None = var(None)
    write: str | None = var(None)
    read: str | None = var(None)
    responses: frozenset[tuple[int, Sequence, str | None]] = var(frozenset())
    acks: frozenset[int] = var(frozenset())


class Client(Node):
    awaiting: int = var(0)
    count: int = var(0)


class LinearizableRegister(Model):
    """Each client puts its letter at one server, and then gets from the next one."""

    clients: int = param(2)
    servers: int = param(2)

    def setup(self) -> None:
        self.replicas = self.make(Server, self.servers, "s")
        self.users = self.make(Client, self.clients, "c")

    @action
    def start(self) -> None:
        require(all(c.count == 0 for c in self.users))
        for index, c in enumerate(self.users, self.servers):
            value = chr(ord("A") + index - self.servers)
            c.awaiting, c.count = index, 1
            invoke(c, "write", value)
            c.send(self.replicas[index % self.servers], Put(request=index, value=value))

    @receive
    def on_put_ok(self, c: Client, m: PutOk) -> None:
        require(m.request == c.awaiting)
        index = self.users.index(c) + self.servers
        respond(c)
        invoke(c, "read")
        c.awaiting, c.count = 2 * index, 2
        c.send(self.replicas[(index + 1) % self.servers], Get(request=2 * index))

    @receive
    def on_get_ok(self, c: Client, m: GetOk) -> None:
        require(m.request == c.awaiting)
        respond(c, m.value)
        c.awaiting, c.count = 0, 3

    @receive
    def on_put(self, s: Server, m: Put) -> None:
        self.ask(s, m, m.request, m.value)

    @receive
    def on_get(self, s: Server, m: Get) -> None:
        self.ask(s, m, m.request, None)

    def ask(self, s: Server, m: Message, request: int, write: str | None) -> None:
        require(s.phase == 0)
        s.broadcast(Query(request=request))
        s.phase, s.request, s.requester, s.write = 1, request, m.src, write
        s.responses = frozenset({(self.replicas.index(s), s.sequence, s.value)})

    @receive
    def on_query(self, s: Server, m: Query) -> None:
        s.reply(m, AckQuery(request=m.request, sequence=s.sequence, value=s.value))

    @receive
    def on_ack_query(self, s: Server, m: AckQuery) -> None:
        require(s.phase == 1 and s.request == m.request)
        s.responses |= {(self.replicas.index(m.src), m.sequence, m.value)}  # type: ignore[arg-type]
        if not self.is_majority(s.responses, Server):
            return
        newest: Any = max(s.responses, key=lambda response: response[1])
        _, sequence, value = newest
        read = None
        if s.write is not None:
            sequence, value = (sequence[0] + 1, self.replicas.index(s)), s.write
        else:
            read = value
        s.broadcast(Record(request=s.request, sequence=sequence, value=value))
        if sequence > s.sequence:
            s.sequence, s.value = sequence, value
        s.phase, s.write, s.read, s.responses = 2, None, read, frozenset()
        s.acks = frozenset({self.replicas.index(s)})

    @receive
    def on_record(self, s: Server, m: Record) -> None:
        s.reply(m, AckRecord(request=m.request))
        if m.sequence > s.sequence:
            s.sequence, s.value = m.sequence, m.value

    @receive
    def on_ack_record(self, s: Server, m: AckRecord) -> None:
        require(s.phase == 2 and s.request == m.request and self.replicas.index(m.src) not in s.acks)  # type: ignore[arg-type]
        s.acks |= {self.replicas.index(m.src)}  # type: ignore[arg-type]
        if self.is_majority(s.acks, Server):
            assert s.requester is not None
            is_read = s.request >= 2 * self.servers  # with two clients; gets have the double numbers
            s.send(
                s.requester, GetOk(request=s.request, value=s.read) if is_read else PutOk(request=s.request)
            )
            s.phase, s.request, s.requester, s.read, s.acks = 0, 0, None, None, frozenset()

    @linearizable(Register())
    def linearizable(self) -> None: ...
