"""A lock whose leases run out, and a storage that looks at tokens: a client that is paused does no harm.

A lease is a lock with an end, so that a client that crashes does not keep it for ever (Gray and Cheriton
1989).  But a client that was paused, by its garbage collector or by the network, may go on after the end.
So every lease has a token, greater than all before, and the storage refuses tokens lower than one that it
has seen (Kleppmann, "How to do distributed locking", 2016).
"""

from __future__ import annotations

from typing import ClassVar

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    durable,
    mutant,
    param,
    receive,
    require,
    sometimes,
    volatile,
)


class Acquire(Message): ...


class Lease(Message):
    token: int


class Read(Message):
    token: int


class Value(Message):
    token: int  # of the read that is answered
    value: int


class Write(Message):
    token: int
    value: int


class Client(Node):
    """One who adds one to the number in the storage: it takes the lock, reads, and writes."""

    token: int | None = volatile(None)
    """That of the lease which it believes to hold."""


class LockService(Node):
    token: int = durable(0)
    """That of the last lease."""
    holder: Client | None = volatile(None)
    """Forgotten in a crash, as if its lease were over."""


class Storage(Node):
    value: int = durable(0)
    fence: int = durable(0)
    """The highest token that it has seen."""
    writes: int = durable(0)
    """History: how many it has accepted."""


class LeaseLock(Model):
    """Clients count together in a storage, each under a lease: no update is lost, however late a client is.

    There are no clocks: a lease may end at any moment, and a client or a message may be late for any time.
    """

    pinned: ClassVar = (Count({"leases": 1}, 208), Count({}, 2_912, 16_684), Count({"leases": 3}, 39_996))
    clients: int = param(2, "clients", least=1)
    leases: int = param(2, "leases that are handed out", least=1)
    crashes: int = budget("crash", 1)

    lock_class: ClassVar[type[LockService]] = LockService

    def setup(self) -> None:
        self.make(Client, self.clients, "c")
        [self.lock] = self.make(self.lock_class, 1, "lock")
        [self.storage] = self.make(Storage, 1, "storage")

    # -- clients

    @action
    def acquire(self, c: Client) -> None:
        """Ask for a lease, also if nothing has come of the last one."""
        c.token = None
        c.send(self.lock, Acquire())

    @receive
    def on_lease(self, c: Client, m: Lease) -> None:
        c.token = m.token
        c.send(self.storage, Read(token=m.token))

    @receive
    def on_value(self, c: Client, m: Value) -> None:
        require(m.token == c.token)
        c.token = None
        c.send(self.storage, Write(token=m.token, value=m.value + 1))

    # -- the lock service

    @receive
    def on_acquire(self, lock: LockService, m: Acquire) -> None:
        require(lock.holder is None and lock.token < self.leases)
        lock.token += 1
        lock.holder = m.src
        lock.reply(m, Lease(token=lock.token))

    @action
    def expire(self, lock: LockService) -> None:
        """The holder may be done, dead, or only paused."""
        require(lock.holder is not None)
        lock.holder = None

    # -- the storage

    @receive
    def on_read(self, s: Storage, m: Read) -> None:
        if self.admits(s, m.token):
            s.reply(m, Value(token=m.token, value=s.value))

    @receive
    def on_write(self, s: Storage, m: Write) -> None:
        if self.admits(s, m.token):
            s.value, s.writes = m.value, s.writes + 1

    def admits(self, s: Storage, token: int) -> bool:
        """Refuse a client whose lease is older than one under which another has been here."""
        if token < s.fence:
            return False
        s.fence = token
        return True

    # -- what must hold

    @always
    def no_lost_update(self, s: Storage) -> bool:
        return s.value == s.writes

    @sometimes
    def all_count(self, s: Storage) -> bool:
        return s.value == self.leases


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=LeaseLock, breaks="no_lost_update", steps=13)
class IgnoresTokens(LeaseLock):
    """The storage admits everybody."""

    def admits(self, s: Storage, token: int) -> bool:
        return True


@mutant(of=LeaseLock, breaks="no_lost_update", steps=13)
class FencesWritesOnly(LeaseLock):
    """The storage looks at the tokens of writes alone: an older one may follow a newer read."""

    def on_read(self, s: Storage, m: Read) -> None:
        s.reply(m, Value(token=m.token, value=s.value))


class ForgetfulLockService(LockService):
    """One that counts its leases in memory."""

    token: int = volatile(0)


@mutant(of=LeaseLock, breaks="no_lost_update", steps=13)
class UsesTokensAgain(LeaseLock):
    """The lock service counts anew after a crash."""

    lock_class = ForgetfulLockService


@mutant(of=LeaseLock, breaks="mutual_exclusion", steps=7)
class PromisesTooMuch(LeaseLock):
    """The same lock, said to exclude others: two clients may believe that they hold it."""

    @always
    def mutual_exclusion(self, a: Client, b: Client) -> bool:
        return a is b or a.token is None or b.token is None
