"""How many messages an election needs, the count of TLC, and what faults do."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import pytest

from dscheck import Message, Model, Node, Verdict, action, choose, explore, receive, require, sometimes, var
from dscheck.models.election.ring_election import Candidate, Elected, Process, RingElection


class Counted(RingElection):
    """All begin at once, and candidates are counted."""

    sent: int = var(0)

    def setup(self) -> None:
        super().setup()
        require(all(p.state == "eager" for p in self.ring))

    def begin(self, p: Process) -> None:
        require(all(q.state == "eager" for q in self.ring))
        for q in self.ring:
            self.stand(q)

    def pass_on(self, p: Process, m: Candidate | Elected) -> None:
        super().pass_on(p, m)
        self.sent += isinstance(m, Candidate)


@pytest.mark.parametrize("nodes", [2, 3, 4])
def test_how_many_messages_an_election_needs(nodes: int) -> None:
    """However they are delivered: from 2n-1 to n(n+1)/2, and on average n times the harmonic number."""
    result = explore(Counted(nodes=nodes))
    assert result.verdict is Verdict.HOLDS
    graph = result.to_networkx()
    ends = [graph.nodes[state]["variables"] for state in graph if graph.out_degree(state) == 0]
    orders = {tuple(end[f"p{i}.id"] for i in range(1, nodes + 1)) for end in ends}
    sent = [int(end["sent"]) for end in ends]
    assert len(sent) == len(orders), "every order of the ids has one end"
    assert (min(sent), max(sent)) == (2 * nodes - 1, nodes * (nodes + 1) // 2)
    assert Fraction(sum(sent), len(sent)) == nodes * sum(Fraction(1, i) for i in range(1, nodes + 1))


class Id(Message):
    id: int


class Member(Node):
    begins: bool = var(False)
    is_ready: bool = var(False)
    state: Literal["candidate", "lost", "won"] = var("lost")


class MerzRing(Model):
    """ChangRoberts.tla of Merz: the least id wins, and who does not begin only passes on."""

    def setup(self) -> None:
        self.ring = self.make(Member, 3, "m")
        for m in self.ring:
            m.begins = choose((False, True))
            m.state = "candidate" if m.begins else "lost"

    def pass_on(self, m: Member, number: int) -> None:
        m.send(self.ring[(self.ring.index(m) + 1) % 3], Id(id=number))

    @action
    def begin(self, m: Member) -> None:
        require(not m.is_ready)
        m.is_ready = True
        if m.begins:
            self.pass_on(m, self.ring.index(m))

    @receive
    def on_id(self, m: Member, received: Id) -> None:
        require(m.is_ready)
        own = self.ring.index(m)
        if m.state == "lost" or received.id < own:
            m.state = "lost"
            self.pass_on(m, received.id)
        elif received.id == own:
            m.state = "won"

    @sometimes
    def wins(self, m: Member) -> bool:
        return m.state == "won"


def test_the_count_of_tlc() -> None:
    """MCChangRoberts of tlaplus/Examples, chang_roberts: 137 states in 10 levels."""
    result = explore(MerzRing())
    assert (result.verdict, result.states, len(result.levels)) == (Verdict.HOLDS, 137, 10)


def test_a_lost_message_ends_the_election_and_elects_nobody_else() -> None:
    result = explore(RingElection(losses=1))
    assert result.trace is not None
    assert [step.label.split(" ")[0] for step in result.trace.steps] == ["begin(p3)", "lose"]
    safe = explore(RingElection(losses=2, repeats=1), deadlock=False)
    assert (safe.verdict, safe.actions["lose"] > 0) == (Verdict.HOLDS, True)
