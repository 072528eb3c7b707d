"""Session guarantees, causal variants and staleness by trying every order: from their definitions.

For reads, writes and compare-and-sets of keys; a few operations.  A *world* says which of the writes of
unknown outcome happened, and of each read which write it returned; a promise is kept if some world keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import Any

from dscheck.histories.history import FAIL, INFO, OK, History


@dataclass(frozen=True)
class Step:
    """A read or a write."""

    number: int
    process: Any
    write: bool
    key: Any
    value: Any
    pending: bool
    begin: float
    end: float
    place: tuple[int, int]
    unequal: bool = False
    """A read that says only what it did not find."""
    chained: bool = False
    """The write of a compare-and-set."""


@dataclass(frozen=True)
class World:
    """One explanation."""

    steps: tuple[Step, ...]
    source: dict[int, Step | None]
    """Of each read, by its number; None is the initial value."""
    evidence: frozenset[tuple[int, int]]
    """Pairs of writes by number: the version that a compare-and-set replaced, and its own."""

    def session(self, a: Step, b: Step) -> bool:
        return a.process == b.process and a.place < b.place and (not a.pending or a.place[0] == b.place[0])

    @property
    def writes(self) -> list[Step]:
        return [s for s in self.steps if s.write]

    @property
    def reads(self) -> list[Step]:
        return [s for s in self.steps if not s.write]


def steps_of(history: History) -> list[Step]:
    """Reads that returned, and writes that did not fail."""
    found: list[Step] = []

    def add(
        o: Any,
        write: bool,
        value: Any,
        part: int,
        *,
        key: Any = None,
        unequal: bool = False,
        chained: bool = False,
    ) -> None:
        end = float("inf") if o.outcome == "info" else _end(history, o.row)
        pending = o.outcome == "info"
        found.append(
            Step(
                len(found),
                o.process,
                write,
                o.key if key is None else key,
                value,
                pending,
                _begin(history, o.row),
                end,
                (o.invoked, part),
                unequal,
                chained,
            )
        )

    for row in range(len(history)):
        o = history.operation(row)
        if history.outcome[row] == FAIL:
            continue
        for part, (kind, key, value) in enumerate(o.micro):
            if kind == "w" or history.outcome[row] == OK:
                add(o, kind == "w", value, part, key=key)
        if o.function == "read" and history.outcome[row] == OK:
            add(o, False, o.result, 0)
        elif o.function == "write":
            add(o, True, o.argument, 0)
        elif o.function == "cas":
            unequal = o.result is False and history.outcome[row] != INFO
            add(o, False, o.argument[0], 0, unequal=unequal)
            if not unequal:
                add(o, True, o.argument[1], 1, chained=True)
    return found


def _begin(history: History, row: int) -> float:
    return float(history.invoked[row] if history.invoke_time is None else history.invoke_time[row])


def _end(history: History, row: int) -> float:
    return float(history.returned[row] if history.return_time is None else history.return_time[row])


def worlds(history: History) -> Iterator[World]:
    """Every explanation; none if a read returned what nobody wrote."""
    steps = steps_of(history)
    rows = sorted({s.place[0] for s in steps if s.pending})
    for count in range(len(rows) + 1):
        for left_out in combinations(rows, count):
            kept = [s for s in steps if not (s.pending and s.place[0] in left_out)]
            reads = [s for s in kept if not s.write]
            for sources in product(*([*_sources(read, kept)] for read in reads)):
                source = {read.number: of for read, of in zip(reads, sources, strict=True)}
                evidence = {
                    (of.number, write.number)
                    for write in kept
                    for read in reads
                    if write.chained and read.place[0] == write.place[0]
                    if (of := source[read.number]) is not None
                }
                yield World(tuple(kept), source, frozenset(evidence))


def _sources(read: Step, kept: list[Step]) -> Iterator[Step | None]:
    def fits(value: Any) -> bool:
        return (value != read.value) if read.unequal else (value == read.value)

    if fits(None):
        yield None
    for s in kept:
        own = s.chained and s.place[0] == read.place[0]
        if s.write and not own and s.key == read.key and fits(s.value):
            yield s


def kept(history: History, promise: str) -> bool:
    """Whether some world keeps it."""
    return any(JUDGES[promise](world) for world in worlds(history))


Order = dict[int, int]
"""The place of each step, by number."""


def _orders(steps: list[Step], before: Callable[[Step, Step], bool]) -> Iterator[Order]:
    """Every order of the steps that contains a relation; none if something comes before itself."""
    if any(before(step, step) for step in steps):
        return
    for order in permutations(steps):
        if not any(before(b, a) for i, a in enumerate(order) for b in order[i + 1 :]):
            yield {s.number: i for i, s in enumerate(order)}


def _evident(world: World) -> Callable[[Step, Step], bool]:
    return lambda a, b: (a.number, b.number) in world.evidence


def _key_orders(world: World, key: Any) -> list[Order]:
    """Admissible orders: evidence, and where that allows it the order of sessions."""
    writes = [s for s in world.writes if s.key == key]
    evident = _evident(world)
    found = list(_orders(writes, lambda a, b: evident(a, b) or world.session(a, b)))
    return found or list(_orders(writes, evident))


def _per_session(world: World, earlier: Callable[[Step], list[Step | None]]) -> bool:
    """For each process and key: is there an order in which its reads are not older than what is given?"""
    for process, key in {(s.process, s.key) for s in world.reads}:
        reads = [s for s in world.reads if s.process == process and s.key == key]
        orders = _key_orders(world, key)
        if not any(
            all(_place(o, of) <= _place(o, world.source[r.number]) for r in reads for of in earlier(r))
            for o in orders
        ):
            return False
    return True


def _place(order: Order, write: Step | None) -> int:
    return -1 if write is None else order[write.number]


def read_your_writes(world: World) -> bool:
    return _per_session(
        world, lambda r: [w for w in world.writes if w.key == r.key and world.session(w, r) and not w.pending]
    )


def monotonic_reads(world: World) -> bool:
    return _per_session(
        world,
        lambda r: [world.source[q.number] for q in world.reads if q.key == r.key and world.session(q, r)],
    )


def monotonic_writes(world: World) -> bool:
    evident = _evident(world)
    return any(True for _ in _orders(world.writes, lambda a, b: evident(a, b) or world.session(a, b)))


def writes_follow_reads(world: World) -> bool:
    evident = _evident(world)
    follows = {
        (of.number, w.number)
        for r in world.reads
        for w in world.writes
        if world.session(r, w) and (of := world.source[r.number]) is not None
    }
    if any(a == b for a, b in follows):
        return False
    return any(
        True for _ in _orders(world.writes, lambda a, b: evident(a, b) or (a.number, b.number) in follows)
    )


def _legal(world: World, order: Order, reads: list[Step], writes: list[Step]) -> bool:
    for r in reads:
        before = [w for w in writes if w.key == r.key and order[w.number] < order[r.number]]
        last = max(before, key=lambda w: order[w.number], default=None)
        if last is not world.source[r.number]:
            return False
    return True


def pram(world: World) -> bool:
    evident = _evident(world)
    return all(
        any(
            _legal(world, order, reads, world.writes)
            for order in _orders(world.writes + reads, lambda a, b: evident(a, b) or world.session(a, b))
        )
        for process in {s.process for s in world.reads}
        for reads in [[s for s in world.reads if s.process == process]]
    )


def _causal(world: World) -> set[tuple[int, int]] | None:
    """The pairs of session order and reads-from, transitively; None if circular."""
    pairs = {(a.number, b.number) for a in world.steps for b in world.steps if world.session(a, b)}
    pairs |= {(of.number, r.number) for r in world.reads if (of := world.source[r.number]) is not None}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return None if any(a == b for a, b in pairs) else pairs


def causal_memory(world: World) -> bool:
    co, evident = _causal(world), _evident(world)
    if co is None:
        return False
    return all(
        any(
            _legal(world, order, reads, world.writes)
            for order in _orders(
                world.writes + reads, lambda a, b: evident(a, b) or (a.number, b.number) in co
            )
        )
        for process in {s.process for s in world.reads}
        for reads in [[s for s in world.reads if s.process == process]]
    )


def causal_consistency(world: World) -> bool:
    co = _causal(world)
    if co is None:
        return False
    for r in world.reads:
        past = [w for w in world.writes if (w.number, r.number) in co and w.key == r.key]
        orders = _orders(past, lambda a, b: (a.number, b.number) in co)
        if not any(
            max(past, key=lambda w: o[w.number], default=None) is world.source[r.number] for o in orders
        ):
            return False
    return True


def causal_convergence(world: World) -> bool:
    co, evident = _causal(world), _evident(world)
    if co is None:
        return False
    for order in _orders(world.writes, lambda a, b: evident(a, b) or (a.number, b.number) in co):
        if all(
            max(past, key=lambda w: order[w.number], default=None) is world.source[r.number]
            for r in world.reads
            for past in [[w for w in world.writes if (w.number, r.number) in co and w.key == r.key]]
        ):
            return True
    return False


JUDGES: dict[str, Callable[[World], bool]] = {
    "read-your-writes": read_your_writes,
    "monotonic-reads": monotonic_reads,
    "monotonic-writes": monotonic_writes,
    "writes-follow-reads": writes_follow_reads,
    "pram": pram,
    "causal-consistency": causal_consistency,
    "causal-convergence": causal_convergence,
    "causal-memory": causal_memory,
}


def _lagging(world: World, versions: int, time: float) -> bool:
    """Whether each key has an order that contains real time, if reads had been invoked so much earlier, in
    which each read returns one of the versions written last before it."""

    def before(a: Step, b: Step) -> bool:
        begun = b.begin if b.write else b.begin - time
        own = world.session(a, b) and a.place[0] != b.place[0] and (b.write or time == 0)
        return a.end < begun or own or (a.number, b.number) in world.evidence

    def fits(order: Order, steps: list[Step]) -> bool:
        for r in (s for s in steps if not s.write):
            earlier = sorted(
                (s for s in steps if s.write and order[s.number] < order[r.number]),
                key=lambda s: order[s.number],
            )
            if world.source[r.number] not in [None, *earlier][-versions:]:
                return False
        return True

    for key in {s.key for s in world.steps}:
        steps = [s for s in world.steps if s.key == key]
        if not any(fits(order, steps) for order in _orders(steps, before)):
            return False
    return True


def within_versions(history: History, k: int) -> bool:
    """Whether some world is k-atomic."""
    return any(_lagging(world, k, 0) for world in worlds(history))


def within_time(history: History, t: int) -> bool:
    """Whether some world is t-atomic."""
    return any(_lagging(world, 1, t) for world in worlds(history))


def consistent_prefix(world: World) -> bool:
    """Whether one order of all that write has, for each row, a prefix that left what the row read."""
    numbers: dict[int, Step] = {s.number: s for s in world.steps}
    row = {s.number: s.place[0] for s in world.steps}
    writers = [
        next(s for s in world.writes if row[s.number] == of)
        for of in sorted({row[s.number] for s in world.writes})
    ]
    evident = {(row[a], row[b]) for a, b in world.evidence if a in numbers and b in numbers}

    def before(a: Step, b: Step) -> bool:
        return a is not b and ((row[a.number], row[b.number]) in evident or world.session(a, b))

    for order in _orders(writers, before):
        placed = [row[w.number] for w in sorted(writers, key=lambda w: order[w.number])]
        if all(_has_prefix(world, placed, row, of) for of in {row[r.number] for r in world.reads}):
            return True
    return False


def _has_prefix(world: World, placed: list[int], row: dict[int, int], of: int) -> bool:
    reads = [r for r in world.reads if row[r.number] == of]
    outer = [r for r in reads if (w := world.source[r.number]) is None or row[w.number] != of]
    for length in range((placed.index(of) if of in placed else len(placed)) + 1):
        left = {
            w.key: (row[w.number], w) for at in placed[:length] for w in world.writes if row[w.number] == at
        }
        if all(left.get(r.key, (None, None))[1] is world.source[r.number] for r in outer):
            return True
    return False


JUDGES["consistent-prefix"] = consistent_prefix
