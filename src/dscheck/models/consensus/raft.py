"""Raft: leader election and log replication, with crashes and lost messages.

After Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), whose five safety
properties (figure 3) are checked.  The network is a set: messages are read in any order, late or never; one
that is sent again while it is still in flight is there once.

Three servers, two terms, a log of one and one crash have 597,901,445,275 states; with one term, 9,023,332.
"""

from __future__ import annotations

from typing import ClassVar, Literal, NamedTuple

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    durable,
    each,
    mutant,
    param,
    receive,
    require,
    sometimes,
    volatile,
)


class Entry(NamedTuple):
    """One client request in a log."""

    term: int
    leader: Server  # who took it; stands for the request itself, so that two leaders' entries differ


class RequestVote(Message):
    term: int
    last: tuple[int, int]  # term and index of the candidate's last entry


class Vote(Message):
    term: int
    granted: bool


class Append(Message):
    term: int
    prev: int  # the entries follow this index ...
    prev_term: int  # ... whose entry has this term
    entries: tuple[Entry, ...]
    commit: int


class Ack(Message):
    term: int
    match: int | None  # the logs agree up to here; None: they do not agree at prev


class Server(Node):
    """A member of the cluster."""

    term: int = durable(0)
    voted_for: Server | None = durable(None)
    log: tuple[Entry, ...] = durable(())
    overwrote: bool = durable(False)  # history, for leader_append_only: it dropped entries while it led

    role: Literal["follower", "candidate", "leader"] = volatile("follower")
    votes: set[Server] = volatile(set())
    commit: int = volatile(0)
    next: dict[Server, int] = volatile(each(1))
    match: dict[Server, int] = volatile(each(0))

    def term_at(self, index: int) -> int:
        return self.log[index - 1].term if index else 0

    @property
    def last(self) -> tuple[int, int]:
        return self.term_at(len(self.log)), len(self.log)

    @property
    def committed(self) -> tuple[Entry, ...]:
        return self.log[: self.commit]


class Raft(Model):
    """Servers elect a leader, which copies its log to them; what a majority holds is never lost."""

    pinned: ClassVar = (
        Count({"nodes": 2, "losses": 1}, 1_322, depth=8),
        Count({"nodes": 1}, 24, 28),
        Count({"nodes": 2}, 62_714, 352_292),
        Count({"nodes": 3}, 109_540, depth=9),
    )
    nodes: int = param(3, "servers", least=1)
    terms: int = param(2, "highest term", least=1)
    requests: int = param(1, "longest log", least=1)
    crashes: int = budget("crash", 1)
    losses: int = budget("lose", 0)

    server: ClassVar[type[Server]] = Server

    def setup(self) -> None:
        self.make(self.server, self.nodes, "s")

    # -- election

    @action
    def timeout(self, s: Server) -> None:
        require(s.role != "leader" and s.term < self.terms)
        s.term += 1
        s.role, s.voted_for, s.votes = "candidate", s, {s}
        s.broadcast(RequestVote(term=s.term, last=s.last))

    @receive
    def on_request_vote(self, s: Server, m: RequestVote) -> None:
        self.observe(s, m.term)
        granted = m.term == s.term and self.may_vote(s, m)
        if granted:
            s.voted_for = m.src
        if granted or m.term < s.term:  # a refusal within the term tells the candidate nothing
            s.reply(m, Vote(term=s.term, granted=granted))

    def may_vote(self, s: Server, m: RequestVote) -> bool:
        return s.voted_for in (None, m.src) and self.is_current(s, m)

    def is_current(self, s: Server, m: RequestVote) -> bool:
        return m.last >= s.last

    @receive
    def on_vote(self, s: Server, m: Vote) -> None:
        self.observe(s, m.term)
        if m.granted and m.term == s.term and s.role == "candidate":
            s.votes.add(m.src)

    @action
    def become_leader(self, s: Server) -> None:
        require(s.role == "candidate" and self.is_majority(s.votes, Server))
        s.role, s.votes = "leader", set()
        s.next, s.match = each(len(s.log) + 1), each(0)

    def observe(self, s: Server, term: int) -> None:
        """Step down on hearing of a later term."""
        if term > s.term:
            s.term, s.voted_for = term, None
            self.follow(s)

    def follow(self, s: Server) -> None:
        """Forget what only a candidate or leader needs."""
        s.role, s.votes = "follower", set()
        s.next, s.match = each(1), each(0)

    # -- replication

    @action
    def client_request(self, s: Server) -> None:
        require(s.role == "leader" and len(s.log) < self.requests)
        self.write(s, (*s.log, Entry(s.term, s)))

    def write(self, s: Server, log: tuple[Entry, ...]) -> None:
        """The one place where a log changes, so that leader_append_only cannot miss it."""
        if s.role == "leader" and log[: len(s.log)] != s.log:
            s.overwrote = True
        s.log = log

    @action
    def append_entries(self, s: Server, to: Server) -> None:
        require(s is not to and s.role == "leader")
        prev = s.next[to] - 1
        entries = s.log[prev : prev + 1]
        commit = min(s.commit, prev + len(entries))
        s.send(to, Append(term=s.term, prev=prev, prev_term=s.term_at(prev), entries=entries, commit=commit))

    @receive
    def on_append(self, s: Server, m: Append) -> None:
        self.observe(s, m.term)
        if m.term == s.term and s.role == "candidate":
            self.follow(s)
        if m.term < s.term or not self.fits(s, m):
            s.reply(m, Ack(term=s.term, match=None))
            return
        match = m.prev + len(m.entries)
        if s.log[m.prev : match] != m.entries:
            self.write(s, s.log[: m.prev] + m.entries)
        s.commit = max(s.commit, m.commit)
        s.reply(m, Ack(term=s.term, match=match))

    def fits(self, s: Server, m: Append) -> bool:
        """The consistency check: what the entries follow is in the log."""
        return m.prev <= len(s.log) and s.term_at(m.prev) == m.prev_term

    @receive
    def on_ack(self, s: Server, m: Ack) -> None:
        self.observe(s, m.term)
        if s.role != "leader" or m.term != s.term:
            return
        if m.match is None:
            s.next[m.src] = max(1, s.next[m.src] - 1)
        else:
            s.match[m.src] = max(s.match[m.src], m.match)
            s.next[m.src] = s.match[m.src] + 1

    @action
    def advance_commit(self, s: Server) -> None:
        require(s.role == "leader")
        ready = [i for i in range(s.commit + 1, len(s.log) + 1) if self.may_commit(s, i)]
        require(ready)
        s.commit = ready[-1]

    def may_commit(self, s: Server, index: int) -> bool:
        """An entry of an earlier term is committed only together with one of the leader's own (figure 8)."""
        return s.term_at(index) == s.term and self.is_replicated(s, index)

    def is_replicated(self, s: Server, index: int) -> bool:
        holders = [s, *(peer for peer in s.peers if s.match[peer] >= index)]
        return self.is_majority(holders, Server)

    # -- what must hold (figure 3)

    @always
    def election_safety(self, a: Server, b: Server) -> bool:
        """At most one leader is elected in a term."""
        return a is b or not (a.role == b.role == "leader" and a.term == b.term)

    @always
    def leader_append_only(self, s: Server) -> bool:
        """A leader never overwrites or deletes entries in its log."""
        return not s.overwrote

    @always
    def log_matching(self, a: Server, b: Server) -> bool:
        """Logs with an entry of the same term at the same index are equal up to there."""
        shared = range(1, min(len(a.log), len(b.log)) + 1)
        return a is b or all(a.log[:i] == b.log[:i] for i in shared if a.term_at(i) == b.term_at(i))

    @always
    def leader_completeness(self, a: Server, leader: Server) -> bool:
        """What was committed is in the log of the leader of every later term."""
        if leader.role != "leader" or leader.term < a.term:
            return True
        return leader.log[: a.commit] == a.committed

    @always
    def state_machine_safety(self, a: Server, b: Server) -> bool:
        """No two servers apply different entries at the same index."""
        return a is b or all(x == y for x, y in zip(a.committed, b.committed, strict=False))

    @sometimes
    def elects(self, s: Server) -> bool:
        return s.role == "leader"

    @sometimes
    def commits(self, s: Server) -> bool:
        return s.commit > 0


