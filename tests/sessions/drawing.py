"""Small histories of registers: all of them, and drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from dscheck.histories.building import Builder
from dscheck.histories.history import INFO, OK, History


class Asked(NamedTuple):
    """An operation before it is put in time."""

    process: int
    function: str
    key: str
    argument: Any
    result: Any
    outcome: int = OK


def one_by_one(asked: Sequence[Asked]) -> History:
    """Each operation returns before the next is invoked; those of unknown outcome never return."""
    builder = Builder(hints={"initial": None})
    for a in asked:
        number = builder.invoke(a.process, a.function, a.argument, key=a.key)
        builder.respond(number, a.result, outcome=a.outcome)
    return builder.build()


def all_sessions(shape: Sequence[int], keys: str) -> Iterator[History]:
    """Every history of reads and unique writes with so many operations per process; reads of what any process
    wrote or of nothing."""
    slots = [(process, slot) for process, count in enumerate(shape) for slot in range(count)]
    for kinds in product(*([(kind, key) for kind in "wr" for key in keys] for _ in slots)):
        values = {key: [None] for key in keys}
        for number, (kind, key) in enumerate(kinds, 1):
            if kind == "w":
                values[key].append(number)
        choices = [values[key] if kind == "r" else [number] for number, (kind, key) in enumerate(kinds, 1)]
        for chosen in product(*choices):
            yield one_by_one(
                [
                    Asked(process, "read", key, None, value)
                    if kind == "r"
                    else Asked(process, "write", key, value, None)
                    for (process, _), (kind, key), value in zip(slots, kinds, chosen, strict=True)
                ]
            )


@st.composite
def sessions(
    draw: st.DrawFn,
    *,
    most: int = 7,
    processes: int = 3,
    keys: str = "xy",
    infos: bool = False,
    duplicates: bool = False,
    cas: bool = False,
    timed: bool = False,
    touching: bool = False,
) -> History:
    """A history; its operations overlap where it is timed, and processes go on at the instant of their return
    where they may touch."""
    count = draw(st.integers(1, most))
    kinds = ["read", "read", "write", "write"] + ["cas"] * cas
    chosen = [
        (draw(st.integers(0, processes - 1)), draw(st.sampled_from(kinds)), draw(st.sampled_from(keys)))
        for _ in range(count)
    ]
    written: dict[str, list[Any]] = {key: [None] for key in keys}
    new: list[Any] = []
    for number, (_, kind, key) in enumerate(chosen, 1):
        value = draw(st.integers(1, 3)) if duplicates else number
        new.append(value)
        if kind != "read":
            written[key].append(value)
    asked = []
    for (process, kind, key), value in zip(chosen, new, strict=True):
        unknown = infos and kind != "read" and draw(st.integers(0, 3)) == 0
        outcome = INFO if unknown else OK
        old = draw(st.sampled_from(written[key]))
        if kind == "read":
            asked.append(Asked(process, "read", key, None, old))
        elif kind == "write":
            asked.append(Asked(process, "write", key, value, None, outcome))
        else:
            equal = unknown or draw(st.integers(0, 3)) > 0
            asked.append(Asked(process, "cas", key, (old, value), None if equal else False, outcome))
    return in_time(draw, asked, 0 if touching else 1) if timed or touching else one_by_one(asked)


def in_time(draw: st.DrawFn, asked: Sequence[Asked], pause: int = 1) -> History:
    """With times on a small grid, so that many are equal; a process waits for its own returns."""
    builder = Builder(hints={"initial": None})
    free: dict[int, int] = {}
    for a in asked:
        began = free.get(a.process, 0) + draw(st.integers(0, 4))
        ended = began + draw(st.integers(0, 5))
        number = builder.invoke(a.process, a.function, a.argument, key=a.key, at=began)
        builder.respond(number, a.result, outcome=a.outcome, at=ended)
        free[a.process] = ended + pause
    return builder.build()


@st.composite
def transactions(draw: st.DrawFn, *, most: int = 4, processes: int = 2, keys: str = "xy") -> History:
    """Transactions of reads and unique writes, one after the other."""
    count = draw(st.integers(2, most))
    kinds = st.lists(st.tuples(st.sampled_from("rrw"), st.sampled_from(keys)), min_size=1, max_size=3)
    chosen = [(draw(st.integers(0, processes - 1)), draw(kinds)) for _ in range(count)]
    numbers = iter(range(1, 100))
    made = [(process, [(kind, key, next(numbers)) for kind, key in inside]) for process, inside in chosen]
    values = {
        key: [None, *(n for _, inside in made for kind, of, n in inside if (kind, of) == ("w", key))]
        for key in keys
    }
    builder = Builder(hints={"initial": None})
    for process, inside in made:
        told = [
            (kind, key, n if kind == "w" else draw(st.sampled_from(values[key]))) for kind, key, n in inside
        ]
        number = builder.invoke(process, "txn", micro=told)
        builder.respond(number, micro=told)
    return builder.build()
