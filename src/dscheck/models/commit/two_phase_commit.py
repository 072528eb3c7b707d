"""Two-phase commit: a transaction manager and N resource managers commit together, or abort together.

After Gray and Lamport, "Consensus on Transaction Commit" (2006).  With N resource managers there are
6^N + 4^N + 2^N states.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    lemma,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
)

Fate = Literal["working", "prepared", "committed", "aborted"]


class Prepared(Message): ...


class Commit(Message): ...


class Abort(Message): ...


class Participant(Node):
    """One who takes part in a transaction."""


class TransactionCommit(Model):
    """What every commit protocol looks like from outside: nobody commits while another aborts."""

    pinned: ClassVar = (Count({"nodes": 2}, 12), Count({"nodes": 3}, 34))
    nodes: int = param(3, "participants", least=1)

    # Sets, not a state for each participant: whether anybody has aborted is then one observation.
    working: set[Participant] = var(set())
    prepared: set[Participant] = var(set())
    committed: set[Participant] = var(set())
    aborted: set[Participant] = var(set())

    def setup(self) -> None:
        self.participants = self.make(Participant, self.nodes, "p")
        self.working = set(self.participants)

    def place(self, state: Fate, position: int) -> None:
        """Where a refinement has a participant."""
        sets = {"prepared": self.prepared, "committed": self.committed, "aborted": self.aborted}
        sets.get(state, self.working).add(self.participants[position])

    @action
    def prepare(self, p: Participant) -> None:
        require(p in self.working)
        self.working.remove(p)
        self.prepared.add(p)

    @action
    def commit(self, p: Participant) -> None:
        require(p in self.prepared and not self.working and not self.aborted)
        self.prepared.remove(p)
        self.committed.add(p)

    @action
    def abort(self, p: Participant) -> None:
        require(p not in self.aborted and not self.committed)
        self.working.discard(p)
        self.prepared.discard(p)
        self.aborted.add(p)


class RM(Node):
    """A resource manager: it holds a part of what the transaction changes."""

    state: Fate = var("working")


class TM(Node):
    """The transaction manager."""

    state: Literal["init", "committed", "aborted"] = var("init")
    prepared: set[RM] = var(set())


class TwoPhaseCommit(Model):
    """All resource managers commit, or all abort.

    The network never forgets a message: it may be read late, twice or never, as if lost or repeated.
    """

    pinned: ClassVar = (Count({}, 288, 1_145), Count({"nodes": 5}, 8_832), Count({"nodes": 6}, 50_816))
    network = "persistent"
    nodes: int = param(3, "resource managers", least=1)

    def setup(self) -> None:
        self.rms = self.make(RM, self.nodes, "rm")
        [self.tm] = self.make(TM, 1, "tm")

    # -- resource managers

    @action
    def prepare(self, rm: RM) -> None:
        require(rm.state == "working")
        rm.state = "prepared"
        rm.send(self.tm, Prepared())

    @action
    def give_up(self, rm: RM) -> None:
        require(rm.state == "working")
        rm.state = "aborted"

    @receive
    def on_commit(self, rm: RM, m: Commit) -> None:
        rm.state = "committed"

    @receive
    def on_abort(self, rm: RM, m: Abort) -> None:
        rm.state = "aborted"

    # -- the transaction manager

    @receive
    def on_prepared(self, tm: TM, m: Prepared) -> None:
        require(tm.state == "init")
        tm.prepared.add(m.src)

    @action
    def commit(self, tm: TM) -> None:
        require(tm.state == "init" and self.may_commit(tm))
        tm.state = "committed"
        for rm in self.rms:
            tm.send(rm, Commit())

    def may_commit(self, tm: TM) -> bool:
        return tm.prepared == set(self.rms)

    @action
    def abort(self, tm: TM) -> None:
        require(tm.state == "init")
        tm.state = "aborted"
        for rm in self.rms:
            tm.send(rm, Abort())

    # -- what must hold

    @always
    def consistent(self, a: RM, b: RM) -> bool:
        return not (a.state == "committed" and b.state == "aborted")

    # -- why it holds

    @lemma
    def decision_is_final(self, tm: TM, rm: RM) -> bool:
        """Only one of the two decisions is ever sent."""
        commits, aborts = (kind(src=tm, dst=rm) in self.in_flight(kind) for kind in (Commit, Abort))
        return (not commits or tm.state == "committed") and (not aborts or tm.state == "aborted")

    @lemma
    def commits_by_decision(self, tm: TM, rm: RM) -> bool:
        return rm.state != "committed" or tm.state == "committed"

    @lemma
    def word_is_kept(self, tm: TM, rm: RM) -> bool:
        """Who has said that it is prepared stays so, until it hears of the decision."""
        said = Prepared(src=rm, dst=tm) in self.in_flight(Prepared)
        return not said or rm.state == "prepared" or rm.state == tm.state

    @lemma
    def heard_is_said(self, tm: TM, rm: RM) -> bool:
        return rm not in tm.prepared or Prepared(src=rm, dst=tm) in self.in_flight(Prepared)

    @lemma
    def commits_with_all(self, tm: TM, rm: RM) -> bool:
        return tm.state != "committed" or rm in tm.prepared

    @sometimes
    def all_commit(self) -> bool:
        return all(rm.state == "committed" for rm in self.rms)

    @sometimes
    def all_abort(self) -> bool:
        return all(rm.state == "aborted" for rm in self.rms)

    @refines(lambda self: TransactionCommit(nodes=self.nodes))
    def transaction_commit(self, spec: TransactionCommit, rm: RM) -> None:
        spec.place(rm.state, self.rms.index(rm))


@mutant(of=TwoPhaseCommit, breaks="transaction_commit", steps=6)
class CommitsOnMajority(TwoPhaseCommit):
    """The transaction manager commits as soon as most resource managers are prepared."""

    def may_commit(self, tm: TM) -> bool:
        return self.is_majority(tm.prepared, RM)
