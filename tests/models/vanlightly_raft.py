"""Raft as Vanlightly has it, with the states that TLC counts: one step for one of his steps.

After "standard-raft" of github.com/Vanlightly/raft-tlaplus (commit 69ad9d6), which is after Ongaro's own
specification.  Here for its published counts alone, for the catalogue's raft differs in many details: a later
term is noticed in a step of its own, and a leader waits for an answer before it sends again.

His configuration counts what he calls the view.  It leaves out which values clients know to be committed, and
so does this model; it also leaves out what is `held` and `asked` here, but that follows from the rest.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, NamedTuple, NewType

from dscheck import Message, Model, Node, action, always, each, param, receive, require, sometimes, var

Value = NewType("Value", str)


class Entry(NamedTuple):
    term: int
    value: Value


class FromTerm(Message):
    term: int


class RequestVote(FromTerm):
    last: tuple[int, int]


class Vote(FromTerm):
    granted: bool


class Append(FromTerm):
    prev: int
    prev_term: int
    entries: tuple[Entry, ...]
    commit: int


class Appended(FromTerm):
    success: bool
    match: int


class Server(Node):
    term: int = var(1)
    role: Literal["follower", "candidate", "leader"] = var("follower")
    voted_for: Server | None = var(None)
    log: tuple[Entry, ...] = var(())
    commit: int = var(0)
    votes: set[Server] = var(set())
    next: dict[Server, int] = var(each(1))
    match: dict[Server, int] = var(each(0))
    waits: dict[Server, bool] = var(each(False))
    sent: set[FromTerm] = var(set())
    """All that it has ever sent; in his bag, what was received remains, zero times."""

    def term_at(self, index: int) -> int:
        return self.log[index - 1].term if index else 0


class VanlightlyRaft(Model):
    """Logs agree on what is committed."""

    network = "bag"
    nodes: int = param(3, "servers", least=1)
    values: int = param(1, "what clients may ask for", least=1)
    elections: int = param(1, "how many elections there are at most", least=0)
    held: int = var(0)
    """How many elections there were."""
    asked: set[Value] = var(set())
    """What clients have asked for: each value once."""

    def setup(self) -> None:
        self.domain(Value, [f"v{number}" for number in range(self.values)])
        self.make(Server, self.nodes, "n")

    def send(self, s: Server, to: Server, m: FromTerm) -> None:
        s.sent.add(replace(m, src=s, dst=to))
        s.send(to, m)

    def is_of_later_term(self, s: Server, m: FromTerm) -> bool:
        """Notice a later term, and leave the message for another step."""
        if m.term <= s.term:
            return False
        s.term, s.role, s.voted_for = m.term, "follower", None
        m.src.send(s, m)
        return True

    # -- election

    @action
    def request_vote(self, s: Server) -> None:
        require(self.held < self.elections and s.role != "leader")
        self.held += 1
        s.term += 1
        s.role, s.voted_for, s.votes = "candidate", s, {s}
        for peer in s.peers:
            self.send(s, peer, RequestVote(term=s.term, last=(s.term_at(len(s.log)), len(s.log))))

    @receive
    def on_request_vote(self, s: Server, m: RequestVote) -> None:
        if not self.is_of_later_term(s, m):
            is_current = m.last >= (s.term_at(len(s.log)), len(s.log))
            granted = m.term == s.term and is_current and s.voted_for in (None, m.src)
            if granted:
                s.voted_for = m.src
            self.send(s, m.src, Vote(term=s.term, granted=granted))

    @receive
    def on_vote(self, s: Server, m: Vote) -> None:
        if not self.is_of_later_term(s, m):
            require(m.term == s.term)
            if m.granted:
                s.votes.add(m.src)

    @action
    def become_leader(self, s: Server) -> None:
        require(s.role == "candidate" and self.is_majority(s.votes, Server))
        s.role, s.next, s.match, s.waits = "leader", each(len(s.log) + 1), each(0), each(False)

    # -- replication

    @action
    def client_request(self, s: Server, v: Value) -> None:
        require(s.role == "leader" and v not in self.asked)
        s.log += (Entry(s.term, v),)
        self.asked.add(v)

    @action
    def append_entries(self, s: Server, to: Server) -> None:
        require(s is not to and s.role == "leader" and not s.waits[to])
        prev = s.next[to] - 1
        last = min(len(s.log), prev + 1)
        m = Append(
            term=s.term,
            prev=prev,
            prev_term=s.term_at(prev),
            entries=s.log[prev:last],
            commit=min(s.commit, last),
        )
        require(m.entries or replace(m, src=s, dst=to) not in s.sent)
        s.waits[to] = True
        self.send(s, to, m)

    @receive
    def on_append(self, s: Server, m: Append) -> None:
        if self.is_of_later_term(s, m):
            return
        fits = m.prev == 0 or (m.prev <= len(s.log) and m.prev_term == s.term_at(m.prev))
        if m.term == s.term and fits:
            require(s.role != "leader")
            s.role, s.commit, s.log = "follower", m.commit, s.log[: m.prev] + m.entries
            self.send(s, m.src, Appended(term=s.term, success=True, match=m.prev + len(m.entries)))
        else:
            require(m.term < s.term or s.role == "follower")
            self.send(s, m.src, Appended(term=s.term, success=False, match=0))

    @receive
    def on_appended(self, s: Server, m: Appended) -> None:
        if not self.is_of_later_term(s, m):
            require(m.term == s.term)
            s.waits[m.src] = False
            if m.success:
                s.match[m.src], s.next[m.src] = m.match, m.match + 1
            else:
                s.next[m.src] = max(s.next[m.src] - 1, 1)

    @action
    def advance_commit(self, s: Server) -> None:
        require(s.role == "leader")
        agreed = [i for i in range(1, len(s.log) + 1) if self.is_replicated(s, i)]
        require(agreed and s.term_at(agreed[-1]) == s.term and agreed[-1] > s.commit)
        s.commit = agreed[-1]

    def is_replicated(self, s: Server, index: int) -> bool:
        return self.is_majority([s, *(peer for peer in s.peers if s.match[peer] >= index)], Server)

    # -- what must hold

    @always
    def no_log_divergence(self, a: Server, b: Server) -> bool:
        common = min(a.commit, b.commit)
        return a.log[:common] == b.log[:common]

    @sometimes
    def commits(self, s: Server) -> bool:
        return s.commit > 0
