"""Abstract variables to which nothing of the concrete model is ever mapped."""

from __future__ import annotations

import pytest

from dscheck import Model, Node, Verdict, action, refines, require, var
from symbolic.agreement import both


class Walker(Node):
    at: int = var(0)


class Walk(Model):
    """A walker goes up a ladder; only its height is mapped."""

    def setup(self) -> None:
        [self.walker] = self.make(Walker, 1, "w")

    @action
    def up(self, w: Walker) -> None:
        require(w.at < 3)
        w.at += 1


class Seen(Model):
    """What a walk should look like, and what nobody maps."""

    rung: int = var(0)
    heard: set[Walker] = var(set())

    def setup(self) -> None:
        [self.walker] = self.make(Walker, 1, "w")

    @action
    def step(self, w: Walker) -> None:
        self.accompany(w)
        w.at += 1

    def accompany(self, w: Walker) -> None:
        """What else happens."""


class Rings(Seen):
    def accompany(self, w: Walker) -> None:
        self.rung = 1


class RingsOff(Seen):
    def accompany(self, w: Walker) -> None:
        self.rung = 0


class Hears(Seen):
    def accompany(self, w: Walker) -> None:
        self.heard.add(w)


class Forgets(Seen):
    def accompany(self, w: Walker) -> None:
        self.heard.discard(w)


class AfterRinging(Seen):
    def accompany(self, w: Walker) -> None:
        require(self.rung == 1)


class InSilence(Seen):
    def accompany(self, w: Walker) -> None:
        require(self.rung == 0 and not self.heard)


class AfterHearing(Seen):
    def accompany(self, w: Walker) -> None:
        require(len(self.heard) == 1)


class FirstToHear(Seen):
    def accompany(self, w: Walker) -> None:
        require(next(iter(self.heard), None) == w)


def walk(seen: type[Seen]) -> Walk:
    def height(self: Walk, spec: Seen) -> None:
        spec.walker.at = self.walker.at

    made: type[Walk] = type("Mapped", (Walk,), {"height": refines(lambda self: seen())(height)})
    return made()


@pytest.mark.parametrize("layers", [True, False], ids=["layers", "no layers"])
@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        (Seen, Verdict.HOLDS),
        (RingsOff, Verdict.HOLDS),
        (Forgets, Verdict.HOLDS),
        (InSilence, Verdict.HOLDS),
        (Rings, Verdict.VIOLATED),
        (Hears, Verdict.VIOLATED),
        (AfterRinging, Verdict.VIOLATED),
        (AfterHearing, Verdict.VIOLATED),
        (FirstToHear, Verdict.VIOLATED),
    ],
)
def test_what_is_never_mapped_is_as_at_the_start(seen: type[Seen], verdict: Verdict, layers: bool) -> None:
    explicit, symbolic = both(lambda: walk(seen), layers=layers, audit="all")
    assert explicit.verdict is symbolic.verdict is verdict
