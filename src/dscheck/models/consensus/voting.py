"""Voting in numbered ballots: how Paxos chooses a value, before anyone thinks of messages.

After Lamport, "Paxos: How to Win a Turing Award" (2019), module Voting.  An acceptor votes only for what a
majority shows to be safe; every other majority has a member in common with it, so no earlier ballot has
chosen another value, nor ever will.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from string import ascii_uppercase
from typing import ClassVar, NewType

from dscheck import Count, Model, Node, action, always, each, mutant, param, refines, require, sometimes, var

Ballot = NewType("Ballot", int)
Value = NewType("Value", str)

BEFORE_ALL = -1
"""Comes before every ballot."""


def values_named(many: int) -> tuple[Value, ...]:
    """A, B, ..."""
    return tuple(map(Value, ascii_uppercase[:many]))


def before(b: int) -> tuple[Ballot, ...]:
    """The ballots before this one."""
    return tuple(map(Ballot, range(b)))


class Consensus(Model):
    """What it looks like from outside: once a value is chosen, it remains the only one."""

    pinned: ClassVar = (Count({"values": 2}, 3, 2), Count({"values": 3}, 4, 3))
    values: int = param(2, "possible values", least=1, most=26)
    chosen: set[Value] = var(set())

    def setup(self) -> None:
        self.domain(Value, values_named(self.values))

    @action
    def choose(self, v: Value) -> None:
        require(not self.chosen)
        self.chosen.add(v)


class Acceptor(Node):
    """One who votes."""

    ballot: int = var(BEFORE_ALL)
    """It votes in no earlier one any more."""
    votes: dict[Ballot, Value | None] = var(each(None))


Quorum = tuple[Acceptor, ...]


class Voting(Model):
    """A value is chosen when most acceptors vote for it in one ballot, and then no other one ever is."""

    pinned: ClassVar = (
        Count({"ballots": 1}, 40, 102),
        Count({"ballots": 2}, 599, 2_079),
        Count({}, 6_752, 26_904),
    )
    nodes: int = param(3, "acceptors", least=1)
    values: int = param(2, "possible values", least=1, most=26)
    ballots: int = param(3, "ballots", least=1)

    def setup(self) -> None:
        self.domain(Value, values_named(self.values))
        self.domain(Ballot, before(self.ballots))
        self.acceptors = self.make(Acceptor, self.nodes, "a")

    @action
    def promise(self, a: Acceptor, b: Ballot) -> None:
        require(a.ballot < b)
        a.ballot = b

    @action
    def vote(self, a: Acceptor, b: Ballot, v: Value) -> None:
        require(self.may_vote(a, b) and a.votes[b] is None)
        require(self.is_unopposed(v, b) and any(self.shows_safe(q, v, b) for q in self.quorums()))
        a.ballot, a.votes[b] = b, v

    def may_vote(self, a: Acceptor, b: Ballot) -> bool:
        return a.ballot <= b

    def is_unopposed(self, v: Value, b: Ballot) -> bool:
        """Nobody has voted for another value in this ballot."""
        return all(a.votes[b] in (None, v) for a in self.acceptors)

    def quorums(self) -> Iterable[Quorum]:
        """The smallest majorities."""
        return combinations(self.acceptors, self.nodes // 2 + 1)

    def shows_safe(self, quorum: Quorum, v: Value, b: Ballot) -> bool:
        """None of these votes before b any more, and when one of them last did, it was for v."""
        return all(a.ballot >= b for a in quorum) and self.latest(quorum, b) in (None, v)

    def latest(self, quorum: Quorum, b: Ballot) -> Value | None:
        """What was voted for in the last ballot before b in which any of these voted."""
        votes = (a.votes[c] for c in reversed(before(b)) for a in quorum)
        return next(filter(None, votes), None)

    # -- what must hold

    @always
    def one_value_per_ballot(self, a: Acceptor, c: Acceptor, b: Ballot) -> bool:
        return None in (a.votes[b], c.votes[b]) or a.votes[b] == c.votes[b]

    @always
    def votes_are_safe(self, a: Acceptor, b: Ballot) -> bool:
        """No ballot before one with votes for a value can choose another value, now or later."""
        v = a.votes[b]
        return v is None or all(self.is_only_choice(v, c) for c in before(b))

    def is_only_choice(self, v: Value, b: Ballot) -> bool:
        """Most have voted for this value, or can no longer vote in this ballot."""
        bound = [a for a in self.acceptors if a.votes[b] == v or (a.votes[b] is None and a.ballot > b)]
        return self.is_majority(bound, Acceptor)

    @refines(lambda self: Consensus(values=self.values))
    def consensus(self, spec: Consensus, v: Value) -> None:
        if any(self.is_chosen(v, b) for b in before(self.ballots)):
            spec.chosen.add(v)

    def is_chosen(self, v: Value, b: Ballot) -> bool:
        return self.is_majority([a for a in self.acceptors if a.votes[b] == v], Acceptor)

    @sometimes
    def chooses(self, v: Value, b: Ballot) -> bool:
        return self.is_chosen(v, b)


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=Voting, breaks="votes_are_safe", steps=5)
class IgnoresEarlierVotes(Voting):
    """An acceptor does not ask what was voted for in earlier ballots."""

    def latest(self, quorum: Quorum, b: Ballot) -> Value | None:
        return None


@mutant(of=Voting, breaks="one_value_per_ballot", steps=4)
class VotesAgainstOthers(Voting):
    """An acceptor does not ask what others have voted for in the same ballot."""

    def is_unopposed(self, v: Value, b: Ballot) -> bool:
        return True


@mutant(of=Voting, breaks="votes_are_safe", steps=4)
class VotesBelowItsPromise(Voting):
    """An acceptor votes in a ballot in which it has promised not to."""

    def may_vote(self, a: Acceptor, b: Ballot) -> bool:
        return True


@mutant(of=Voting, breaks="votes_are_safe", steps=2)
class AsksTooFew(Voting):
    """An acceptor believes that a value is safe when a single one shows it."""

    def quorums(self) -> Iterable[Quorum]:
        return combinations(self.acceptors, 1)
