"""Two-phase commit: a transaction manager and N resource managers commit together, or abort together.

After Gray and Lamport, "Consensus on Transaction Commit" (2006).  With N resource managers there are
6^N + 4^N + 2^N states.
"""

from __future__ import annotations

from typing import Literal

from dscheck import (
    Message,
    Model,
    Node,
    action,
    always,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
)


class Prepared(Message): ...


class Commit(Message): ...


class Abort(Message): ...


class RM(Node):
    """A resource manager: it holds a part of what the transaction changes."""

    state: Literal["working", "prepared", "committed", "aborted"] = var("working")


class TM(Node):
    """The transaction manager."""

    state: Literal["init", "committed", "aborted"] = var("init")
    prepared: set[RM] = var(set())


class TransactionCommit(Model):
    """What every commit protocol looks like from outside: nobody commits while another aborts."""

    nodes: int = param(3, "resource managers", least=1)

    def setup(self) -> None:
        self.rms = self.make(RM, self.nodes, "rm")

    @action
    def prepare(self, rm: RM) -> None:
        require(rm.state == "working")
        rm.state = "prepared"

    @action
    def commit(self, rm: RM) -> None:
        require(rm.state == "prepared")
        require(all(other.state in ("prepared", "committed") for other in self.rms))
        rm.state = "committed"

    @action
    def abort(self, rm: RM) -> None:
        require(rm.state in ("working", "prepared"))
        require(all(other.state != "committed" for other in self.rms))
        rm.state = "aborted"


class TwoPhaseCommit(Model):
    """All resource managers commit, or all abort.

    The network never forgets a message: it may be read late, twice or never, as if lost or repeated.
    """

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

    @sometimes
    def all_commit(self) -> bool:
        return all(rm.state == "committed" for rm in self.rms)

    @sometimes
    def all_abort(self) -> bool:
        return all(rm.state == "aborted" for rm in self.rms)

    @refines(lambda self: TransactionCommit(nodes=self.nodes))
    def transaction_commit(self, spec: TransactionCommit, rm: RM) -> None:
        spec.rms[self.rms.index(rm)].state = rm.state


@mutant(of=TwoPhaseCommit, breaks="transaction_commit")
class CommitsOnMajority(TwoPhaseCommit):
    """The transaction manager commits as soon as most resource managers are prepared."""

    def may_commit(self, tm: TM) -> bool:
        return self.is_majority(tm.prepared, RM)
