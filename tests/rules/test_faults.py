"""Faults: crashes and restarts, losses, duplicates, partitions."""

from __future__ import annotations

import pytest

from dscheck import (
    Counter,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    counter,
    durable,
    each,
    receive,
    require,
    var,
    volatile,
)
from dscheck.checker.rules.footprint import DISABLED
from dscheck.checker.rules.system import System
from rules.workbench import after, footprint, searched, tree


class Hello(Message): ...


class Peer(Node):
    kept: int = durable(0)
    lost: int = volatile(0)
    table: dict[Peer, int] = volatile(each(0))
    count: Counter = volatile(counter(1))
    known: set[Peer] = volatile(set())
    words: set[str] = volatile({"first"})
    diary: set[str] = durable(set())


class Peers(Model):
    peers: int = 2

    def setup(self) -> None:
        self.all_peers = self.make(Peer, type(self).peers, "p")

    @action
    def live(self, p: Peer) -> None:
        require(not p.kept)
        p.kept, p.lost = 1, 2
        p.table[p] = 3
        p.count.add(4)
        p.known.add(p)
        p.words = {"second", "third"}
        p.diary.add("it rains")

    @action
    def greet(self, p: Peer, to: Peer) -> None:
        require(p is not to and not p.kept)
        p.kept = 1
        p.send(to, Hello())

    @receive
    def on_hello(self, p: Peer, m: Hello) -> None:
        p.lost += 1


def peers(base: type[Model] = Peers, network: str = "set", **declared: object) -> Model:
    """The model with these budgets or attributes."""
    budgets = {f"{kind}_budget": budget(kind, n) for kind, n in declared.items() if kind != "peers"}
    attributes = {"peers": declared["peers"]} if "peers" in declared else {}
    return type("Faulty", (base,), {"network": network, **budgets, **attributes})()


def values(system: System, state: list[int]) -> dict[str, object]:
    return {str(place): value for place, value in system.view(state).variables()}


def test_a_crash_forgets_what_is_volatile() -> None:
    system = System(peers(crash=1))
    start = values(system, system.initial[0])
    crashed = values(system, after(system, "live(p1)", "crash(p1)"))
    changed = {place for place, value in crashed.items() if value != start.get(place, False)}
    assert changed == {"crash_budget", "p1.kept", "p1.diary has 'it rains'"}


def test_a_crash_spends_the_budget() -> None:
    system = System(peers(crash=1))
    assert footprint(system, "crash(p2)", after(system, "crash(p1)")).leaf == DISABLED


def test_a_crash_forgets_members_that_were_unknown_when_it_was_learned() -> None:
    class Collecting(Peers):
        peers = 1

        @action
        def collect(self, p: Peer) -> None:
            require(len(p.words) < 4)
            p.words.add(f"word {len(p.words)}")

        @always
        def crash_empties(self, p: Peer) -> bool:
            return self.crash_budget == 2 or "word 3" not in p.words or len(p.words) == 4

    system, report = searched(peers(Collecting, crash=2, peers=1))
    assert report.finding is None
    crash = tree(system, "crash(p1)")
    for steps in range(1, 4):
        state = after(system, *["collect(p1)"] * steps)
        state, _ = system.after(crash, state, ())
        assert values(system, state) | {"crash_budget": 2} == values(system, system.initial[0])


def test_a_crashed_node_is_down_until_it_restarts() -> None:
    system = System(peers(crash=1, restart=1))
    down = after(system, "greet(p2, p1)", "crash(p1)")
    for label in ("live(p1)", "greet(p1, p2)", "on_hello(p1) Hello() p2->p1", "restart(p2)", "crash(p1)"):
        assert footprint(system, label, down).leaf == DISABLED, label
    assert values(system, down)["p1.up"] is False
    again, _ = system.after(tree(system, "restart(p1)"), down, ())
    for label in ("live(p1)", "on_hello(p1) Hello() p2->p1"):
        assert footprint(system, label, again).leaf != DISABLED, label


