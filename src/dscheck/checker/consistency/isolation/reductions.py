"""Sets and predicate reads, as transactions over registers with one version or more per key.

A set is one register per element, which is written once.  A read of the whole set reads all of them: those in
it from whoever added them, the others from before that.  So every level is judged exactly.

A predicate read (micro kind SCAN) names its predicate by the key of the micro-operation, and gives a map of
the matching keys to what was read under each.  It reads those keys; and of every other key it saw a version
that does not match (Adya 1999, section 4.4.2: it selects a version of every key).  Which one, is known where

* the predicate is ALL, and keys have no initial value: every version matches but the absent one;
* or every version of the key that was ever written is known to match, because some read of the same predicate
  shows it: then what was selected is the initial version.

What replaces such an unmatched version is a phantom: an anti-dependency of kind `predicate`.  Of other keys
nothing can be said; they are counted.  Levels up to repeatable reads are about items alone (Adya's PL-2.99;
Bailis's read atomic): `items` is the history for those, without what predicates did not match.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly, Witness
from dscheck.checker.consistency.wording import transaction
from dscheck.checker.errors import DscheckError
from dscheck.histories.history import ADD, FAIL, MICRO_KINDS, OK, READ, SCAN, WRITE, History, MicroOperations
from dscheck.histories.values import ATOM, COMPOUND, MAP, NIL

ALL: Final = "*"
"""The predicate that every key matches that is there."""
Rows = npt.NDArray[np.int64]
"""Rows of a history, or codes."""
_ADDS: Final = ("add", "write")
_SCANS: Final = frozenset({READ, WRITE, SCAN})
_MOST: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Reduced:
    """A history in the form that is judged, and what became of its predicates."""

    history: History
    predicates: list[tuple[int, int]]
    """Row and code of the key of each read that found a predicate not to match."""
    items: History | None = None
    """The history for levels that are not about predicates, where it is another one."""
    gaps: tuple[str, ...] = ()
    is_set: bool = False
    """Whether keys are elements of a set."""
    findings: tuple[Anomaly, ...] | None = None
    """What is wrong with single reads, where the data type has words of its own for that."""


def registers_of(history: History) -> Reduced:
    """The same rows as transactions over registers, where that has to be; else the history itself."""
    if history.micro is None:
        return _of_sets(history)
    done = np.unique(history.micro.kind)
    if ADD in done:
        return _of_adds(history)
    return _of_scans(history) if SCAN in done else Reduced(history, [])


def is_set(history: History) -> bool:
    """Whether operations add elements, and read them all."""
    used = {history.functions[number] for number in np.unique(history.function)}
    if "read" not in used or len(used) > 2 or not used - {"read"} <= set(_ADDS):
        return False
    done = history.result[(history.function == history.functions.index("read")) & (history.outcome == OK)]
    return all(isinstance(history.values.value(int(code)), frozenset | None) for code in np.unique(done))


def _of_sets(history: History) -> Reduced:
    if not is_set(history):
        functions = ", ".join(history.functions)
        raise DscheckError(
            f"{history.name} has no transactions (its functions are {functions}): levels of isolation say "
            "nothing about it"
        )
    read = history.functions.index("read")
    done = np.flatnonzero((history.function == read) & (history.outcome == OK))
    adds = np.flatnonzero(history.function != read)
    found = [np.sort(_items(history, int(code))) for code in history.result[done]]
    elements = np.unique(np.concatenate([history.argument[adds], *found]))
    if len(elements) * len(done) > _MOST:
        raise DscheckError(
            f"{history.name}: {plural(len(done), 'read')} of {plural(len(elements), 'element')} are too many"
        )
    sizes = np.zeros(len(history), np.int64)
    sizes[adds], sizes[done] = 1, len(elements)
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    kind = np.full(offsets[-1], READ, np.uint8)
    key = np.zeros(offsets[-1], np.int64)
    value = np.full(offsets[-1], NIL, np.int64)
    kind[offsets[adds]], key[offsets[adds]], value[offsets[adds]] = WRITE, history.argument[adds], 1
    for row, items in zip(done, found, strict=True):
        inside = slice(offsets[row], offsets[row + 1])
        key[inside] = elements
        value[inside][np.isin(elements, items)] = 1
    micro = MicroOperations(offsets, kind, key, value)
    reduced = replace(history, micro=micro, hints=_without_initial(history))
    return Reduced(reduced, [], is_set=True, findings=_strange(history, done, found, adds))


def _without_initial(history: History) -> dict[str, Any]:
    """The hints for registers that are elements of sets: absent at first."""
    return {name: value for name, value in history.hints.items() if name != "initial"}


def _strange(history: History, done: Rows, found: list[Rows], adds: Rows) -> tuple[Anomaly, ...]:
    """Elements that nobody added, or only an operation that failed."""
    anomalies: dict[str, Anomaly] = {}
    happened = history.argument[adds[history.outcome[adds] != FAIL]]
    failed = {int(history.argument[row]): int(row) for row in adds[history.outcome[adds] == FAIL]}
    for row, items in zip(done, found, strict=True):
        for code in items[~np.isin(items, happened)]:
            element = history.values.value(int(code))
            reader = f"{transaction(history, row)} read a set with {element!r}, "
            by = failed.get(int(code))
            if by is None:
                names = ("garbage read", "value that nobody wrote", reader + "which nobody added.")
            else:
                names = (
                    "G1a",
                    "aborted read",
                    reader + f"but {transaction(history, by)}, which added it, failed.",
                )
            known = anomalies.get(names[0])
            rows = (int(row),) if by is None else tuple(sorted((int(row), by)))
            witness = known.witness if known else Witness(operations=rows, sentence=names[2], minimal=True)
            count = known.count + 1 if known else 1
            anomalies[names[0]] = Anomaly(name=names[0], everyday=names[1], witness=witness, count=count)
    return tuple(anomalies.values())


def _of_adds(history: History) -> Reduced:
    """Transactions on several sets: one register per set and element, named by both."""
    offsets, columns = [0], [(0, 0, 0)][:0]
    universe: dict[int, set[int]] = {}
    for row in range(len(history)):
        for kind, key, value in _micro(history, row, {READ, ADD}):
            known = universe.setdefault(key, set())
            known.update([value] if kind == ADD else _items(history, value).tolist())
    value_of, code = history.values.value, history.values.code
    names = {
        (key, element): code((value_of(key), value_of(element)))
        for key, elements in universe.items()
        for element in elements
    }
    for row in range(len(history)):
        for kind, key, value in _micro(history, row, {READ, ADD}):
            if kind == ADD:
                columns.append((WRITE, names[key, value], 1))
            elif history.outcome[row] == OK:
                inside = set(_items(history, value).tolist())
                columns += [
                    (READ, names[key, of], 1 if of in inside else NIL) for of in sorted(universe[key])
                ]
        offsets.append(len(columns))
        if len(columns) > _MOST:
            raise DscheckError(f"{history.name}: reads of sets of up to {len(names):,} elements are too many")
    reduced = _with(history, offsets, columns)
    return Reduced(replace(reduced, hints=_without_initial(history)), [], is_set=True)


def _with(history: History, offsets: list[int], columns: Sequence[tuple[int, ...]]) -> History:
    """The history with other micro-operations."""
    kinds, keys, values = (np.array([line[at] for line in columns], np.int64) for at in range(3))
    micro = MicroOperations(np.array(offsets, np.int64), kinds.astype(np.uint8), keys, values)
    return replace(history, micro=micro)


def _without(history: History, absent: npt.NDArray[np.bool_]) -> History:
    """The history without these micro-operations."""
    micro = history.micro
    assert micro is not None
    kept = np.concatenate([[0], np.cumsum(~absent)])
    rest = (kept[micro.offsets], micro.kind[~absent], micro.key[~absent], micro.value[~absent])
    return replace(history, micro=MicroOperations(*rest))


def _items(history: History, code: int) -> Rows:
    return np.zeros(0, np.int64) if code == NIL else np.array(history.values.item_codes(code), np.int64)


def _of_scans(history: History) -> Reduced:
    matching = _matching(history)
    versions: dict[int, set[int]] = {}
    for row in range(len(history)):
        for kind, key, value in _micro(history, row, _SCANS):
            if kind == WRITE:
                versions.setdefault(key, set()).add(value)
    everything, first = history.values.code(ALL), history.values.code(history.hints.get("initial"))
    offsets, columns = [0], [(0, 0, 0, 0)][:0]
    absent: list[tuple[int, int]] = []
    unknown = 0
    for row in range(len(history)):
        own: set[int] = set()
        for kind, key, value in _micro(history, row, _SCANS):
            if kind != SCAN:
                columns.append((kind, key, value, 0))
                own.update([key] if kind == WRITE else [])
                continue
            if history.outcome[row] != OK:
                continue
            found = _pairs(history, row, value)
            columns += [(READ, of, seen, 0) for of, seen in found.items()]
            for of in sorted(versions.keys() - found.keys()):
                matches = matching.get((key, of), set())
                is_first = versions[of] <= matches and first not in matches
                if is_first or (key == everything and first == NIL):
                    columns.append((READ, of, first, of not in own))
                    absent += [] if of in own else [(row, of)]
                else:
                    unknown += 1
        offsets.append(len(columns))
    keys = plural(unknown, "key")
    gaps = (f"{keys} of which nobody knows whether a predicate matches them",) if unknown else ()
    reduced = _with(history, offsets, columns)
    items = _without(reduced, np.array([line[3] for line in columns], np.bool_))
    return Reduced(reduced, absent, items=items, gaps=gaps)


def _matching(history: History) -> dict[tuple[int, int], set[int]]:
    """(predicate, key) to the values that are known to match."""
    found: dict[tuple[int, int], set[int]] = {}
    for row in np.flatnonzero(history.outcome == OK):
        for kind, key, value in _micro(history, int(row), _SCANS):
            if kind == SCAN:
                for of, seen in _pairs(history, int(row), value).items():
                    found.setdefault((key, of), set()).add(seen)
    return found


def _micro(history: History, row: int, allowed: Set[int]) -> Iterator[tuple[int, int, int]]:
    micro = history.micro
    assert micro is not None
    for at in range(int(micro.offsets[row]), int(micro.offsets[row + 1])):
        if int(micro.kind[at]) not in allowed:
            others = ", ".join(MICRO_KINDS[kind] for kind in sorted(allowed))
            found = MICRO_KINDS[micro.kind[at]]
            raise DscheckError(
                f"{history.name}, line {history.line[row]}: {found!r} is not judged beside {others}"
            )
        yield int(micro.kind[at]), int(micro.key[at]), int(micro.value[at])


def _pairs(history: History, row: int, code: int) -> dict[int, int]:
    """Codes of keys and values of a map.  Raises DscheckError for anything else."""
    at = code - COMPOUND
    if code != NIL and not (COMPOUND <= code < ATOM and history.values.kinds[at] == MAP):
        raise DscheckError(
            f"{history.name}, line {history.line[row]}: a scan gave {history.values.value(code)!r}: "
            "a map of keys to values was expected"
        )
    items = () if code == NIL else list(history.values.item_codes(code))
    return dict(zip(items[::2], items[1::2], strict=True))
