"""Small histories of transactions on lists, at random and all of a size; and what their edges mean."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from dscheck.checker.consistency.judgement import Edge
from dscheck.histories.history import FAIL, INFO, OK, History, Operation
from isolation.drawing import arrangements, interleaved

Micro = tuple[str, object, object]


def draw_lists(
    rng: Random, *, sessions: int = 3, transactions: int = 5, keys: int = 2, outcomes: bool = True
) -> History:
    """Appends of distinct elements; reads of prefixes of one order, some of them spoilt."""
    names = "xyz"[: rng.randint(1, keys)]
    count = rng.randint(2, transactions)
    owners = [rng.randrange(rng.randint(1, sessions)) for _ in range(count)]
    ends = [rng.choices([OK, INFO, FAIL], [10, 1, 1])[0] if outcomes else OK for _ in owners]
    shapes = [[(rng.choice("ra"), rng.choice(names)) for _ in range(rng.randint(1, 3))] for _ in owners]
    elements = dict.fromkeys(names, 0)
    drafts: list[list[tuple[str, str, int]]] = []
    for shape in shapes:
        drafts.append([])
        for kind, key in shape:
            elements[key] += kind == "a"
            drafts[-1].append((kind, key, elements[key]))
    lists: dict[str, list[int]] = {name: [] for name in names}
    for at in rng.sample(range(count), count) if rng.random() < 0.3 else range(count):
        for kind, key, element in drafts[at]:
            if kind == "a" and (ends[at] != FAIL or rng.random() < 0.1):
                lists[key].append(element)
    careless = rng.random() * 0.4
    micros: list[list[Micro]] = []
    for draft in drafts:
        own: dict[str, list[int]] = {name: [] for name in names}
        micros.append([])
        for kind, key, element in draft:
            if kind == "a":
                own[key].append(element)
                micros[-1].append(("append", key, element))
            else:
                micros[-1].append(("r", key, _read(rng, lists[key], own[key], careless)))
    return interleaved(rng, owners, micros, ends)


def _read(rng: Random, order: list[int], own: list[int], careless: float) -> tuple[int, ...] | None:
    """A prefix of the order that ends with the own elements, as a rule."""
    if own and rng.random() > careless / 4:
        before = order.index(own[0]) if own[0] in order else rng.randint(0, len(order))
        found = [element for element in order[:before] if element not in own] + own
    else:
        found = order[: rng.randint(0, len(order))]
    if rng.random() < careless / 4 and found:
        spoil = rng.randrange(4)
        at = rng.randrange(len(found))
        if spoil == 0:
            found = found[:at] + found[at + 1 :]
        elif spoil == 1:
            found = [*found, found[at]]
        elif spoil == 2:
            rng.shuffle(found)
        elif rng.random() < 0.3:
            found = [*found, 99]
    return tuple(found) if found or rng.random() < 0.5 else None


def all_lists(transactions: int, operations: int) -> Iterator[History]:
    """Every history of so many transactions of so many operations on two keys; reads show elements of any
    of the transactions in any order; in the arrangements of `drawing`."""
    for chosen in product(product(["ax", "rx", "ay", "ry"], repeat=operations), repeat=transactions):
        counts = {"x": 0, "y": 0}
        flat = []
        for at, shape in enumerate(chosen):
            for word in shape:
                counts[word[1]] += word[0] == "a"
                flat.append((at, word[0], word[1], counts[word[1]]))
        values = [[None] if kind == "a" else _lists(counts[key]) for _, kind, key, _ in flat]
        for picked in product(*values):
            micros: list[list[Micro]] = [[] for _ in chosen]
            for (at, kind, key, element), value in zip(flat, picked, strict=True):
                micros[at].append(("append", key, element) if kind == "a" else ("r", key, value))
            yield from arrangements(micros)


def _lists(count: int) -> list[tuple[int, ...]]:
    """Lists of distinct elements; of three or more only prefixes of two orders."""
    if count < 3:
        return [(), *((a,) for a in range(1, count + 1)), *([(1, 2), (2, 1)] if count == 2 else [])]
    ahead = tuple(range(1, count + 1))
    return [order[:size] for order in (ahead, ahead[::-1]) for size in range(count + 1)]


def is_true(history: History, edge: Edge) -> bool:
    """Whether an edge of a list-append history means what its kind says; from the definitions."""
    first, second = history.operation(edge.source), history.operation(edge.target)
    if edge.kind == "session":
        return first.process == second.process and first.invoked < second.invoked and first.outcome == "ok"
    if edge.kind == "real-time":
        return first.returned is not None and first.returned < second.invoked
    mine, theirs = _appended(first, edge.key), _appended(second, edge.key)
    if edge.kind == "wr":
        return any(mine & set(read) for read in _reads(second, edge.key))
    if edge.kind == "rw":
        return bool(theirs) and any(theirs - set(read) for read in _reads(first, edge.key))
    lists = [
        read
        for row in range(len(history))
        if history.outcome[row] == OK
        for read in _external(history.operation(row), edge.key)
    ]
    in_order = any(
        read.index(a) < len(read) - 1 - read[::-1].index(b)
        for read in lists
        for a in mine
        for b in theirs
        if {a, b} <= set(read)
    )
    unseen = theirs - {element for read in lists for element in read}
    return in_order or bool(unseen and mine & {element for read in lists for element in read})


def _external(operation: Operation, key: Any) -> Iterator[tuple[Any, ...]]:
    """What others wrote of each list that was read."""
    own = 0
    for kind, of, value in operation.micro:
        if of == key and kind == "append":
            own += 1
        elif of == key:
            yield (value or ())[: max(0, len(value or ()) - own)]


def _appended(operation: Operation, key: Any) -> set[Any]:
    return {value for kind, of, value in operation.micro if kind == "append" and of == key}


def _reads(operation: Operation, key: Any) -> list[tuple[Any, ...]]:
    return [value or () for kind, of, value in operation.micro if kind == "r" and of == key]
