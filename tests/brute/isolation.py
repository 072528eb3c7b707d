"""Isolation levels of tiny histories by trying every commit order: straight from the axioms.

A history keeps a level if its transactions can be put in a total *commit order* AR (arbitration), with a
relation VIS ("is visible to"), such that every read is explained.  After Cerone, Bernardi and Gotsman (CONCUR
2015), Cerone and Gotsman (J. ACM 2018), Biswas and Enea (OOPSLA 2019); for the levels below read atomic after
Adya (1999) and Bailis et al. (VLDB 2014).  With

    WR   t1 -> t3 where t3 reads what t1 wrote last to a key; the initial transaction comes before all
    WW   t1 -> t2 where both write a key and t1 AR t2
    B    what the variant adds: nothing;  "strong-session-": SO, the order within each session;
         "strong-": SO and RT, real time (t1 returned before t2 was invoked).
         causal, prefix and parallel-snapshot have SO in any case, as their definitions do
    D    WR u B

the least VIS of each level is

    read-atomic           VIS = D
    causal                VIS = D+
    prefix                VIS = AR* ; D
    parallel-snapshot     VIS = (D u WW)+
    snapshot-isolation    VIS = AR* ; (D u WW)
    serializable, repeatable-read (there are no predicates)      VIS = AR

and the level is kept iff  VIS, D are in AR  and  for every read of x by t3 from t1 and every other writer t2
of x:  t2 VIS t3 => t2 AR t1.  Below read atomic:

    read-uncommitted        B in AR, and the lists that were read grow in AR's order (Adya's G0)
    read-committed          D in AR (Adya's PL-2: G0, G1a, G1b, G1c)
    monotonic-atomic-view   D in AR, and if t3 had read from t2 before it read x from t1, and t2 writes x:
                            t2 AR t1 (Bailis's OTV; what Biswas, Enea, Plume and AWDIT call read committed)

From read-committed upwards a read must also see the last own write, or else some committed transaction's
last write to the key.  A value that nobody ever wrote breaks every level.  Operations of outcome info may be
left out; what they read is unknown; they stay pending, so they precede nothing in session or time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, permutations, product
from typing import Any

from dscheck.histories.history import INFO, OK, History

LEVELS = (
    "read-uncommitted",
    "read-committed",
    "monotonic-atomic-view",
    "read-atomic",
    "causal",
    "parallel-snapshot",
    "prefix",
    "snapshot-isolation",
    "repeatable-read",
    "serializable",
)
SESSIONED = ("causal", "parallel-snapshot", "prefix")
VARIANTS = ("", "strong-session-", "strong-")
NAMES = tuple(
    v + level for v in VARIANTS for level in LEVELS if v != "strong-session-" or level not in SESSIONED
)
"""Everything that can be asked."""

INITIAL = -1
Pair = tuple[int, int]


@dataclass
class World:
    """The transactions that happened in one of the possible worlds, by their rows."""

    history: History
    rows: list[int]
    appends: dict[int, dict[Any, list[Any]]] = field(default_factory=dict)
    """What each transaction wrote, by key, in its order."""
    reads: list[tuple[int, Any, Any]] = field(default_factory=list)
    """(reader, key, value) of external reads, in each transaction's order; of lists without own appends."""
    broken: bool = False
    """Whether a transaction failed to see its own last write."""
    is_list: bool = False


def kept(history: History) -> set[str]:
    """The levels that a history keeps, of NAMES; strong ones need `ordered_in_time`."""
    found: set[str] = set()
    must = [row for row in range(len(history)) if history.outcome[row] == OK]
    if any(is_garbage(history, read) for read in world_of(history, must).reads):
        return found
    for rows in possible_worlds(history):
        world = world_of(history, rows)
        bases = {variant: base(history, world.rows, variant) for variant in VARIANTS}
        choices = [] if world.broken else list(product(*(writers(world, read) for read in world.reads)))
        for order in permutations(world.rows):
            position = {row: at for at, row in enumerate(order)} | {INITIAL: -1}
            for variant in VARIANTS:
                if all(position[a] < position[b] for a, b in bases[variant]):
                    if grows(world, position):
                        found.add(variant + "read-uncommitted")
                    for choice in choices:
                        if exact(world, choice, order):
                            found |= {
                                variant + level
                                for level in LEVELS[1:]
                                if variant + level not in found
                                and explains(level, world, choice, position, bases[stronger(variant, level)])
                            }
    return found & set(NAMES)


def stronger(variant: str, level: str) -> str:
    """The variant whose order B a level has, at least the sessions where they belong to it."""
    return "strong-session-" if variant == "" and level in SESSIONED else variant


def possible_worlds(history: History) -> Iterator[list[int]]:
    """The rows that happened, in every world that the outcomes permit."""
    must = [row for row in range(len(history)) if history.outcome[row] == OK]
    may = [row for row in range(len(history)) if history.outcome[row] == INFO]
    for size in range(len(may) + 1):
        yield from (sorted([*must, *extra]) for extra in combinations(may, size))


