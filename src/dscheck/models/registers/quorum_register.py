"""A register on several servers with quick reads: regular, in order for everyone, and yet not atomic.

The register of abd_register without its write-back: a reader returns the newest of what a majority holds, at
once.  So it returns the last value written before, or one that is being written (a regular register, Lamport
1986); but of two readers the later one may see the older value, while a write is under way.  A reader that
remembers what it saw never goes back, and then one writer's register is sequentially consistent.
"""

from __future__ import annotations

from typing import ClassVar

from dscheck import Count, always, lemma, linearizable, mutant, param, sequentially_consistent, var
from dscheck.checker.specifications.register import Register
from dscheck.models.registers.abd_register import (
    NOTHING,
    Ask,
    Client,
    Held,
    ReplicatedRegister,
    Server,
    Stamp,
    Store,
    Stored,
    Tell,
    Writer,
)


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

    # -- why it is regular

    @lemma
    def most_hold_what_is_written(self) -> bool:
        return self.is_majority([s for s in self.replicas if s.held.stamp.time >= self.written], Server)

    @lemma
    def most_tell_what_was_written(self, c: Client) -> bool:
        """Of what was written when it began to ask, most servers have told it, or will."""
        known = [s for s in self.replicas if self.knows(s, c, self.start_of(c))] if c.phase == "ask" else []
        return c.phase != "ask" or self.is_majority(known, Server)

    def start_of(self, c: Client) -> int:
        """How many writes were over when a client began; a writer is the only one who could add to them."""
        return c.since if isinstance(c, Reader) else self.written

    def knows(self, s: Server, c: Client, time: int) -> bool:
        """Whether a server holds what was written then, and has told the client nothing older."""
        told = [self.tell(s, c, c.turn, held) for held in self.versions() if held.stamp.time < time]
        is_told = s not in c.heard or c.newest.stamp.time >= time
        return s.held.stamp.time >= time and is_told and not any(m in self.in_flight(Tell) for m in told)

    def versions(self) -> list[Held]:
        """All that a server may ever hold."""
        turns = range(1, self.writes + 1)
        return [NOTHING, *(Held(Stamp(turn, 1), self.word(w, turn)) for w in self.authors for turn in turns)]

    def tell(self, s: Server, c: Client, turn: int, held: Held) -> Tell:
        return Tell(turn=turn, held=held, src=s, dst=c)

    @lemma
    def answers_follow_questions(self, s: Server, c: Client) -> bool:
        """Nothing in flight is about an operation that has not begun."""
        return all(
            Ask(turn=turn, src=c, dst=s) not in self.in_flight(Ask)
            and all(self.tell(s, c, turn, held) not in self.in_flight(Tell) for held in self.versions())
            for turn in range(c.turn + 1, self.turns(c) + 1)
        )

    @lemma
    def idle_is_as_at_first(self, c: Client) -> bool:
        return c.phase != "idle" or (not c.heard and c.newest == NOTHING)

    @lemma
    def counts_writes(self, w: Writer) -> bool:
        return self.written == w.turn - (w.phase != "idle")

    def latest(self, w: Writer) -> int:
        """The time of the newest version that there is."""
        return w.turn - (w.phase == "ask")

    @lemma
    def nothing_is_newer(self, w: Writer, s: Server, c: Client) -> bool:
        """What a server holds or has told is not from the future."""
        newer = [held for held in self.versions() if held.stamp.time > self.latest(w)]
        turns = range(1, c.turn + 1)
        told = (self.tell(s, c, turn, held) for held in newer for turn in turns)
        held = max(s.held.stamp.time, c.newest.stamp.time)
        return held <= self.latest(w) and not any(m in self.in_flight(Tell) for m in told)

    @lemma
    def stores_what_is_new(self, w: Writer, s: Server) -> bool:
        """A write stores its own version alone, and who has said so holds it."""
        if w.phase == "store" and w.newest != self.versions()[w.turn]:
            return False
        if s in w.heard and w.phase == "store" and s.held.stamp.time < w.turn:
            return False
        for turn, held in enumerate(self.versions()):
            for other in range(1, self.writes + 1):
                sent = Store(turn=other, held=held, src=w, dst=s) in self.in_flight(Store)
                if sent and (other != turn or turn > self.latest(w)):
                    return False
            said = Stored(turn=turn, src=s, dst=w) in self.in_flight(Stored)
            if said and (s.held.stamp.time < turn or turn > self.latest(w)):
                return False
        return True

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
