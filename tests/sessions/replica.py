"""A primary and a replica that lags, simulated: what clients record, and how stale each read truly was."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from random import Random

from dscheck.histories.building import Builder
from dscheck.histories.history import History


@dataclass(frozen=True)
class Truth:
    """Of each read, in the order of rows, what it lagged."""

    history: History
    versions: list[int]
    time: list[int]


def lagging(
    *,
    operations: int,
    clients: int,
    lag: int,
    seed: int,
    writes: float = 0.2,
    spent: int = 40,
    step: int = 25,
    lists: bool = False,
) -> Truth:
    """One key; writes take effect at the primary, reads see it as it was up to `lag` nanoseconds ago, which
    differs from read to read; an operation takes up to `spent`, a client rests for up to `clients *
    step`."""
    random = Random(seed)
    builder = Builder(hints={} if lists else {"initial": None})
    free = [random.randrange(clients * step) for _ in range(clients)]
    planned = []
    for number in range(1, operations + 1):
        client = min(range(clients), key=free.__getitem__)
        began = free[client]
        effect = began + random.randrange(1, spent)
        ended = effect + random.randrange(1, spent)
        free[client] = ended + 1 + random.randrange(clients * step)
        planned.append((client, random.random() < writes, number, began, effect, ended))
    applied = sorted((effect, number) for _, write, number, _, effect, _ in planned if write)
    moments = [effect for effect, _ in applied]
    versions, time = [], []
    name = "append" if lists else "write"

    def seen_as(count: int) -> object:
        if lists:
            return tuple(number for _, number in applied[:count])
        return applied[count - 1][1] if count else None

    for client, write, number, began, effect, ended in sorted(planned, key=lambda one: one[3]):
        asked = builder.invoke(
            client, name if write else "read", number if write else None, key="x", at=began
        )
        if write:
            builder.respond(asked, at=ended)
            continue
        now, seen = bisect_right(moments, effect), bisect_right(moments, effect - random.randrange(lag + 1))
        builder.respond(asked, seen_as(seen), at=ended)
        versions.append(now - seen)
        time.append(effect - moments[seen] if now > seen else 0)
    return Truth(builder.build(), versions, time)
