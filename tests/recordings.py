"""Histories and values drawn at random."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import strategies as st

from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, NEVER, OK, Event, History

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
INTEGERS = st.one_of(st.integers(-3, 3), st.integers(), st.sampled_from([2**60, 2**60 - 1, -(2**60), 10**40]))
ATOMS = st.one_of(st.none(), st.booleans(), INTEGERS, st.floats(), TEXTS, st.binary(max_size=4))


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def nested(atoms: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values that contain others."""

    def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        plain = inner.filter(_is_hashable)
        return st.one_of(
            st.lists(inner, max_size=3).map(tuple),
            st.frozensets(plain, max_size=3),
            st.dictionaries(plain, inner, max_size=3),
        )

    return st.recursive(atoms, deeper, max_leaves=6)


VALUES = nested(ATOMS)
DATA = nested(st.one_of(st.none(), st.booleans(), INTEGERS, st.floats(allow_nan=False), TEXTS))
"""What EDN can say."""
PLAIN = st.one_of(st.none(), INTEGERS, st.floats(allow_nan=False, allow_infinity=False), TEXTS)


@st.composite
def histories(
    draw: st.DrawFn,
    values: st.SearchStrategy[Any] = VALUES,
    *,
    functions: tuple[str, ...] = ("write", "cas", "add", "fetch"),
    faults: bool = True,
    processes: st.SearchStrategy[Any] | None = None,
) -> History:
    """Operations of a few processes; with times or without, with transactions, faults and all outcomes."""
    builder = Builder()
    who = draw(st.lists(processes or st.integers(0, 9), min_size=1, max_size=4, unique_by=repr))
    timed, keyed = draw(st.booleans()), draw(st.booleans())
    transactions = draw(st.booleans())
    waiting: dict[int, int | None] = {}
    clock, ticks = draw(st.integers(-(10**18), 10**18)), 0
    for _ in range(draw(st.integers(1, 14))):
        lane = draw(st.integers(0, len(who) - 1))
        clock += draw(st.integers(0, 2))
        at = clock if timed else None
        if (pending := waiting.pop(lane, None)) is not None:
            outcome = draw(st.sampled_from([OK, OK, FAIL, INFO]))
            told = draw(_micro(values)) if transactions and outcome == OK else None
            result = draw(values) if outcome == OK and not transactions else None
            builder.respond(pending, result, outcome=outcome, at=at, micro=told)
            ticks += outcome != INFO
            continue
        function = "txn" if transactions else draw(st.sampled_from(functions))
        key = draw(values) if keyed else None
        micro = draw(_micro(values)) if transactions else ()
        argument = None if transactions else draw(values)
        waiting[lane] = builder.invoke(who[lane], function, argument, key=key, at=at, micro=micro)
        ticks += 1
    if faults and not timed:
        for name in draw(st.lists(TEXTS, max_size=2, unique=True)):
            begin = draw(st.integers(0, ticks))
            end = draw(st.one_of(st.just(NEVER), st.integers(begin, ticks)))
            builder.events.append(Event(name, begin, end, draw(TEXTS)))
        builder.events.sort(key=lambda event: (event.begin, event.end))
    return builder.build()


def _micro(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[str, Any, Any]]]:
    kinds = st.sampled_from(["r", "w", "append", "inc", "add", "delete", "scan"])
    return st.lists(st.tuples(kinds, values, values), min_size=1, max_size=3)


def same(one: Any, other: Any) -> bool:
    """Equal by type as well, and NaN to itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return sorted(map(frozen, one.items())) == sorted(map(frozen, other.items()))
    if isinstance(one, frozenset):
        return sorted(map(frozen, one)) == sorted(map(frozen, other))
    if isinstance(one, float) and math.isnan(one):
        return math.isnan(other)
    return bool(one == other)


def frozen(value: Any) -> str:
    """A text that is equal exactly where values are."""
    if isinstance(value, tuple):
        return f"({','.join(map(frozen, value))})"
    if isinstance(value, dict):
        return f"{{{','.join(sorted(map(frozen, value.items())))}}}"
    if isinstance(value, frozenset):
        return f"#{{{','.join(sorted(map(frozen, value)))}}}"
    value = 0.0 if isinstance(value, float) and value == 0 else value
    return f"{type(value).__name__}:{value!r}"


CODED = ("process", "key", "argument", "result")
NUMBERS = ("outcome", "invoked", "returned", "invoke_time", "return_time", "begin_stamp", "commit_stamp")


def differences(one: History, other: History) -> list[str]:
    """The columns in which two histories differ, all but the lines."""
    found = []
    for name in NUMBERS:
        mine, theirs = getattr(one, name), getattr(other, name)
        if (mine is None) != (theirs is None) or (mine is not None and not np.array_equal(mine, theirs)):
            found.append(name)
    if [one.functions[n] for n in one.function] != [other.functions[n] for n in other.function]:
        found.append("function")
    for name in CODED:
        if spoken(one, getattr(one, name)) != spoken(other, getattr(other, name)):
            found.append(name)
    if (one.micro is None) != (other.micro is None):
        return [*found, "micro"]
    if one.micro is not None and other.micro is not None:
        for name in ("offsets", "kind"):
            if not np.array_equal(getattr(one.micro, name), getattr(other.micro, name)):
                found.append(f"micro.{name}")
        for name in ("key", "value"):
            if spoken(one, getattr(one.micro, name)) != spoken(other, getattr(other.micro, name)):
                found.append(f"micro.{name}")
    return found


def spoken(history: History, codes: np.ndarray) -> list[str]:
    """A column's values as texts."""
    return [frozen(history.values.value(int(code))) for code in codes]
