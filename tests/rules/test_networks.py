"""Networks: what sending and delivering do, and what is observed of messages in flight."""

from __future__ import annotations

import pytest

from dscheck import Message, Model, Node, action, always, receive, require, var
from dscheck.checker.rules.footprint import DISABLED
from dscheck.checker.rules.system import System
from rules.workbench import State, after, footprint, observed, searched, tree


class Ping(Message):
    number: int = 0


class Loud(Ping): ...


class Bye(Message): ...


class Peer(Node):
    sent: int = var(0)
    got: tuple[int, ...] = var(())


class Pinging(Model):
    """One node sends, the other notes what it gets."""

    numbers: tuple[int, ...] = (0, 0)

    def setup(self) -> None:
        self.a, self.b = self.make(Peer, 2, "p")

    @action
    def ping(self) -> None:
        require(self.a.sent < len(self.numbers))
        self.a.send(self.b, Ping(number=self.numbers[self.a.sent]))
        self.a.sent += 1

    @receive
    def on_ping(self, p: Peer, m: Ping) -> None:
        p.got += (m.number,)

    @receive
    def on_bye(self, p: Peer, m: Bye) -> None:
        p.got += (99,)


def over(network: str, base: type[Model] = Pinging, **more: object) -> Model:
    """The model on that network."""
    return type(base.__name__, (base,), {"network": network, **more})()


def in_flight(system: System, state: State) -> list[str]:
    return list(map(repr, system.view(state).messages()))


PING = "Ping(number=0) p1->p2"


@pytest.mark.parametrize(
    ("network", "sent", "left"),
    [
        ("set", [PING], []),
        ("persistent", [PING], [PING]),
        ("bag", [PING, PING], [PING]),
        ("fifo", [PING, PING], [PING]),
    ],
)
def test_what_sending_twice_and_delivering_leave_in_flight(
    network: str, sent: list[str], left: list[str]
) -> None:
    system = System(over(network))
    twice = after(system, "ping()", "ping()")
    assert in_flight(system, twice) == sent
    delivery = "on_ping(p2) p1->p2" if network == "fifo" else f"on_ping(p2) {PING}"
    state, happening = system.after(tree(system, delivery), twice, ())
    assert in_flight(system, state) == left
    assert happening.label == f"on_ping(p2) {PING}"
    assert list(map(repr, happening.gone)) == ([] if network == "persistent" else [PING])


@pytest.mark.parametrize(("network", "states"), [("set", 7), ("bag", 6), ("fifo", 6)])
def test_two_equal_messages_may_become_one_only_in_a_set(network: str, states: int) -> None:
    _, report = searched(over(network))
    assert report.states == states


def test_fifo_keeps_the_order_and_others_do_not() -> None:
    class Ordered(Pinging):
        numbers = (1, 2, 3)

        @always
        def in_order(self) -> bool:
            return self.b.got == (1, 2, 3)[: len(self.b.got)]

    _, report = searched(over("fifo", Ordered))
    assert report.stop == "exhausted"
    for network in ("set", "bag", "persistent"):
        _, report = searched(over(network, Ordered), depth=4)
        assert report.finding is not None
        assert len(report.trace) == 4


def test_absence_is_known_without_running_python() -> None:
    system = System(over("set"))
    after(system, "ping()")
    [(path, leaf)] = system.rules.footprints(tree(system, f"on_ping(p2) {PING}"))
    assert ([answer for _, answer in path], leaf) == ([0], DISABLED)
    assert system.python_calls == 0


def test_a_delivery_from_a_bag_does_not_depend_on_the_copies() -> None:
    numbers = (0,) * 5
    few, _ = searched(over("bag", numbers=numbers[:2]))
    many, _ = searched(over("bag", numbers=numbers))
    presence = [
        {path[0] for path, _ in system.rules.footprints(tree(system, f"on_ping(p2) {PING}"))}
        for system in (few, many)
    ]
    assert len(presence[0]) == len(presence[1]) == 2


