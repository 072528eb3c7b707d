"""Raft for one entry: elections, and the one entry's way to a majority.

After Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), as far as every tool
that takes part can say it on a page or two: no crashes, no refusals, a log of at most one entry, which is the
term of the leader that wrote it.  The network is a set: any order, late or never; what is in flight already
is there once.
"""

from __future__ import annotations

from typing import Literal

from dscheck import Message, Model, Node, action, always, param, receive, require, sometimes, var


class Request(Message):
    """Vote for me; the last entry of my log is of this term, 0 where I have none."""

    term: int
    last: int


class Vote(Message):
    term: int


class Append(Message):
    term: int
    entry: int
    committed: bool


class Ack(Message):
    term: int


class Server(Node):
    term: int = var(0)
    role: Literal["follower", "candidate", "leader"] = var("follower")
    voted_for: Server | None = var(None)
    backers: set[Server] = var(set())
    """Who voted for a candidate; who holds a leader's entry."""
    entry: int = var(0)
    committed: bool = var(False)


class SmallRaft(Model):
    """One leader a term; what a majority holds is never lost."""

    nodes: int = param(3, "servers", least=1)
    terms: int = param(2, "highest term", least=1)
    candidates: int = param(2, "how many of the servers stand for election", least=1)

    def setup(self) -> None:
        self.hopeful = self.make(Server, self.nodes, "s")[: self.candidates]

    @action
    def timeout(self, s: Server) -> None:
        require(s in self.hopeful and s.role != "leader" and s.term < self.terms)
        s.term += 1
        s.role, s.voted_for, s.backers = "candidate", s, {s}
        s.broadcast(Request(term=s.term, last=s.entry))

    def observe(self, s: Server, term: int) -> None:
        """Step down on hearing of a later term."""
        if term > s.term:
            s.term, s.role, s.voted_for, s.backers = term, "follower", None, set()

    @receive
    def on_request(self, s: Server, m: Request) -> None:
        self.observe(s, m.term)
        if m.term == s.term and s.voted_for in (None, m.src) and m.last >= s.entry:
            s.voted_for = m.src
            s.reply(m, Vote(term=m.term))

    @receive
    def on_vote(self, s: Server, m: Vote) -> None:
        self.observe(s, m.term)
        if m.term == s.term and s.role == "candidate":
            s.backers.add(m.src)

    @action
    def lead(self, s: Server) -> None:
        require(s.role == "candidate" and self.is_majority(s.backers, Server))
        s.role, s.backers = "leader", {s}

    @action
    def write(self, s: Server) -> None:
        require(s.role == "leader" and s.entry == 0)
        s.entry = s.term

    @action
    def append(self, s: Server, to: Server) -> None:
        require(s is not to and s.role == "leader" and s.entry > 0)
        s.send(to, Append(term=s.term, entry=s.entry, committed=s.committed))

    @receive
    def on_append(self, s: Server, m: Append) -> None:
        self.observe(s, m.term)
        if m.term == s.term:
            if s.role == "candidate":
                s.role, s.backers = "follower", set()
            s.entry = m.entry
            if m.committed:
                s.committed = True
            s.reply(m, Ack(term=m.term))

    @receive
    def on_ack(self, s: Server, m: Ack) -> None:
        self.observe(s, m.term)
        if m.term == s.term and s.role == "leader":
            s.backers.add(m.src)

    @action
    def commit(self, s: Server) -> None:
        """Only an entry of the leader's own term (figure 8)."""
        require(s.role == "leader" and not s.committed and s.entry == s.term)
        require(self.is_majority(s.backers, Server))
        s.committed = True

    @always
    def election_safety(self, a: Server, b: Server) -> bool:
        return a is b or not (a.role == b.role == "leader" and a.term == b.term)

    @always
    def state_machine_safety(self, a: Server, b: Server) -> bool:
        return not (a.committed and b.committed) or a.entry == b.entry

    @sometimes
    def all_commit(self) -> bool:
        return all(s.committed for s in self.all(Server))
