"""Election on a ring: each sends to the next one only, and the one with the greatest id becomes the leader.

After Chang and Roberts, "An Improved Algorithm for Decentralized Extrema-Finding in Circular Configurations
of Processes" (1979).  Ids travel around the ring, and a process with a greater one stops them: only the
greatest comes back to its owner, which then tells the others.  Messages may overtake each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import ClassVar, Literal

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    choose,
    ends,
    mutant,
    param,
    receive,
    require,
    sometimes,
    var,
)


class Candidate(Message):
    id: int


class Elected(Message):
    id: int


class Process(Node):
    id: int = var(0)
    state: Literal["asleep", "eager", "awake"] = var("asleep")
    """An eager one will begin an election; one that is awake has heard of it."""
    leader: int | None = var(None)


class RingElection(Model):
    """Whoever begins an election, the one with the greatest id becomes the leader, and all learn that."""

    pinned: ClassVar = (
        Count({}, 138, 272),
        Count({"repeats": 1}, 458, 1_319),
        Count({"nodes": 5}, 27_042, 88_439),
    )
    nodes: int = param(3, "processes", least=2)
    losses: int = budget("lose", 0)
    repeats: int = budget("duplicate", 0)

    def setup(self) -> None:
        """Any order of the ids around the ring, and any processes that begin."""
        self.ring = self.make(Process, self.nodes, "p")
        for p, number in zip(self.ring, choose(self.orders()), strict=True):
            p.id = number
            p.state = choose(("asleep", "eager"))
        require(any(p.state == "eager" for p in self.ring))

    def orders(self) -> Iterable[tuple[int, ...]]:
        """A ring can be turned until the greatest id comes first."""
        return [(self.nodes, *others) for others in permutations(range(1, self.nodes))]

    def pass_on(self, p: Process, m: Candidate | Elected) -> None:
        p.send(self.ring[(self.ring.index(p) + 1) % self.nodes], m)

    @action
    def begin(self, p: Process) -> None:
        require(p.state == "eager")
        self.stand(p)

    def stand(self, p: Process) -> None:
        p.state = "awake"
        self.pass_on(p, Candidate(id=p.id))

    @receive
    def on_candidate(self, p: Process, m: Candidate) -> None:
        if m.id > p.id:
            p.state = "awake"
            self.pass_on(p, m)
        elif m.id < p.id:
            self.stop(p, m)
        else:
            p.leader = p.id
            self.pass_on(p, Elected(id=p.id))

    def stop(self, p: Process, m: Candidate) -> None:
        """Stand in place of a lesser candidate, if not done already."""
        if p.state != "awake":
            self.stand(p)

    @receive
    def on_elected(self, p: Process, m: Elected) -> None:
        if p.leader != m.id:
            p.leader = m.id
            self.pass_on(p, m)

    # -- what must hold

    @always
    def greatest_leads(self, p: Process) -> bool:
        return p.leader in (None, self.nodes)

    @always
    def one_leader(self, a: Process, b: Process) -> bool:
        return a is b or not (a.leader == a.id and b.leader == b.id)

    @ends
    def all_know(self, p: Process) -> bool:
        """Where nothing is left to do, everybody knows the leader."""
        return p.leader is not None

    @sometimes
    def elects(self, p: Process) -> bool:
        return p.leader == p.id


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=RingElection, breaks="greatest_leads", steps=4)
class PassesAllOn(RingElection):
    """A process stops no id: every candidate hears of itself again."""

    def stop(self, p: Process, m: Candidate) -> None:
        super().stop(p, m)
        self.pass_on(p, m)


@mutant(of=RingElection, breaks="greatest_leads", steps=2)
class BeatsOneOther(RingElection):
    """A process believes that it leads as soon as it has stopped one other candidate."""

    def stop(self, p: Process, m: Candidate) -> None:
        super().stop(p, m)
        p.leader = p.id


@mutant(of=RingElection, breaks="deadlock", steps=2)
class SleepsOn(RingElection):
    """A process stops lesser candidates, but does not stand itself."""

    def stop(self, p: Process, m: Candidate) -> None: ...


@mutant(of=RingElection, breaks="one_leader", steps=4)
class HasTwins(RingElection):
    """Two processes have the greatest id, and each believes that it is the one."""

    def orders(self) -> Iterable[tuple[int, ...]]:
        return [(self.nodes, *range(1, self.nodes - 1), self.nodes)]
