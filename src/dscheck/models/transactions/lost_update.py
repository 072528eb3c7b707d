"""Clients count together in a store: each reads a number, adds one, and writes it back.

Where two read before either writes, both write the same number, and one update is lost (P4 of Berenson et
al., "A Critique of ANSI SQL Isolation Levels", 1995).  There are three cures: the store refuses a write if
the number has another version than was read; or another value; or a client locks it when it reads.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from dscheck import (
    Count,
    Model,
    ModelError,
    Node,
    action,
    always,
    budget,
    durable,
    ends,
    lemma,
    mutant,
    param,
    require,
    sometimes,
    var,
    volatile,
)


class Seen(NamedTuple):
    """What a client has read."""

    value: int
    version: int


KEEPS = "what keeps updates from being lost: version, value or lock"


class Client(Node):
    counted: int = durable(0)
    """How often its write was taken."""
    seen: Seen | None = volatile(None)


class LostUpdate(Model):
    """The number is how often all have counted, and everybody gets to count.

    There are no messages: each step asks the store once.  A client may crash, if it does not hold the lock.
    """

    pinned: ClassVar = (
        Count({}, 41, 64),
        Count({"strategy": "value"}, 41, 64),
        Count({"strategy": "lock", "clients": 3}, 81, 108),
        Count({"clients": 3}, 485, 1_140),
    )
    strategy: str = param("version", KEEPS)
    clients: int = param(2, "clients", least=1)
    updates: int = param(2, "how often each counts", least=1)
    crashes: int = budget("crash", 0)

    value: int = var(0)
    version: int = var(0)
    holder: Client | None = var(None)
    """Who has locked the number."""

    def setup(self) -> None:
        if self.strategy not in ("version", "value", "lock"):
            raise ModelError(f"strategy={self.strategy!r}; write version, value or lock")
        self.make(Client, self.clients, "c")

    @action
    def read(self, c: Client) -> None:
        require(c.seen is None and c.counted < self.updates)
        if self.strategy == "lock":
            self.lock(c)
        c.seen = Seen(self.value, self.version)

    def lock(self, c: Client) -> None:
        """Until the write, as SELECT FOR UPDATE does."""
        require(self.holder is None)
        self.holder = c

    @action
    def write(self, c: Client) -> None:
        seen = self.seen_by(c)
        if self.admits(seen):
            c.counted += 1
            self.value, self.version = seen.value + 1, self.version + 1
            c.seen = self.holder = None
        else:
            self.begin_again(c)

    def seen_by(self, c: Client) -> Seen:
        """What a client has read; if there is nothing, it must wait."""
        require(c.seen is not None)
        assert c.seen is not None
        return c.seen

    def admits(self, seen: Seen) -> bool:
        """Whether nobody has written since."""
        match self.strategy:
            case "version":
                return seen.version == self.version
            case "value":
                return seen.value == self.value  # changed and changed back is as good as not changed
        return True

    def begin_again(self, c: Client) -> None:
        c.seen = None

    # -- what must hold

    @always
    def no_lost_update(self) -> bool:
        return self.value == sum(c.counted for c in self.all(Client))

    # -- why it holds

    @lemma
    def reads_to_count(self, c: Client) -> bool:
        """Else numbers would grow without end."""
        return c.seen is None or c.counted < self.updates

    @lemma
    def versions_count_as_well(self) -> bool:
        """So an equal version means an equal value."""
        return self.version == self.value

    @lemma
    def saw_both_at_once(self, c: Client) -> bool:
        return c.seen is None or c.seen.version == c.seen.value

    @lemma
    def lock_keeps_the_value(self, c: Client) -> bool:
        """Where a lock is what keeps others from writing."""
        waits = self.strategy == "lock" and c.seen is not None
        return not waits or (self.holder is c and c.seen is not None and c.seen.value == self.value)

    @ends
    def all_done(self, c: Client) -> bool:
        """Where nothing is left to do, everybody has counted as often as it wanted."""
        return c.counted == self.updates

    @sometimes
    def all_counted(self) -> bool:
        return self.value == self.clients * self.updates


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=LostUpdate, breaks="no_lost_update", steps=4)
class TakesEveryWrite(LostUpdate):
    """The store does not ask what has changed since the read."""

    def admits(self, seen: Seen) -> bool:
        return True


@mutant(of=LostUpdate, breaks="no_lost_update", steps=5)
class RepeatsTheWrite(LostUpdate):
    """A client that is refused asks for the new version, but not for the new value."""

    def begin_again(self, c: Client) -> None:
        c.seen = Seen(self.seen_by(c).value, self.version)


@mutant(of=LostUpdate, breaks="no_lost_update", steps=6)
class ChecksThenWrites(LostUpdate):
    """The store looks at the version in one step, and writes in another."""

    checked: set[Client] = var(set())

    @action
    def check(self, c: Client) -> None:
        require(c not in self.checked)
        if super().admits(self.seen_by(c)):
            self.checked.add(c)
        else:
            self.begin_again(c)

    def admits(self, seen: Seen) -> bool:
        return True

    def write(self, c: Client) -> None:
        require(c in self.checked)
        self.checked.discard(c)
        super().write(c)


@mutant(of=LostUpdate, breaks="no_lost_update", steps=4)
class UnlocksInBetween(LostUpdate):
    """A client has the lock while it reads and while it writes, but not from the one to the other."""

    strategy: str = param("lock", KEEPS)

    def lock(self, c: Client) -> None:
        require(self.holder is None)