def world_of(history: History, rows: list[int]) -> World:
    """What the transactions of these rows did."""
    world = World(history, rows)
    for row in rows:
        own: dict[Any, list[Any]] = {}
        for kind, key, value in history.operation(row).micro:
            world.is_list |= kind == "append"
            if kind != "r":
                own.setdefault(key, []).append(value)
            elif history.outcome[row] == OK:
                mine = own.get(key, [])
                if isinstance(value, tuple):
                    world.broken |= bool(mine) and list(value[-len(mine) :]) != mine
                    world.reads.append((row, key, value[: len(value) - len(mine)]))
                elif not mine:
                    world.reads.append((row, key, value))
                else:
                    world.broken |= mine[-1] != value
        world.appends[row] = own
    return world


def is_garbage(history: History, read: tuple[int, Any, Any]) -> bool:
    """Whether something was read that nobody wrote, not even in a transaction that failed."""
    _, key, value = read
    written = [
        v for row in range(len(history)) for k, x, v in history.operation(row).micro if k != "r" and x == key
    ]
    if isinstance(value, tuple):
        return any(item not in written for item in value)
    return value != history.hints.get("initial") and value not in written


def base(history: History, rows: list[int], variant: str) -> set[Pair]:
    """B: the order that a variant adds."""
    done = [(a, b) for a in rows for b in rows if history.outcome[a] == OK and a != b]
    session = {
        (a, b)
        for a, b in done
        if history.process[a] == history.process[b] and history.invoked[a] < history.invoked[b]
    }
    real_time = {(a, b) for a, b in done if history.returned[a] < history.invoked[b]}
    return {"": set(), "strong-session-": session, "strong-": session | real_time}[variant]


def writers(world: World, read: tuple[int, Any, Any]) -> list[int]:
    """From which transactions a read may be: their last write to the key gives the value."""
    reader, key, value = read
    if isinstance(value, tuple):
        if not value:
            return [INITIAL]
        return [
            row
            for row, own in world.appends.items()
            if row != reader and own.get(key, [None])[-1] == value[-1]
        ]
    found = [
        row for row, own in world.appends.items() if row != reader and key in own and own[key][-1] == value
    ]
    initial = () if world.is_list else world.history.hints.get("initial")
    is_initial = value == initial or (world.is_list and value is None)
    return [INITIAL, *found] if is_initial else found


def grows(world: World, position: dict[int, int]) -> bool:
    """Lists: whether the elements that were read are in the order in which their writers commit."""
    for _, key, value in world.reads:
        if isinstance(value, tuple):
            owner = {item: row for row, own in world.appends.items() for item in own.get(key, [])}
            places = [position[owner[item]] for item in value if item in owner]
            if places != sorted(places):
                return False
    return True


def exact(world: World, choice: tuple[int, ...], order: tuple[int, ...]) -> bool:
    """Lists: whether each read is all that was appended up to and including the transaction it reads from."""
    for (_, key, value), writer in zip(world.reads, choice, strict=True):
        if isinstance(value, tuple):
            until = order.index(writer) + 1 if writer != INITIAL else 0
            if value != tuple(item for row in order[:until] for item in world.appends[row].get(key, [])):
                return False
    return True


def explains(
    level: str, world: World, choice: tuple[int, ...], position: dict[int, int], given: set[Pair]
) -> bool:
    """Whether a commit order explains all reads at a level above read uncommitted."""
    rows = world.rows
    in_order = {(a, b) for a in rows for b in rows if position[a] < position[b]}
    d = {(w, read[0]) for w, read in zip(choice, world.reads, strict=True) if w != INITIAL} | given
    if not d <= in_order:
        return False
    if level == "read-committed":
        return True
    if level == "monotonic-atomic-view":
        return is_monotonic(world, choice, position)
    ww = {(a, b) for a, b in in_order if world.appends[a].keys() & world.appends[b].keys()}
    star = in_order | {(row, row) for row in rows}
    visible = {
        "read-atomic": lambda: d,
        "causal": lambda: closure(d),
        "parallel-snapshot": lambda: closure(d | ww),
        "prefix": lambda: compose(star, d),
        "snapshot-isolation": lambda: compose(star, d | ww),
        "repeatable-read": lambda: in_order,
        "serializable": lambda: in_order,
    }[level]()
    return visible <= in_order and all(
        position[t2] < position[t1]
        for t1, (t3, key, _) in zip(choice, world.reads, strict=True)
        for t2 in rows
        if t2 not in (t1, t3) and key in world.appends[t2] and (t2, t3) in visible
    )


def is_monotonic(world: World, choice: tuple[int, ...], position: dict[int, int]) -> bool:
    """Whether no transaction stops to see another one whose effects it saw."""
    reads = [(w, *read) for w, read in zip(choice, world.reads, strict=True)]
    return all(
        position[t2] < position[t1]
        for at, (t1, t3, key, _) in enumerate(reads)
        for t2, reader, _, _ in reads[:at]
        if reader == t3 and t2 not in (t1, INITIAL) and key in world.appends[t2]
    )


def compose(first: set[Pair], second: set[Pair]) -> set[Pair]:
    """first ; second."""
    return {(a, c) for a, b in first for b2, c in second if b == b2}


def closure(pairs: set[Pair]) -> set[Pair]:
    """The transitive closure."""
    found = set(pairs)
    while more := compose(found, found) - found:
        found |= more
    return found
