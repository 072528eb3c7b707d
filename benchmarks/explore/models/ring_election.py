"""Leader election on a ring: the highest identity comes all the way round.

After Chang and Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations
of processes" (1979).  The identities fall in the direction in which messages travel: then there are most.
"""

from __future__ import annotations

from dscheck import Message, Model, Node, action, always, param, receive, require, sometimes, var


class Bid(Message):
    who: Station


class Elected(Message):
    who: Station


class Station(Node):
    """Its identity is its place in the order of stations."""

    takes_part: bool = var(False)
    leader: Station | None = var(None)


class RingElection(Model):
    """Anyone may call an election at any time; links keep the order of messages."""

    network = "fifo"
    nodes: int = param(3, "stations", least=2)

    def setup(self) -> None:
        self.ring = self.make(Station, self.nodes, "s")

    def pass_on(self, s: Station, m: Message) -> None:
        s.send(self.ring[self.ring.index(s) - 1], m)

    @action
    def call_election(self, s: Station) -> None:
        require(not s.takes_part)
        s.takes_part = True
        self.pass_on(s, Bid(who=s))

    @receive
    def on_bid(self, s: Station, m: Bid) -> None:
        if m.who is s:
            s.leader = s
            self.pass_on(s, Elected(who=s))
        elif m.who > s:
            s.takes_part = True
            self.pass_on(s, Bid(who=m.who))
        elif not s.takes_part:
            s.takes_part = True
            self.pass_on(s, Bid(who=s))

    @receive
    def on_elected(self, s: Station, m: Elected) -> None:
        if m.who is not s:
            s.leader = m.who
            self.pass_on(s, Elected(who=m.who))

    @always
    def one_leader(self, a: Station, b: Station) -> bool:
        return a.leader is None or b.leader is None or a.leader is b.leader

    @sometimes
    def elects(self, s: Station) -> bool:
        return s.leader is s
