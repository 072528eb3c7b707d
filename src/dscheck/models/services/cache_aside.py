"""A cache beside a database: readers fill it, writers empty it, and leases keep old values out.

A reader that misses fetches the value from the database and fills the cache.  If a write comes in between,
what it fills in is already old, and stays: the writer has emptied the cache before.  So the cache gives a
lease to a reader that misses, takes it back when it is emptied, and ignores who has none (Nishtala et al.,
"Scaling Memcache at Facebook", NSDI 2013, section 3.2.1).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from dscheck import (
    Count,
    Model,
    Node,
    action,
    always,
    budget,
    mutant,
    param,
    require,
    sometimes,
    var,
    volatile,
)


class Reader(Node):
    """One who wants to know the value.  It begins with a miss, for a hit changes nothing."""

    missed: bool = var(False)
    fetched: str | None = var(None)


class Writer(Node):
    """One who changes the value, once."""

    phase: Literal["ready", "writing", "done"] = var("ready")


class CacheAside(Model):
    """When no write is under way, the cache holds what the database holds, or nothing.

    There are no messages: each step asks the database or the cache once, and who waits for an answer cannot
    tell a late message from a late step.
    """

    pinned: ClassVar = (
        Count({"readers": 1}, 114, 294),
        Count({}, 758, 2_707),
        Count({"readers": 3, "writers": 3}, 29_974),
    )
    readers: int = param(2, "clients that read", least=1)
    writers: int = param(2, "clients that write, once each", least=1)
    writer: ClassVar[type[Writer]] = Writer

    database: str = var("old")
    cached: str | None = var(None)
    lease: Reader | None = var(None)
    """Who may fill the cache: one at a time, so that not all who miss rush to the database."""

    def setup(self) -> None:
        self.make(Reader, self.readers, "r")
        self.make(self.writer, self.writers, "w")

    # -- readers

    @action
    def miss(self, r: Reader) -> None:
        require(not r.missed and self.cached is None and self.lease is None)
        r.missed = True
        self.lease = r

    @action
    def fetch(self, r: Reader) -> None:
        require(r.missed and r.fetched is None)
        r.fetched = self.database

    @action
    def fill(self, r: Reader) -> None:
        require(r.fetched is not None)
        if self.may_fill(r):
            self.cached, self.lease = r.fetched, None
        r.missed, r.fetched = False, None

    def may_fill(self, r: Reader) -> bool:
        return self.lease is r

    # -- writers

    @action
    def begin(self, w: Writer) -> None:
        require(w.phase == "ready")
        w.phase = "writing"
        self.write(w)

    @action
    def finish(self, w: Writer) -> None:
        require(w.phase == "writing")
        w.phase = "done"
        self.invalidate(w)

    def write(self, w: Writer) -> None:
        self.database = w.name

    def invalidate(self, w: Writer) -> None:
        self.cached = self.lease = None

    # -- the cache

    @action
    def forget(self) -> None:
        """The cache needs the room for something else; or a reader is so slow that its lease has run out."""
        require(self.cached is not None or self.lease is not None)
        self.cached = self.lease = None

    # -- what must hold

    @always
    def coherent(self) -> bool:
        is_written = any(w.phase == "writing" for w in self.all(Writer))
        return self.cached in (None, self.database) or is_written

    @sometimes
    def caches_what_was_written(self, w: Writer) -> bool:
        return w.phase == "done" and self.cached == w.name


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=CacheAside, breaks="coherent", steps=5)
class FillsWithoutLease(CacheAside):
    """The cache takes every value: the pattern as it was before leases."""

    def may_fill(self, r: Reader) -> bool:
        return True


@mutant(of=CacheAside, breaks="coherent", steps=5)
class KeepsTheLease(CacheAside):
    """A lease stays good while the cache is emptied."""

    def invalidate(self, w: Writer) -> None:
        self.cached = None


@mutant(of=CacheAside, breaks="coherent", steps=5)
class InvalidatesFirst(CacheAside):
    """A writer empties the cache and then writes: in between, a reader fills in the old value."""

    def write(self, w: Writer) -> None:
        super().invalidate(w)

    def invalidate(self, w: Writer) -> None:
        super().write(w)


@mutant(of=CacheAside, breaks="coherent", steps=4)
class UpdatesTheCache(CacheAside):
    """A writer does not empty the cache but fills it: two may do so in another order than they wrote."""

    def invalidate(self, w: Writer) -> None:
        self.cached, self.lease = w.name, None


class MortalWriter(Writer):
    """One who does not remember after a crash what it had begun."""

    phase: Literal["ready", "writing", "done"] = volatile("ready")


@mutant(of=CacheAside, breaks="coherent", steps=5)
class LosesAWriter(CacheAside):
    """A writer crashes before it empties the cache; the paper also does so from the database log (4.1)."""

    writer = MortalWriter
    crashes: int = budget("crash", 1)
