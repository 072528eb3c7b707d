"""Small models for the tests of searches, traces and the command line: climbers on a ladder."""

from __future__ import annotations

from dscheck import (
    Message,
    Model,
    Node,
    action,
    always,
    bound,
    choose,
    ends,
    mutant,
    param,
    receive,
    refines,
    require,
    sometimes,
    var,
)


class Climber(Node):
    height: int = var(0)
    greeted: set[Climber] = var(set())


class Ladder(Model):
    """Climbers go up by one rung or two, until they have passed the top: top + 2 heights for each of them."""

    climbers: int = param(1, "how many", least=1, most=3)
    top: int = param(3, "rungs", least=1)

    def setup(self) -> None:
        self.make(Climber, self.climbers, "c")

    @action
    def climb(self, c: Climber) -> None:
        require(c.height < self.top)
        c.height += choose((1, 2))

    @always
    def stays_near(self, c: Climber) -> bool:
        return c.height <= self.top + 1

    @sometimes
    def arrives(self, c: Climber) -> bool:
        return c.height == self.top


class Overshoots(Ladder):
    @always
    def never_above(self, c: Climber) -> bool:
        return c.height >= 0 and all(c.height != rung for rung in range(self.top + 1, self.top + 9))


class Raises(Ladder):
    @action
    def divide(self, c: Climber) -> None:
        require(c.height == self.top)
        c.height = 1 // (c.height - self.top)


@mutant(of=Ladder, breaks="deadlock")
class Stuck(Ladder):
    """A climber above the top cannot come down."""

    @ends
    def done(self, c: Climber) -> bool:
        return c.height == self.top


class Unreached(Ladder):
    @sometimes
    def flies(self, c: Climber) -> bool:
        return c.height > 99


class Bounded(Ladder):
    @bound
    def low(self, c: Climber) -> bool:
        return c.height < 2


class Anywhere(Overshoots):
    def setup(self) -> None:
        super().setup()
        for c in self.all(Climber):
            c.height = choose((0, 1))


class Hello(Message):
    height: int


class Greets(Ladder):
    @action
    def greet(self, c: Climber, other: Climber) -> None:
        require(c.height and c is not other)
        c.send(other, Hello(height=c.height))

    @receive
    def on_hello(self, c: Climber, m: Hello) -> None:
        c.greeted.add(m.src)

    @action
    def look_down(self, c: Climber) -> None:
        require(c.height > 99)

    @always
    def unknown(self, a: Climber, b: Climber) -> bool:
        return a not in b.greeted


class Walker(Node):
    at: int = var(0)


class Lonely(Ladder):
    @sometimes
    def somebody(self, w: Walker) -> bool:
        return w.at == 0

    @always
    def nobody(self, w: Walker) -> bool:
        return w.at > 0


class OneByOne(Model):
    """What a ladder should look like: one rung at a time."""

    def setup(self) -> None:
        [self.walker] = self.make(Walker, 1, "w")

    @action
    def step(self, w: Walker) -> None:
        w.at += 1

    @bound
    def low(self, w: Walker) -> bool:
        return w.at < 9


class NotOneByOne(Ladder):
    @refines(lambda self: OneByOne())
    def one_by_one(self, spec: OneByOne) -> None:
        spec.walker.at = self.all(Climber)[0].height


class StartsElsewhere(NotOneByOne):
    def setup(self) -> None:
        super().setup()
        self.all(Climber)[0].height = 1
