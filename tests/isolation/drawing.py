"""Small histories of transactions over registers, at random and all of a size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random

from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, History

Micro = tuple[str, object, object]


def draw_history(
    rng: Random,
    *,
    sessions: int = 3,
    transactions: int = 5,
    keys: int = 2,
    operations: int = 3,
    outcomes: bool = True,
    duplicates: bool = False,
) -> History:
    """Writes of distinct values, reads of any of them; sessions overlap in any way."""
    names = "xyz"[: rng.randint(1, keys)]
    count = rng.randint(2, transactions)
    owners = [rng.randrange(rng.randint(1, sessions)) for _ in range(count)]
    shapes = [
        [(rng.choice("rw"), rng.choice(names)) for _ in range(rng.randint(1, operations))] for _ in owners
    ]
    written: dict[str, list[int]] = {name: [] for name in names}
    micros: list[list[Micro]] = []
    for shape in shapes:
        micros.append([])
        for kind, key in shape:
            repeat = duplicates and written[key] and rng.random() < 0.3
            value = rng.choice(written[key]) if repeat else len(written[key]) + 1
            if kind == "w":
                written[key].append(value)
            micros[-1].append((kind, key, value if kind == "w" else None))
    for at, micro in enumerate(micros):
        own: dict[object, object] = {}
        for place, (kind, key, value) in enumerate(micro):
            if kind == "w":
                own[key] = value
            elif key in own and rng.random() < 0.95:
                micro[place] = (kind, key, own[key])
            else:
                near = [
                    v
                    for other in micros[max(0, at - 2) : at + 1]
                    for k, x, v in other
                    if k == "w" and x == key
                ]
                pool = near if near and rng.random() < 0.6 else [None, *written[str(key)]]
                micro[place] = (kind, key, rng.choice(pool))
                if rng.random() < 0.02:
                    micro[place] = (kind, key, 99)
    ends = [rng.choices([OK, INFO, FAIL], [10, 1, 1])[0] if outcomes else OK for _ in owners]
    return interleaved(rng, owners, micros, ends)


def interleaved(rng: Random, owners: list[int], micros: list[list[Micro]], ends: list[int]) -> History:
    """Transactions of these sessions, invoked and answered in a random order."""
    build = Builder()
    waiting = {owner: [at for at, other in enumerate(owners) if other == owner] for owner in set(owners)}
    running: dict[int, tuple[int, int]] = {}
    patience = rng.random()
    while waiting or running:
        idle = [owner for owner in waiting if owner not in running]
        if idle and (not running or rng.random() < patience):
            owner = rng.choice(idle)
            at = waiting[owner].pop(0)
            running[owner] = (build.invoke(owner, "txn", micro=micros[at]), ends[at])
            if not waiting[owner]:
                del waiting[owner]
        else:
            owner = rng.choice(list(running))
            operation, outcome = running.pop(owner)
            build.respond(operation, outcome=outcome)
    return build.build()


def all_histories(shapes: int, operations: int) -> Iterator[History]:
    """Every history of so many transactions of so many operations over two keys, in three arrangements: all
    in one session, each in its own and overlapping, the last in its own and after the others."""
    kinds = [(kind, key) for kind in "rw" for key in "xy"]
    for chosen in product(product(kinds, repeat=operations), repeat=shapes):
        flat = [(at, kind, key) for at, shape in enumerate(chosen) for kind, key in shape]
        counts = {"x": 0, "y": 0}
        values: list[list[int | None]] = []
        for _, kind, key in flat:
            counts[key] += kind == "w"
            values.append([counts[key]] if kind == "w" else [])
        for place, (_, kind, key) in enumerate(flat):
            if kind == "r":
                values[place] = [None, *range(1, counts[key] + 1)]
        for picked in product(*values):
            micros: list[list[Micro]] = [[] for _ in chosen]
            for (at, kind, key), value in zip(flat, picked, strict=True):
                micros[at].append((kind, key, value))
            yield from arrangements(micros)


def arrangements(micros: list[list[Micro]]) -> Iterator[History]:
    """The same transactions in three arrangements."""
    one, own, later = Builder(), Builder(), Builder()
    for micro in micros:
        one.respond(one.invoke(0, "txn", micro=micro))
    for asked in [own.invoke(at, "txn", micro=micro) for at, micro in enumerate(micros)]:
        own.respond(asked)
    for asked in [later.invoke(at, "txn", micro=micro) for at, micro in enumerate(micros[:-1])]:
        later.respond(asked)
    later.respond(later.invoke(len(micros), "txn", micro=micros[-1]))
    yield from (one.build(), own.build(), later.build())
