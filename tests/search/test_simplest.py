"""Of the shortest counterexamples one with few nodes and messages is shown, one node after the other."""

from __future__ import annotations

import pytest

from dscheck import Message, Model, Node, action, always, explore, param, receive, replay, require, var
from dscheck.checker.rules.system import System
from dscheck.checker.search.simplest import actors
from dscheck.checker.traces.trace import Trace
from dscheck.models.consensus.raft import Raft, VotesTwice


class Note(Message):
    text: str


class Peer(Node):
    done: int = var(0)
    heard: int = var(0)


class Chatty(Model):
    """Two steps break the promise, by one peer or by two; one kind of step sends a note to everybody."""

    peers: int = param(3, "peers", least=1)

    def setup(self) -> None:
        self.make(Peer, self.peers, "p")

    @action
    def act_aloud(self, p: Peer) -> None:
        p.done += 1
        p.broadcast(Note(text="done"))

    @action
    def act_quietly(self, p: Peer) -> None:
        p.done += 1

    @receive
    def on_note(self, p: Peer, m: Note) -> None:
        p.heard += 1

    @always
    def at_most_one(self) -> bool:
        return sum(p.done for p in self.all(Peer)) < 2


class TogetherOnly(Chatty):
    """Now it needs two peers, and one who has heard of it."""

    def act_aloud(self, p: Peer) -> None:
        require(not p.done)
        super().act_aloud(p)

    act_quietly = None  # type: ignore[assignment]

    @always
    def at_most_one(self) -> bool:
        return sum(p.done and p.heard for p in self.all(Peer)) < 2


def trace_of(model: Model) -> Trace:
    result = explore(model)
    assert result.trace is not None
    again = replay(result.to_json(), model)
    assert (again.finding, again.obstacle, again.differences) == (result.finding, None, ())
    return result.trace


@pytest.mark.parametrize("peers", [1, 3])
def test_one_node_is_enough(peers: int) -> None:
    steps = trace_of(Chatty(peers=peers)).steps
    assert len({step.actor for step in steps}) == 1
    assert len(steps) == 2


def test_what_one_node_does_stands_together() -> None:
    steps = trace_of(TogetherOnly()).steps
    assert [step.actor for step in steps] in (["p1", "p2", "p2", "p1"], ["p1", "p2", "p1", "p2"])
    assert {step.actor for step in steps} == {"p1", "p2"}, "the third has nothing to do with it"


class EitherWay(Model):
    """The first step in the engine's order sends three messages, another as good sends one."""

    def setup(self) -> None:
        self.make(Peer, 4, "p")

    @action
    def a_loud_start(self, p: Peer) -> None:
        require(not any(peer.done for peer in self.all(Peer)))
        p.done = 1
        p.broadcast(Note(text="loud"))

    @receive
    def on_note(self, p: Peer, m: Note) -> None:
        p.heard = 1
        if m.text == "loud":
            p.reply(m, Note(text="thanks"))
        else:
            p.done = 2

    @always
    def nobody_is_done(self, p: Peer) -> bool:
        return p.done < 2


def test_no_more_messages_than_it_takes() -> None:
    steps = trace_of(EitherWay()).steps
    assert [step.name for step in steps] == ["a_loud_start", "on_note", "on_note"]
    assert [len(step.sent) for step in steps] == [3, 1, 0]


def test_the_length_and_the_finding_stay_what_they_were() -> None:
    plain = explore(VotesTwice(), depth=8)
    assert plain.finding is not None
    assert plain.trace is not None
    assert (plain.finding.name, len(plain.trace.steps)) == ("election_safety", 8)
    assert {step.actor for step in plain.trace.steps} == {"s1", "s2"}, "two of three servers are enough"


def test_traces_do_not_depend_on_the_number_of_workers() -> None:
    one, two = (explore(VotesTwice(), workers=workers).to_json() for workers in (1, 2))
    assert one["trace"] == two["trace"]


def test_a_part_of_a_model_has_only_the_steps_that_are_allowed() -> None:
    model = Raft(nodes=3)
    few = set(model.layout.nodes[:2])
    part = System(model, only=lambda instance: actors(instance) <= few)
    steps = [instance for instance in part.instances if instance.kind in ("action", "fault")]
    assert steps
    assert all(actors(instance) <= few for instance in steps)
    promises = {instance.label() for instance in part.instances if instance.kind == "always"}
    assert "election_safety(s1, s3)" in promises, "what must hold must hold everywhere"


def test_a_time_limit_is_kept() -> None:
    result = explore(VotesTwice(), time=30)
    assert result.trace is not None
    assert len(result.trace.steps) == 8
