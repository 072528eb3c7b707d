"""Paxos commit: several acceptors know what becomes of a transaction, and most of them suffice.

After Gray and Lamport, "Consensus on Transaction Commit" (2006), section 4.  For each resource manager there
is an instance of Paxos, which chooses whether it is prepared.  It proposes that itself, in ballot 0.  If it
is not heard of, whoever thinks to be the leader takes over with a later ballot, and proposes to abort unless
the acceptors know better.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import ClassVar, Literal, NamedTuple, NewType

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    choose,
    each,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
)
from dscheck.models.commit.two_phase_commit import RM, Abort, Commit, TransactionCommit

Ballot = NewType("Ballot", int)
Fate = Literal["prepared", "aborted"]


class Vote(NamedTuple):
    ballot: int
    fate: Fate | None


NO_VOTE = Vote(-1, None)


class Prepare(Message):
    """Phase 1a of the instance for rm."""

    rm: RM
    ballot: int


class Promise(Message):
    """Phase 1b, with the acceptor's last vote."""

    rm: RM
    ballot: int
    last: Vote


class Propose(Message):
    """Phase 2a."""

    rm: RM
    ballot: int
    fate: Fate


class Accepted(Message):
    """Phase 2b."""

    rm: RM
    ballot: int
    fate: Fate


class Acceptor(Node):
    """One who votes in every instance."""

    promised: dict[RM, int] = var(each(0))
    last: dict[RM, Vote] = var(each(NO_VOTE))


class Leader(Node):
    """Whoever takes the lead: one stands for all of them, as each ballot belongs to one only."""

    proposed: set[tuple[RM, Ballot]] = var(set())


