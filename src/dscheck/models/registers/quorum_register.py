"""A register on several servers with quick reads: regular, in order for everyone, and yet not atomic.

The register of abd_register without its write-back: a reader returns the newest of what a majority holds, at
once.  So it returns the last value written before, or one that is being written (a regular register, Lamport
1986); but of two readers the later one may see the older value, while a write is under way.  A reader that
remembers what it saw never goes back, and then one writer's register is sequentially consistent.
"""

from __future__ import annotations

from typing import ClassVar

from dscheck import Count, always, linearizable, mutant, param, sequentially_consistent, var
from dscheck.checker.specifications.register import Register
from dscheck.models.registers.abd_register import NOTHING, Client, Held, ReplicatedRegister, Writer


class Reader(Client):
    """One who remembers the newest value that it has seen."""

    seen: Held = var(NOTHING)
    since: int = var(0)
    """How many writes were over when it began to read."""


class QuorumRegister(ReplicatedRegister):
    """One writer and readers that ask a majority once."""

    pinned: ClassVar = (
        Count({"servers": 2}, 641, 1_654),
        Count({"reads": 1}, 17_082, 66_960),
        Count({}, 252_072, 1_065_924),
    )
    reader = Reader
    writers: int = param(1, "clients that write", least=0, most=1)
    reads: int = param(2, "operations of each reader", least=1)
    written: int = var(0)
    """How many writes are over."""

    def begin(self, c: Client) -> None:
        super().begin(c)
        if isinstance(c, Reader):
            c.since = self.written

    def decide(self, c: Client) -> None:
        if isinstance(c, Reader):
            c.newest = c.seen = self.newest(c)
            self.finish(c)
        else:
            super().decide(c)

    def newest(self, r: Reader) -> Held:
        """What a reader returns."""
        return max(r.seen, r.newest)

    def finish(self, c: Client) -> None:
        super().finish(c)
        if isinstance(c, Writer):
            self.written += 1

    @always
    def regular(self, r: Reader) -> bool:
        """A read returns the last value written before it, or one that is being written."""
        return r.phase != "idle" or r.seen.stamp.time >= r.since

    @sequentially_consistent(Register())
    def in_order(self) -> None:
        """All operations have one order, which is that of each client for its own."""


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=QuorumRegister, breaks="in_order", steps=16)
class ForgetsWhatItSaw(QuorumRegister):
    """A reader returns the newest of what it was told, even if it has returned a newer one before."""

    def newest(self, r: Reader) -> Held:
        return r.newest


@mutant(of=QuorumRegister, breaks="regular", steps=12)
class AsksOne(QuorumRegister):
    """A reader is content with the answer of one server."""

    def is_enough(self, c: Client) -> bool:
        return isinstance(c, Reader) or super().is_enough(c)


@mutant(of=QuorumRegister, breaks="atomic", steps=16)
class PromisesTooMuch(QuorumRegister):
    """The same register, said to be linearizable: of two readers the later one may see the older value."""

    readers: int = param(2, "clients that read", least=0)
    reads: int = param(1, "operations of each reader", least=1)

    @linearizable(Register())
    def atomic(self) -> None:
        """Every operation takes effect at one moment between its invocation and its response."""