def test_fifo_has_a_step_for_each_channel_and_handler() -> None:
    class Mixed(Pinging):
        @action
        def leave(self) -> None:
            require(self.a.sent == 1)
            self.a.send(self.b, Bye())
            self.a.send(self.b, Loud(number=7))
            self.b.send(self.a, Bye())
            self.a.sent += 5

    system, report = searched(over("fifo", Mixed, numbers=(0, 0)))
    assert report.stop == "exhausted"
    labels = [instance.label() for instance in system.instances if instance.kind == "receive"]
    assert labels == ["on_ping(p2) p1->p2", "on_bye(p2) p1->p2", "on_bye(p1) p2->p1"]
    assert all(report.taken[tree(system, label)] for label in labels)


def test_messages_are_told_apart_by_type() -> None:
    class Alike(Pinging):
        @action
        def both(self) -> None:
            require(not self.a.sent)
            self.a.send(self.b, Ping(number=1))
            self.a.send(self.b, Ping(number=True))
            self.a.send(self.b, Loud(number=1))
            self.a.sent = 9

    system = System(over("set", Alike))
    state = after(system, "both()")
    shown = ["Loud(number=1) p1->p2", "Ping(number=True) p1->p2", "Ping(number=1) p1->p2"]
    assert in_flight(system, state) == shown


class Looking(Pinging):
    """What one can ask of the messages in flight, with and without messages of one's own."""

    @action
    def look(self) -> None:
        ping = Ping(number=0, src=self.a, dst=self.b)
        self.a.got = (
            ping in self.in_flight(Ping),
            len(self.in_flight(Ping)),
            len(list(self.in_flight(Ping))),
        )

    @action
    def send_and_look(self) -> None:
        self.a.send(self.b, Ping(number=0))
        self.a.send(self.b, Ping(number=8))
        self.a.send(self.b, Loud(number=0))
        self.look()

    @receive
    def on_ping(self, p: Peer, m: Ping) -> None:
        self.look()


@pytest.mark.parametrize("network", ["set", "persistent", "bag", "fifo"])
def test_looking_at_messages_in_flight(network: str) -> None:
    system = System(over(network, Looking))
    seen = next(place for place in system.encoding.places() if str(place) == "p1.got")

    def looks(*steps: str) -> object:
        return system.view(after(system, *steps)).value(seen)

    assert looks("look()") == (False, 0, 0)
    assert looks("ping()", "look()") == (True, 1, 1)
    assert looks("send_and_look()") == looks("ping()", "send_and_look()") == (True, 3, 3)
    assert looks("ping()", "ping()", "look()") == (True, 1, 1)
    delivery = "on_ping(p2) p1->p2" if network == "fifo" else f"on_ping(p2) {PING}"
    left = {"set": (False, 0, 0), "persistent": (True, 1, 1)}
    assert looks("ping()", delivery) == left.get(network, (False, 0, 0))
    assert looks("ping()", "ping()", delivery) == left.get(network, (True, 1, 1))


@pytest.mark.parametrize("network", ["set", "bag"])
def test_asking_for_one_message_observes_that_one(network: str) -> None:
    class Asking(Pinging):
        @action
        def ask(self) -> None:
            require(Ping(number=0, src=self.a, dst=self.b) in self.in_flight(Ping))

    system = System(over(network, Asking, numbers=(0, 1)))
    state = after(system, "ping()", "ping()")
    found = footprint(system, "ask()", state)
    assert len(observed(system, found)) == 1
    assert found.leaf != DISABLED


def test_a_count_holds_for_states_with_messages_that_come_later() -> None:
    class Counting(Pinging):
        numbers = (1, 2, 3)

        @action
        def count(self) -> None:
            self.b.sent = len(self.in_flight(Ping)) + 10 * len(list(self.in_flight(Ping)))

        @always
        def consistent(self) -> bool:
            return self.b.sent % 11 == 0

    for network in ("set", "persistent", "bag", "fifo"):
        system, report = searched(over(network, Counting), depth=6)
        assert report.finding is None
        assert system.audit() > 0


def test_a_handler_may_send_its_own_message_again() -> None:
    class Echo(Pinging):
        @receive
        def on_ping(self, p: Peer, m: Ping) -> None:
            m.src.send(p, Ping(number=m.number))

    for network in ("set", "persistent", "bag", "fifo"):
        system = System(over(network, Echo))
        delivery = "on_ping(p2) p1->p2" if network == "fifo" else f"on_ping(p2) {PING}"
        assert in_flight(system, after(system, "ping()", delivery, delivery)) == [PING]
