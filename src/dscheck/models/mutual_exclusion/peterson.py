"""Peterson's algorithm: processes that share nothing but memory keep each other out of a critical section.

After Peterson, "Myths About the Mutual Exclusion Problem" (1981).  Two processes compete once; N processes
climb N-1 levels, each of which holds one of them back.  A step reads or writes one shared variable.  The
steps are those of the model `peterson` in BEEM (Pelanek 2007), which has as many states and transitions.
"""

from __future__ import annotations

from typing import ClassVar, Literal, NewType

from dscheck import (
    Count,
    Model,
    Node,
    action,
    always,
    each,
    ends,
    lemma,
    mutant,
    param,
    require,
    sometimes,
    var,
)

Level = NewType("Level", int)


class Process(Node):
    at: Literal["outside", "climbing", "announcing", "waiting", "critical"] = var("outside")
    level: Level = var(Level(0))
    """The one where it competes; beyond the last, it may enter."""
    passed: int = var(0)
    """How many processes it has looked at, and found below."""

    flag: int = var(0)
    """Shared: the level where the others see it; 0 for outside."""


class Peterson(Model):
    """Never two processes are in the critical section, and never all of them wait for each other."""

    pinned: ClassVar = (Count({}, 196, 371), Count({"nodes": 3}, 12_498, 33_369))
    nodes: int = param(2, "processes", least=2)

    last: dict[Level, Process | None] = var(each(None))
    """Shared: who came last to each level, and so waits there."""

    def setup(self) -> None:
        self.domain(Level, range(1, self.nodes))
        self.processes = self.make(Process, self.nodes, "p")
        self.last = each(self.processes[0])  # anybody: it does not matter

    @action
    def compete(self, p: Process) -> None:
        require(p.at == "outside")
        p.at, p.level = "climbing", Level(1)

    @action
    def raise_flag(self, p: Process) -> None:
        require(p.at == "climbing" and p.level < self.nodes)
        p.at, p.flag = "announcing", p.level

    @action
    def give_way(self, p: Process) -> None:
        require(p.at == "announcing")
        p.at, p.passed = "waiting", 0
        self.last[p.level] = p

    @action
    def pass_by(self, p: Process) -> None:
        """Look at the flag of one process after the other, oneself included."""
        require(p.at == "waiting" and p.passed < self.nodes)
        other = self.processes[p.passed]
        require(other is p or self.is_below(other, p))
        p.passed += 1

    def is_below(self, other: Process, p: Process) -> bool:
        return other.flag < p.level

    @action
    def climb(self, p: Process) -> None:
        """Go on when all others are below, or when another one has come later."""
        require(p.at == "waiting" and (p.passed == self.nodes or self.is_relieved(p)))
        p.at, p.level = "climbing", Level(p.level + 1)

    def is_relieved(self, p: Process) -> bool:
        return self.last[p.level] is not p

    @action
    def enter(self, p: Process) -> None:
        require(p.at == "climbing" and p.level == self.nodes)
        p.at = "critical"

    @action
    def leave(self, p: Process) -> None:
        require(p.at == "critical")
        p.at, p.flag = "outside", 0

    # -- what must hold

    @always
    def mutual_exclusion(self, a: Process, b: Process) -> bool:
        return a is b or not (a.at == b.at == "critical")

    @always
    def every_level_holds_one_back(self, level: Level) -> bool:
        beyond = [p for p in self.processes if p.flag > level or p.at == "critical"]
        return len(beyond) <= self.nodes - level

    # -- why it holds

    @lemma
    def flag_follows_level(self, p: Process) -> bool:
        """What the others see of a process, for each place where it can be."""
        match p.at:
            case "outside":
                return p.flag == 0
            case "climbing":
                return p.flag == p.level - 1 and 1 <= p.level <= self.nodes
            case "critical":
                return p.flag == self.nodes - 1 and p.level == self.nodes
        return 1 <= p.flag == p.level < self.nodes

    @lemma
    def last_to_come_waits(self, p: Process, q: Process) -> bool:
        """Of two processes: while one has the way free, the other waits if it is there."""
        if self.nodes > 2 or p is q or not self.is_free(p, q):
            return True
        return not self.is_free(q, p) and (q.at != "waiting" or self.last[Level(1)] is q)

    def is_free(self, p: Process, other: Process) -> bool:
        """Whether nothing keeps a process from the critical section any more."""
        if p.at == "waiting":
            return p.passed > self.processes.index(other)
        return p.at == "critical" or (p.at == "climbing" and p.level == self.nodes)

    @ends
    def never(self) -> bool:
        """Somebody can always go on."""
        return False

    @sometimes
    def enters_while_all_compete(self, p: Process) -> bool:
        return p.at == "critical" and all(other.flag for other in self.processes)


# -- deliberately wrong variants: each must be caught by the property that it names


@mutant(of=Peterson, breaks="mutual_exclusion", steps=12)
class GivesWayFirst(Peterson):
    """A process gives way before it raises its flag, so that others pass by without seeing it."""

    def give_way(self, p: Process) -> None:
        require(p.at == "climbing" and p.level < self.nodes)
        p.at, p.passed = "announcing", 0
        self.last[p.level] = p

    def raise_flag(self, p: Process) -> None:
        require(p.at == "announcing")
        p.at, p.flag = "waiting", p.level


@mutant(of=Peterson, breaks="deadlock", steps=7)
class NeverRelieved(Peterson):
    """A process waits for all others to be below, even if one has come later."""

    def is_relieved(self, p: Process) -> bool:
        return False


@mutant(of=Peterson, breaks="mutual_exclusion", steps=12)
class PassesItsEquals(Peterson):
    """A process passes by one that is at its own level: the first error of BEEM's model."""

    def is_below(self, other: Process, p: Process) -> bool:
        return other.flag <= p.level


@mutant(of=Peterson, breaks="every_level_holds_one_back", steps=6, params={"nodes": 3})
class SkipsTheFirstLevel(Peterson):
    """A process begins one level too high: there is one level for each two that must be held back."""

    def compete(self, p: Process) -> None:
        require(p.at == "outside")
        p.at, p.level = "climbing", Level(min(2, self.nodes - 1))