def test_without_restarts_left_a_crash_is_final() -> None:
    system = System(peers(crash=2, restart=0))
    down = after(system, "crash(p1)")
    assert "restart(p1)" not in [instance.label() for instance in system.instances]
    assert footprint(system, "live(p1)", down).leaf == DISABLED
    assert footprint(system, "crash(p2)", down).leaf != DISABLED


def test_an_action_needs_all_its_nodes_up() -> None:
    system = System(peers(crash=1, restart=1))
    assert footprint(system, "greet(p2, p1)", after(system, "crash(p1)")).leaf == DISABLED


@pytest.mark.parametrize("network", ["set", "bag", "fifo"])
def test_a_lost_message_is_gone(network: str) -> None:
    system = System(peers(network=network, lose=1))
    lose = "lose p1->p2" if network == "fifo" else "lose Hello() p1->p2"
    sent = after(system, "greet(p1, p2)")
    state, happening = system.after(tree(system, lose), sent, ())
    assert (happening.label, len(happening.gone)) == ("lose Hello() p1->p2", 1)
    assert system.view(state).messages() == []
    assert values(system, state)["lose_budget"] == 0


@pytest.mark.parametrize("network", ["set", "bag", "fifo"])
def test_a_duplicate_is_delivered_and_stays(network: str) -> None:
    system = System(peers(network=network, duplicate=1))
    duplicate = "duplicate p1->p2" if network == "fifo" else "duplicate Hello() p1->p2"
    sent = after(system, "greet(p1, p2)")
    state, happening = system.after(tree(system, duplicate), sent, ())
    assert happening.label == "duplicate Hello() p1->p2"
    assert len(system.view(state).messages()) == 1
    assert (values(system, state)["p2.lost"], values(system, state)["duplicate_budget"]) == (1, 0)


@pytest.mark.parametrize(("nodes", "bipartitions"), [(2, 1), (3, 3), (4, 7)])
def test_every_bipartition_is_one_way_to_split(nodes: int, bipartitions: int) -> None:
    class Idle(Model):
        def setup(self) -> None:
            self.make(Peer, nodes, "p")

        @action
        def rest(self) -> None:
            require(False)

    _, report = searched(peers(Idle, partition=1))
    assert report.states == 1 + bipartitions + 1  # not yet, split, and healed with nothing left to spend
    assert report.transitions == 2 * bipartitions


def test_messages_wait_behind_a_partition() -> None:
    system = System(peers(peers=3, partition=1))
    sent = after(system, "greet(p1, p2)", "greet(p2, p3)")
    split, happening = system.after(tree(system, "partition()"), sent, [0])
    assert happening.chosen == (frozenset({system.model.all_peers[0]}),)
    assert footprint(system, "on_hello(p2) Hello() p1->p2", split).leaf == DISABLED
    assert footprint(system, "on_hello(p3) Hello() p2->p3", split).leaf != DISABLED
    healed, _ = system.after(tree(system, "heal()"), split, ())
    assert footprint(system, "on_hello(p2) Hello() p1->p2", healed).leaf != DISABLED
    assert footprint(system, "partition()", healed).leaf == DISABLED


def test_a_delivery_sees_of_a_partition_only_whether_it_is_between() -> None:
    system, _ = searched(peers(peers=4, partition=1))
    delivery = tree(system, "on_hello(p2) Hello() p1->p2")
    refused = [path for path, leaf in system.rules.footprints(delivery) if leaf == DISABLED]
    assert len(refused) == 2  # not there, and not across


def test_a_fault_without_budget_has_no_instances() -> None:
    system, _ = searched(peers(crash=0, lose=0, duplicate=0, partition=0))
    assert {instance.kind for instance in system.instances} == {"action", "receive"}


def test_budgets_can_be_read() -> None:
    class Cautious(Model):
        crashes: int = budget("crash", 1)
        late: bool = var(False)

        def setup(self) -> None:
            self.make(Peer, 1, "p")

        @action
        def notice(self) -> None:
            require(self.crashes == 0)
            self.late = True

    _, report = searched(Cautious())
    assert report.states == 3