# -- deliberately wrong variants: each must be caught by the property that it names


class ForgetfulServer(Server):
    """A server whose vote does not survive a crash."""

    voted_for: Server | None = volatile(None)


@mutant(of=Raft, breaks="election_safety", steps=9)
class ForgetsItsVote(Raft):
    """A server does not write its vote to disk before it answers."""

    server = ForgetfulServer


@mutant(of=Raft, breaks="election_safety", steps=8)
class VotesTwice(Raft):
    """A server votes for every candidate of its term."""

    def may_vote(self, s: Server, m: RequestVote) -> bool:
        return self.is_current(s, m)


@mutant(of=Raft, breaks="election_safety", steps=9, params={"crashes": 0})
class CountsOldVotes(Raft):
    """A candidate counts votes that it was given in an earlier term."""

    def on_vote(self, s: Server, m: Vote) -> None:
        self.observe(s, m.term)
        if m.granted and s.role == "candidate":
            s.votes.add(m.src)


@mutant(of=Raft, breaks="leader_completeness", steps=13, params={"crashes": 0})
class ElectsStaleLeader(Raft):
    """A server votes for a candidate whose log is behind its own."""

    def is_current(self, s: Server, m: RequestVote) -> bool:
        return True


@mutant(of=Raft, breaks="leader_completeness", steps=10)
class CommitsAlone(Raft):
    """A leader commits an entry before others hold it."""

    def is_replicated(self, s: Server, index: int) -> bool:
        return True


@mutant(of=Raft, breaks="leader_append_only", steps=12, params={"crashes": 0})
class StaysLeader(Raft):
    """A leader that hears of a later term carries on as if it led."""

    def observe(self, s: Server, term: int) -> None:
        if s.role != "leader":
            super().observe(s, term)


class Figure8(Raft):
    """Raft from where figure 8 (b) leaves it: each of two leaders has written what nobody else holds."""

    terms: int = param(4, "highest term", least=3)
    requests: int = param(2, "longest log", least=1)
    crashes: int = budget("crash", 0)

    def setup(self) -> None:
        # Twelve steps of Raft lead here; what they leave in flight is lost.
        super().setup()
        for s, led in zip(self.all(Server), (1, 2), strict=False):
            s.log = (Entry(led, s),)
        for s in self.all(Server):
            s.term = 2


@mutant(of=Raft, breaks="leader_completeness", steps=16, params={"requests": 1})
class CommitsByCounting(Figure8):
    """A leader commits an entry of an earlier term as soon as most servers hold it."""

    def may_commit(self, s: Server, index: int) -> bool:
        return self.is_replicated(s, index)


@mutant(of=Raft, breaks="log_matching", steps=7)
class AppendsAnywhere(Figure8):
    """A server appends entries without asking what they follow."""

    def fits(self, s: Server, m: Append) -> bool:
        return True
