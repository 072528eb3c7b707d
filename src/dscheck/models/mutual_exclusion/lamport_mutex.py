"""Lamport's algorithm: processes that only send messages enter a critical section in the order of timestamps.

After Lamport, "Time, Clocks, and the Ordering of Events in a Distributed System" (1978), in the form of
LamportMutex.tla (Merz).  Who wants to enter tells all others when it asked, by its logical clock, and waits
until all have replied and it knows of no earlier request.  Channels keep the order of their messages.
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
    each,
    ends,
    mutant,
    param,
    receive,
    require,
    sometimes,
    var,
)


class Request(Message):
    time: int


class Reply(Message): ...


class Release(Message): ...


class Process(Node):
    clock: int = var(1)
    asked: int = var(0)
    """How often it has wanted to enter."""
    requests: dict[Process, int] = var(each(0))
    """When each process asked, as far as this one knows; 0: it does not want to enter."""
    replies: set[Process] = var(set())
    """Who has replied to its own request."""
    is_critical: bool = var(False)


class LamportMutex(Model):
    """Never two processes are in the critical section, and all enter, in the order of their requests."""

    pinned: ClassVar = (
        Count({}, 392, 583),
        Count({"turns": 3}, 1_492, 2_325),
        Count({"nodes": 3, "turns": 1}, 20_000, 55_331),
    )
    network: ClassVar[Literal["fifo", "set"]] = "fifo"
    nodes: int = param(2, "processes", least=2)
    turns: int = param(2, "how often each wants to enter", least=1)

    def setup(self) -> None:
        self.make(Process, self.nodes, "p")

    @action
    def ask(self, p: Process) -> None:
        require(not p.requests[p] and p.asked < self.turns)
        p.asked += 1
        p.requests[p] = p.clock
        p.broadcast(Request(time=p.clock))

    @receive
    def on_request(self, p: Process, m: Request) -> None:
        p.requests[m.src] = m.time
        self.advance(p, m.time)
        p.reply(m, Reply())

    def advance(self, p: Process, time: int) -> None:
        """What follows a message is later than the message."""
        p.clock = max(p.clock, time) + 1

    @receive
    def on_reply(self, p: Process, m: Reply) -> None:
        p.replies.add(m.src)

    @action
    def enter(self, p: Process) -> None:
        require(p.requests[p] and not p.is_critical)
        require(self.has_heard_enough(p) and all(self.precedes(p, q) for q in p.peers))
        p.is_critical = True

    def has_heard_enough(self, p: Process) -> bool:
        """All others have replied: whatever they asked for before, this process knows of."""
        return len(p.replies) == len(p.peers)

    def precedes(self, p: Process, q: Process) -> bool:
        """For all that p knows, its request is earlier; of two at one time, that of the first process is."""
        return not p.requests[q] or (p.requests[p], p) < (p.requests[q], q)

    @action
    def leave(self, p: Process) -> None:
        require(p.is_critical)
        p.is_critical = False
        p.requests[p], p.replies = 0, set()
        p.broadcast(Release())

    @receive
    def on_release(self, p: Process, m: Release) -> None:
        p.requests[m.src] = 0

    # -- what must hold

    @always
    def mutual_exclusion(self, p: Process, q: Process) -> bool:
        return p is q or not (p.is_critical and q.is_critical)

    @always
    def first_come_first_served(self, p: Process, q: Process) -> bool:
        """Nobody enters while an earlier request waits."""
        if p is q or q.is_critical or not (p.is_critical and q.requests[q]):
            return True
        return (p.requests[p], p) < (q.requests[q], q)

    @ends
    def all_served(self, p: Process) -> bool:
        """Where nothing is left to do, everybody has been in as often as it wanted."""
        return p.asked == self.turns and not p.requests[p]

    @sometimes
    def asks_at_the_same_time(self, p: Process, q: Process) -> bool:
        return p is not q and p.is_critical and p.requests[p] == q.requests[q]


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=LamportMutex, breaks="first_come_first_served", steps=5)
class TakesAnyOrder(LamportMutex):
    """Channels do not keep the order of messages: a reply overtakes a request, or a request a release."""

    network = "set"


@mutant(of=LamportMutex, breaks="first_come_first_served", steps=3)
class DoesNotWait(LamportMutex):
    """A process enters as soon as no earlier request is known to it."""

    def has_heard_enough(self, p: Process) -> bool:
        return True


@mutant(of=LamportMutex, breaks="first_come_first_served", steps=5)
class IgnoresOthersClocks(LamportMutex):
    """A process does not put its clock forward when it hears of a later time."""

    def advance(self, p: Process, time: int) -> None: ...


@mutant(of=LamportMutex, breaks="first_come_first_served", steps=6)
class BothWinTies(LamportMutex):
    """Of two requests with one timestamp, each thinks that its own is the earlier one."""

    def precedes(self, p: Process, q: Process) -> bool:
        return not p.requests[q] or p.requests[p] <= p.requests[q]


@mutant(of=LamportMutex, breaks="mutual_exclusion", steps=9)
class ReleasesTooEarly(LamportMutex):
    """A process tells the others that it is done as soon as it enters."""

    def enter(self, p: Process) -> None:
        super().enter(p)
        p.broadcast(Release())


@mutant(of=LamportMutex, breaks="deadlock", steps=6)
class NobodyWinsTies(LamportMutex):
    """Of two requests with one timestamp, each waits for the other."""

    def precedes(self, p: Process, q: Process) -> bool:
        return not p.requests[q] or p.requests[p] < p.requests[q]