class PaxosCommit(Model):
    """All resource managers commit, or all abort, whoever leads.

    The network never forgets a message: it may be read late, twice or never, as if lost or repeated.
    """

    pinned: ClassVar = (
        Count({"nodes": 1, "acceptors": 2}, 119, 589),
        Count({"acceptors": 2}, 10_821, 98_614),
        Count({}, 1_321_761, 19_263_560),
    )
    network = "persistent"
    nodes: int = param(2, "resource managers", least=1)
    acceptors: int = param(3, "acceptors", least=1)
    ballots: int = param(2, "ballots, the first of which belongs to the resource manager", least=1)

    def setup(self) -> None:
        self.domain(Ballot, range(1, self.ballots))
        self.rms = self.make(RM, self.nodes, "rm")
        self.voters = self.make(Acceptor, self.acceptors, "a")
        [self.leader] = self.make(Leader, 1, "leader")

    # -- resource managers

    @action
    def prepare(self, rm: RM) -> None:
        require(rm.state == "working")
        rm.state = "prepared"
        for a in self.voters:
            rm.send(a, Propose(rm=rm, ballot=0, fate="prepared"))

    @action
    def give_up(self, rm: RM) -> None:
        require(rm.state == "working")
        rm.state = "aborted"
        for a in self.voters:
            rm.send(a, Propose(rm=rm, ballot=0, fate="aborted"))

    @receive
    def on_commit(self, rm: RM, m: Commit) -> None:
        rm.state = "committed"

    @receive
    def on_abort(self, rm: RM, m: Abort) -> None:
        rm.state = "aborted"

    # -- acceptors

    @receive
    def on_prepare(self, a: Acceptor, m: Prepare) -> None:
        require(m.ballot > a.promised[m.rm])
        a.promised[m.rm] = m.ballot
        a.reply(m, Promise(rm=m.rm, ballot=m.ballot, last=a.last[m.rm]))

    @receive
    def on_propose(self, a: Acceptor, m: Propose) -> None:
        require(self.may_accept(a, m))
        a.promised[m.rm], a.last[m.rm] = m.ballot, Vote(m.ballot, m.fate)
        a.send(self.leader, Accepted(rm=m.rm, ballot=m.ballot, fate=m.fate))

    def may_accept(self, a: Acceptor, m: Propose) -> bool:
        return m.ballot >= a.promised[m.rm]

    # -- the leader

    @action
    def take_over(self, leader: Leader, rm: RM, b: Ballot) -> None:
        for a in self.voters:
            leader.send(a, Prepare(rm=rm, ballot=b))

    @receive
    def on_promise(self, leader: Leader, m: Promise) -> None:
        """Once most have promised, propose what one of them voted for last; if none has voted, to abort."""
        require((m.rm, m.ballot) not in leader.proposed)
        quorum = choose(self.quorums())
        votes = [vote for a in quorum if (vote := self.told(a, m.rm, m.ballot))]
        require(m.src in quorum and len(votes) == len(quorum))
        leader.proposed.add((m.rm, Ballot(m.ballot)))
        for a in self.voters:
            leader.send(a, Propose(rm=m.rm, ballot=m.ballot, fate=self.latest(votes) or "aborted"))

    def quorums(self) -> Iterable[tuple[Acceptor, ...]]:
        """The smallest majorities."""
        return combinations(self.voters, self.acceptors // 2 + 1)

    def told(self, a: Acceptor, rm: RM, ballot: int) -> Vote | None:
        """The vote that came with an acceptor's promise; None: it has not promised."""
        fates: tuple[Fate, ...] = ("prepared", "aborted")
        possible = (NO_VOTE, *(Vote(b, fate) for b in range(ballot) for fate in fates))
        promises = (Promise(rm=rm, ballot=ballot, last=vote, src=a, dst=self.leader) for vote in possible)
        return next((m.last for m in promises if m in self.in_flight(Promise)), None)

    def latest(self, votes: list[Vote]) -> Fate | None:
        return max(votes).fate

    @receive
    def on_accepted(self, leader: Leader, m: Accepted) -> None:
        """Decide: to commit when all are known to be prepared, to abort when one is known to have aborted."""
        concerned = [m.rm] if m.fate == "aborted" else self.rms
        require(all(self.is_chosen(rm, m.fate) for rm in concerned))
        for rm in self.rms:
            leader.send(rm, Abort() if m.fate == "aborted" else Commit())

    def is_chosen(self, rm: RM, fate: Fate) -> bool:
        return any(self.is_chosen_in(b, rm, fate) for b in range(self.ballots))

    def is_chosen_in(self, ballot: int, rm: RM, fate: Fate) -> bool:
        votes = (Accepted(rm=rm, ballot=ballot, fate=fate, src=a, dst=self.leader) for a in self.voters)
        return self.is_enough([m.src for m in votes if m in self.in_flight(Accepted)])

    def is_enough(self, voters: list[Acceptor]) -> bool:
        return self.is_majority(voters, Acceptor)

    # -- what must hold

    @always
    def consistent(self, a: RM, b: RM) -> bool:
        return not (a.state == "committed" and b.state == "aborted")

    @sometimes
    def all_commit(self) -> bool:
        return all(rm.state == "committed" for rm in self.rms)

    @sometimes
    def all_abort(self) -> bool:
        return all(rm.state == "aborted" for rm in self.rms)

    @refines(lambda self: TransactionCommit(nodes=self.nodes))
    def transaction_commit(self, spec: TransactionCommit, rm: RM) -> None:
        spec.place(rm.state, self.rms.index(rm))


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=PaxosCommit, breaks="transaction_commit", steps=16)
class IgnoresEarlierVotes(PaxosCommit):
    """A leader that takes over proposes to abort, whatever the acceptors have voted for before."""

    def latest(self, votes: list[Vote]) -> Fate | None:
        return None


@mutant(of=PaxosCommit, breaks="transaction_commit", steps=13)
class DecidesOnOneVote(PaxosCommit):
    """A leader takes for chosen what a single acceptor has voted for."""

    def is_enough(self, voters: list[Acceptor]) -> bool:
        return len(voters) > 0


@mutant(of=PaxosCommit, breaks="transaction_commit", steps=13, params={"nodes": 1})
class AcceptsBelowItsPromise(PaxosCommit):
    """An acceptor votes in a ballot in which it has promised not to."""

    def may_accept(self, a: Acceptor, m: Propose) -> bool:
        return True
