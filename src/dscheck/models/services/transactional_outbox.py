"""A service stores its orders and tells others of them: it neither loses an event nor invents one.

A database and a message broker share no transaction: a crash between writing to the one and to the other
loses an event, or invents one.  So the service stores the event with the order, in an outbox; a relay
publishes it, and only then takes it out.  After a crash it may publish it again, and the broker may deliver
it again.  So consumers remember what they have seen (Richardson, "Microservices Patterns", 2018, chapter 3).

With n orders, one consumer, one crash and no repetition there are 6^n + 10^n states.
"""

from __future__ import annotations

from typing import ClassVar, NewType

from dscheck import (
    Count,
    Message,
    Model,
    Node,
    action,
    always,
    budget,
    durable,
    each,
    ends,
    mutant,
    param,
    receive,
    require,
    sometimes,
    volatile,
)

Order = NewType("Order", int)


class Placed(Message):
    order: Order


class Service(Node):
    """One who takes orders; its relay tells others of them."""

    orders: set[Order] = durable(set())
    outbox: set[Order] = durable(set())
    published: set[Order] = volatile(set())
    """What the relay has published, and not yet taken out of the outbox."""


class Consumer(Node):
    """One who ships what was ordered."""

    seen: set[Order] = durable(set())
    shipped: dict[Order, int] = durable(each(0))
    """History: how often."""


class TransactionalOutbox(Model):
    """Every order that is placed is shipped once by each consumer, and no other is."""

    pinned: ClassVar = (
        Count({"orders": 1}, 26),
        Count({}, 275, 922),
        Count({"orders": 3, "consumers": 2}, 38_771),
    )
    orders: int = param(2, "orders", least=1)
    consumers: int = param(1, "consumers", least=1)
    crashes: int = budget("crash", 1)
    repeats: int = budget("duplicate", 1)

    service: ClassVar[type[Service]] = Service
    consumer: ClassVar[type[Consumer]] = Consumer

    def setup(self) -> None:
        self.domain(Order, range(1, self.orders + 1))
        self.make(self.service, 1, "service")
        self.make(self.consumer, self.consumers, "c")

    # -- the service

    @action
    def place(self, s: Service, order: Order) -> None:
        require(order not in s.orders)
        s.orders.add(order)
        s.outbox.add(order)  # in the same transaction

    @action
    def publish(self, s: Service, order: Order) -> None:
        require(order in s.outbox and order not in s.published)
        s.published.add(order)
        self.announce(s, order)

    @action
    def mark(self, s: Service, order: Order) -> None:
        require(order in s.published)
        s.published.remove(order)
        self.take_out(s, order)

    def announce(self, s: Service, order: Order) -> None:
        for consumer in self.all(Consumer):
            s.send(consumer, Placed(order=order))

    def take_out(self, s: Service, order: Order) -> None:
        s.outbox.discard(order)

    # -- consumers

    @receive
    def on_placed(self, c: Consumer, m: Placed) -> None:
        if self.is_new(c, m.order):
            c.seen.add(m.order)
            c.shipped[m.order] += 1  # in the same transaction

    def is_new(self, c: Consumer, order: Order) -> bool:
        return order not in c.seen

    # -- what must hold

    @always
    def nothing_invented(self, s: Service, c: Consumer, order: Order) -> bool:
        """What is shipped was placed."""
        return not c.shipped[order] or order in s.orders

    @always
    def nothing_twice(self, c: Consumer, order: Order) -> bool:
        return c.shipped[order] <= 1

    @ends
    def nothing_lost(self, c: Consumer, order: Order) -> bool:
        """Where nothing is left to do, everything is shipped."""
        return c.shipped[order] == 1

    @sometimes
    def all_shipped(self) -> bool:
        return all(shipped for c in self.all(Consumer) for shipped in c.shipped.values())


# -- deliberately wrong variants: each must be caught by the property that it names


class ForgetfulService(Service):
    """One that keeps in memory what is still to be published."""

    outbox: set[Order] = volatile(set())


@mutant(of=TransactionalOutbox, breaks="deadlock", steps=2, params={"orders": 1})
class WritesThenPublishes(TransactionalOutbox):
    """The service writes, and then publishes: a crash in between loses the event."""

    service = ForgetfulService


@mutant(of=TransactionalOutbox, breaks="nothing_invented", steps=2)
class PublishesThenWrites(TransactionalOutbox):
    """The service publishes, and then writes: a crash may keep what is shipped from being stored."""

    def place(self, s: Service, order: Order) -> None:
        require(order not in s.orders and order not in s.published)
        s.published.add(order)
        self.announce(s, order)

    def take_out(self, s: Service, order: Order) -> None:
        s.orders.add(order)


@mutant(of=TransactionalOutbox, breaks="deadlock", steps=3, params={"orders": 1})
class MarksThenPublishes(TransactionalOutbox):
    """The relay takes an event out of the outbox before it publishes it."""

    def announce(self, s: Service, order: Order) -> None:
        super().take_out(s, order)

    def take_out(self, s: Service, order: Order) -> None:
        super().announce(s, order)


@mutant(of=TransactionalOutbox, breaks="nothing_twice", steps=4)
class ActsOnEveryMessage(TransactionalOutbox):
    """A consumer ships whenever it is told to."""

    def is_new(self, c: Consumer, order: Order) -> bool:
        return True


class ForgetfulConsumer(Consumer):
    """One that keeps in memory what it has seen."""

    seen: set[Order] = volatile(set())


@mutant(of=TransactionalOutbox, breaks="nothing_twice", steps=5)
class ForgetsWhatItSaw(TransactionalOutbox):
    """A consumer does not store what it has seen with what it has shipped."""

    consumer = ForgetfulConsumer
