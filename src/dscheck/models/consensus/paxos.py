"""Paxos for one decision: acceptors choose one value, whatever proposers think, and whoever is late or gone.

After Lamport, "The Part-Time Parliament" (1998) and "Paxos Made Simple" (2001), in the form of "Paxos: How to
Win a Turing Award" (2019), module Paxos.  Without its messages, this is voting.  The network never forgets
one: it may be read late, twice or never, as if lost or repeated.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import ClassVar, NamedTuple

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    choose,
    durable,
    lemma,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    volatile,
)
from dscheck.models.consensus.voting import BEFORE_ALL, Ballot, Value, Voting, before, values_named


class Vote(NamedTuple):
    ballot: int
    value: Value | None


NO_VOTE = Vote(BEFORE_ALL, None)


class Prepare(Message):
    """Phase 1a: will you take part in my ballot, and in no earlier one?"""

    ballot: Ballot


class Promise(Message):
    """Phase 1b: I will; and this was my last vote."""

    ballot: Ballot
    last: Vote


class Propose(Message):
    """Phase 2a: vote for this value."""

    ballot: Ballot
    value: Value


class Accepted(Message):
    """Phase 2b: I have voted for it."""

    ballot: Ballot
    value: Value


class Proposer(Node):
    """One who leads a ballot; several of them may be one machine, one ballot after the other."""

    ballot: Ballot  # the same for ever
    proposed: Value | None = durable(None)


class Acceptor(Node):
    """One who votes; all that it knows is on disk before it answers."""

    promised: int = durable(BEFORE_ALL)
    last: Vote = durable(NO_VOTE)


class Paxos(Model):
    """At most one value is chosen, and it is one that was proposed."""

    pinned: ClassVar = (
        Count({"ballots": 1}, 73, 397),
        Count({"nodes": 2}, 145, 730),
        Count({}, 3_921, 31_554),
        Count({"crashes": 1}, 7_842, 82_713),
        Count({"ballots": 3}, 185_369, 1_899_183),
    )
    network = "persistent"
    nodes: int = param(3, "acceptors", least=1)
    values: int = param(2, "possible values", least=1, most=26)
    ballots: int = param(2, "ballots, each with its proposer", least=1)
    crashes: int = budget("crash", 0)

    proposer: ClassVar[type[Proposer]] = Proposer
    acceptor: ClassVar[type[Acceptor]] = Acceptor

    def setup(self) -> None:
        self.choices = values_named(self.values)
        self.domain(Value, self.choices)
        self.acceptors = self.make(self.acceptor, self.nodes, "a")
        self.proposers = self.make(self.proposer, self.ballots, "p")
        for p, b in zip(self.proposers, before(self.ballots), strict=True):
            p.ballot = b

    # -- proposers

    @action
    def prepare(self, p: Proposer) -> None:
        for a in self.acceptors:
            p.send(a, Prepare(ballot=p.ballot))

    @receive
    def on_promise(self, p: Proposer, m: Promise) -> None:
        """Once most have promised, propose what one of them voted for last; if none has voted, any value."""
        require(p.proposed is None)
        quorum = choose(self.quorums())
        votes = [vote for a in quorum if (vote := self.told(a, p))]
        require(m.src in quorum and len(votes) == len(quorum))
        p.proposed = self.latest(votes) or choose(self.choices)
        for a in self.acceptors:
            p.send(a, Propose(ballot=p.ballot, value=p.proposed))

    def quorums(self) -> Iterable[tuple[Acceptor, ...]]:
        """The smallest majorities."""
        return combinations(self.acceptors, self.nodes // 2 + 1)

    def told(self, a: Acceptor, p: Proposer) -> Vote | None:
        """The vote that came with an acceptor's promise; None: it has not promised."""
        possible = (NO_VOTE, *(Vote(b, v) for b in before(p.ballot) for v in self.choices))
        promises = (Promise(ballot=p.ballot, last=vote, src=a, dst=p) for vote in possible)
        return next((m.last for m in promises if m in self.in_flight(Promise)), None)

    def latest(self, votes: list[Vote]) -> Value | None:
        return max(votes).value

    @receive
    def on_accepted(self, p: Proposer, m: Accepted) -> None:
        """Learn what is chosen; there is no need to remember it, for the messages remain."""
        require(self.is_chosen(m.value, p))

    # -- acceptors

    @receive
    def on_prepare(self, a: Acceptor, m: Prepare) -> None:
        require(m.ballot > a.promised)
        a.promised = m.ballot
        a.reply(m, Promise(ballot=m.ballot, last=a.last))

    @receive
    def on_propose(self, a: Acceptor, m: Propose) -> None:
        require(self.may_accept(a, m))
        a.promised, a.last = m.ballot, Vote(m.ballot, m.value)
        a.reply(m, Accepted(ballot=m.ballot, value=m.value))

    def may_accept(self, a: Acceptor, m: Propose) -> bool:
        return m.ballot >= a.promised

    # -- what must hold

    @always
    def agreement(self, p: Proposer, q: Proposer, v: Value, w: Value) -> bool:
        """All that is ever chosen, in whichever ballots, is one value."""
        return v == w or not (self.is_chosen(v, p) and self.is_chosen(w, q))

    @always
    def validity(self, a: Acceptor, v: Value, p: Proposer) -> bool:
        """Acceptors vote for what was proposed."""
        was_proposed = Propose(ballot=p.ballot, value=v, src=p, dst=a) in self.in_flight(Propose)
        return was_proposed or not self.has_accepted(a, v, p)

    # -- why it holds

    @lemma
    def proposes_one_value(self, p: Proposer, v: Value, a: Acceptor) -> bool:
        sent = Propose(ballot=p.ballot, value=v, src=p, dst=a) in self.in_flight(Propose)
        return not sent or p.proposed == v

    @lemma
    def votes_rise(self, a: Acceptor, v: Value, p: Proposer) -> bool:
        """Its last vote is the latest, and it has promised to take part in nothing earlier."""
        return not self.has_accepted(a, v, p) or p.ballot <= a.last.ballot

    @lemma
    def last_vote_was_sent(self, a: Acceptor, v: Value, p: Proposer) -> bool:
        """What an acceptor remembers, it has told; and a promise is for its ballot and all before."""
        return a.last.ballot <= a.promised and (a.last != Vote(p.ballot, v) or self.has_accepted(a, v, p))

    @lemma
    def promise_is_kept(self, a: Acceptor, p: Proposer, q: Proposer, v: Value) -> bool:
        """With a promise came the last vote before its ballot: there is no other, and there will be none."""
        last = self.told(a, p)
        if last is None or q.ballot >= p.ballot:
            return last is None or p.ballot <= a.promised
        votes_in_q = self.has_accepted(a, v, q)
        return votes_in_q if last == Vote(q.ballot, v) else not votes_in_q or q.ballot < last.ballot

    @lemma
    def proposal_is_safe(self, p: Proposer, q: Proposer) -> bool:
        """Of an earlier ballot, most acceptors have voted for the same value, or never will vote."""
        if p.proposed is None or q.ballot >= p.ballot:
            return True
        return self.is_majority([a for a in self.acceptors if self.is_bound(a, p, q)], Acceptor)

    def is_bound(self, a: Acceptor, p: Proposer, q: Proposer) -> bool:
        """Whether an acceptor cannot vote in the ballot of `q` for anything but what `p` has proposed."""
        voted = [v for v in self.choices if self.has_accepted(a, v, q)]
        return voted == [p.proposed] if voted else a.promised > q.ballot

    @sometimes
    def chooses(self, v: Value, p: Proposer) -> bool:
        return self.is_chosen(v, p)

    def is_chosen(self, v: Value, p: Proposer) -> bool:
        return self.is_majority([a for a in self.acceptors if self.has_accepted(a, v, p)], Acceptor)

    def has_accepted(self, a: Acceptor, v: Value, p: Proposer) -> bool:
        return Accepted(ballot=p.ballot, value=v, src=a, dst=p) in self.in_flight(Accepted)

    @refines(lambda self: Voting(nodes=self.nodes, values=self.values, ballots=self.ballots))
    def voting(self, spec: Voting, a: Acceptor) -> None:
        voter = spec.acceptors[self.acceptors.index(a)]
        voter.ballot = a.promised
        for p in self.proposers:
            for v in self.choices:
                if self.has_accepted(a, v, p):
                    voter.votes[p.ballot] = v


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=Paxos, breaks="voting", steps=10)
class IgnoresEarlierVotes(Paxos):
    """A proposer proposes what it likes, whatever acceptors have voted for before."""

    def latest(self, votes: list[Vote]) -> Value | None:
        return None


@mutant(of=Paxos, breaks="voting", steps=4)
class AsksTooFew(Paxos):
    """A proposer proposes after a single promise."""

    def quorums(self) -> Iterable[tuple[Acceptor, ...]]:
        return combinations(self.acceptors, 1)


@mutant(of=Paxos, breaks="voting", steps=7)
class AcceptsBelowItsPromise(Paxos):
    """An acceptor votes in a ballot in which it has promised not to."""

    def may_accept(self, a: Acceptor, m: Propose) -> bool:
        return True


class ForgetfulAcceptor(Acceptor):
    promised: int = volatile(BEFORE_ALL)


@mutant(of=Paxos, breaks="voting", steps=3, params={"crashes": 1})
class ForgetsItsPromise(Paxos):
    """An acceptor does not write its promise to disk before it answers."""

    acceptor = ForgetfulAcceptor


class ForgetfulProposer(Proposer):
    proposed: Value | None = volatile(None)


@mutant(of=Paxos, breaks="voting", steps=8, params={"crashes": 1})
class ProposesTwice(Paxos):
    """A proposer does not write to disk what it proposes, and comes again with the same ballot."""

    proposer = ForgetfulProposer
