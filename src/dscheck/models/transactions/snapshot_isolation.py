"""Snapshot isolation: a transaction reads what was there when it began, and of two writers the first wins.

After Berenson et al., "A Critique of ANSI SQL Isolation Levels" (1995), section 4.2.  The database keeps all
versions of what it holds.  No update is lost; but two transactions may each overwrite what the other one has
read (write skew, A5B), and then they are not serializable: no order of them explains what they saw.
"""

from __future__ import annotations

from itertools import permutations
from typing import ClassVar, Literal, NewType

from dscheck import Count, Model, Node, action, always, each, mutant, param, require, sometimes, var

Key = NewType("Key", str)


class Transaction(Node):
    state: Literal["new", "active", "committed", "aborted"] = var("new")
    snapshot: int = var(0)
    """How many had committed when it began."""
    saw: dict[Key, int | None] = var(each(None))
    """The version of each key that it has read: the number of the commit that wrote it; 0 is the first."""
    writes: set[Key] = var(set())


class SnapshotIsolation(Model):
    """Every transaction sees the database as it was at one moment, and no update is lost."""

    pinned: ClassVar = (
        Count({}, 2_369, 3_986),
        Count({"keys": 3}, 37_121),
        Count({"transactions": 3}, 315_425),
    )
    transactions: int = param(2, "transactions", least=2)
    keys: int = param(2, "keys", least=2)

    log: tuple[Transaction, ...] = var(())
    """Who has committed, one after the other."""

    def setup(self) -> None:
        self.names = [Key(f"k{number}") for number in range(1, self.keys + 1)]
        self.domain(Key, self.names)
        self.make(Transaction, self.transactions, "t")

    @action
    def begin(self, t: Transaction) -> None:
        require(t.state == "new")
        t.state, t.snapshot = "active", len(self.log)

    @action
    def read(self, t: Transaction, k: Key) -> None:
        """What it has written itself, a transaction need not ask for."""
        require(t.state == "active" and t.saw[k] is None and k not in t.writes)
        t.saw[k] = self.visible(t, k)

    def visible(self, t: Transaction, k: Key) -> int:
        return self.newest(k, t.snapshot)

    def newest(self, k: Key, commits: int) -> int:
        """The version of a key after so many commits."""
        return max((i for i in range(1, commits + 1) if k in self.log[i - 1].writes), default=0)

    @action
    def write(self, t: Transaction, k: Key) -> None:
        """Nobody else sees it before the commit."""
        require(t.state == "active" and k not in t.writes)
        t.writes.add(k)

    @action
    def commit(self, t: Transaction) -> None:
        require(t.state == "active")
        if self.may_commit(t):
            t.state = "committed"
            self.log += (t,)
        else:
            t.state = "aborted"

    def may_commit(self, t: Transaction) -> bool:
        """The first committer wins: nobody has written the same since this one began."""
        return all(self.newest(k, len(self.log)) <= t.snapshot for k in t.writes)

    # -- what must hold

    @always
    def reads_its_snapshot(self, t: Transaction, k: Key) -> bool:
        return t.saw[k] in (None, self.newest(k, t.snapshot))

    @always
    def no_lost_update(self, t: Transaction, k: Key) -> bool:
        """What a transaction has read and written again, nobody has written in between."""
        if t.state != "committed" or t.saw[k] is None or k not in t.writes:
            return True
        return t.saw[k] == self.newest(k, self.log.index(t))

    @sometimes
    def write_skew(self, t: Transaction, u: Transaction) -> bool:
        return t is not u and self.overwrites(t, u) and self.overwrites(u, t)

    def overwrites(self, t: Transaction, u: Transaction) -> bool:
        """Both have committed, and t has written a later version of what u has read."""
        if not t.state == u.state == "committed":
            return False
        seen = [(k, version) for k in self.names if (version := u.saw[k]) is not None]
        return any(k in t.writes and version <= self.log.index(t) for k, version in seen)


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=SnapshotIsolation, breaks="no_lost_update", steps=7)
class TheLastCommitterWins(SnapshotIsolation):
    """A transaction overwrites what others have committed since it began."""

    def may_commit(self, t: Transaction) -> bool:
        return True


@mutant(of=SnapshotIsolation, breaks="reads_its_snapshot", steps=5)
class ReadsWhatIsCommitted(SnapshotIsolation):
    """A transaction reads what is there now: it may see a later version than in its snapshot."""

    def visible(self, t: Transaction, k: Key) -> int:
        return self.newest(k, len(self.log))


@mutant(of=SnapshotIsolation, breaks="no_lost_update", steps=9, params={"transactions": 3})
class LooksAtOneCommit(SnapshotIsolation):
    """A transaction asks only whether the last one to commit has written the same."""

    def may_commit(self, t: Transaction) -> bool:
        last = len(self.log)
        return last == t.snapshot or all(self.newest(k, last) < last for k in t.writes)


@mutant(of=SnapshotIsolation, breaks="serializable", steps=8)
class PromisesTooMuch(SnapshotIsolation):
    """The same database, said to be serializable: write skew is not."""

    @always
    def serializable(self) -> bool:
        """Some order of all that have committed explains what they saw, and what is there in the end."""
        return any(self.explains(order) for order in permutations(self.log))

    def explains(self, order: tuple[Transaction, ...]) -> bool:
        there = dict.fromkeys(self.names, 0)
        for t in order:
            if any(t.saw[k] not in (None, version) for k, version in there.items()):
                return False
            there |= {k: self.log.index(t) + 1 for k in self.names if k in t.writes}
        return all(version == self.newest(k, len(self.log)) for k, version in there.items())
