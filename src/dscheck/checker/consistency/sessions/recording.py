"""A history as reads and writes of registers: one entry per access, each session's in its order.

Understood are `read`/`get`, `write`/`put`, `cas` and `delete` of keys, appends to lists, and transactions of
reads, writes, appends and deletes, whose micro-operations are taken one by one: what a transaction makes
atomic is the business of isolation levels.

* What failed did not happen and is left out.
* A write whose outcome is unknown happened if somebody read it, and is otherwise left out: that is one of the
  permitted worlds, and the one that asks least.  While its process goes on, it stays pending: it comes after
  what its session did before, and before nothing.
* A compare-and-set is a read and a write right after it; its value follows the one that it replaced.  One
  that compared unequal says only what it did not find.
* A read of a list returned the version that its last element made, and the list is evidence of an order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from dscheck.checker.errors import DscheckError
from dscheck.histories.history import APPEND, DELETE, FAIL, INFO, NEVER, OK, READ, WRITE, History
from dscheck.histories.values import COMPOUND, LIST, NIL

Numbers = npt.NDArray[np.int64]

READS: Final = frozenset({"read", "get", "r"})
"""Names of functions that read one key."""
WRITES: Final = frozenset({"write", "put", "w", "append", "delete"})
"""Names of functions that write one key."""
CAS: Final = "cas"
TRANSACTIONS: Final = frozenset({"txn", "transaction", "t"})

PENDING: Final = 1
SHADOWED: Final = 2
CHAINED: Final = 4
RIDER: Final = 8
DIFFERS: Final = 16
"""Flags of accesses, as the engine's `sessions::Columns` has them."""

NO_ACCESS: Final = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Recording:
    """The accesses of a history, sessions one after the other; m entries."""

    history: History
    columns: dict[str, npt.NDArray[np.generic]]
    """What the engine takes: session, before, write, flags, key, value, list, row, begin, end, started, ended
    (all of shape (m,)), and pairs of writes whose order is certain: earlier, later."""
    processes: Numbers
    """The code of the process of each session; a session of its own, at the end, for each operation that
    stayed pending while its process went on."""
    initial: int
    """The code of the value of every key before its first write."""
    knows_initial: bool
    """Whether the format said so; otherwise a key's only value that nobody wrote may be it."""
    unequal: int
    """Compare-and-sets that compared unequal."""
    refused: dict[int, set[int]]
    """By key: what compare-and-sets that failed or compared unequal meant to write; codes."""
    appends: bool
    """Whether keys are lists."""

    def __len__(self) -> int:
        return len(self.columns["row"])


@dataclass(slots=True)
class _Parts:
    """Accesses as they are found, before they are put in order."""

    row: list[Numbers]
    place: list[Numbers]
    write: list[Numbers]
    key: list[Numbers]
    value: list[Numbers]
    flags: list[Numbers]

    def add(
        self, row: Numbers, place: int | Numbers, write: int, key: Numbers, value: Numbers, flags: int
    ) -> None:
        """Some accesses of one kind; `place` orders those of one row."""
        full = np.full(len(row), 0, np.int64)
        self.row.append(row)
        self.place.append(full + place)
        self.write.append(full + write)
        self.key.append(key)
        self.value.append(value)
        self.flags.append(full + flags)


def recorded(history: History) -> Recording:
    """The accesses of a history.  Raises DscheckError for what is no register, store or list."""
    _check_functions(history)
    parts = _Parts([], [], [], [], [], [])
    unequal, refused = _singles(history, parts)
    _micro(history, parts)
    row, place, write, key, value, flags = (
        np.concatenate([np.zeros(0, np.int64), *column])
        for column in (parts.row, parts.place, parts.write, parts.key, parts.value, parts.flags)
    )
    flags |= PENDING * ((history.outcome[row] == INFO) & (write != 0))
    session, processes, alone = _sessions(history)
    position = history.invoked
    order = np.lexsort((place, position[row], session[row]))
    row, place, write, key, value, flags = (
        column[order] for column in (row, place, write, key, value, flags)
    )
    known = "initial" in history.hints
    initial = history.values.code(history.hints["initial"]) if known else NIL
    appends = _has_appends(history) or _shows_only_empty_lists(history, write, value, initial)
    lists = np.full(len(row), -1, np.int64)
    if appends:
        value, lists = _versions(history, write, value, initial)
    used, whose = np.unique(session[row], return_inverse=True)
    real = int(np.searchsorted(used, alone))
    before = _before(whose, position[row], processes[used], real)
    began, ended = history.invoke_time, history.return_time
    timed = began is not None and ended is not None
    columns: dict[str, npt.NDArray[np.generic]] = {
        "session": whose.astype(np.uint32),
        "before": before.astype(np.uint32),
        "write": write.astype(np.uint8),
        "flags": flags.astype(np.uint8),
        "key": key,
        "value": value,
        "list": lists,
        "row": row.astype(np.uint32),
        "begin": history.invoked[row],
        "end": history.returned[row],
        "started": began[row] if began is not None and timed else history.invoked[row],
        "ended": ended[row] if ended is not None and timed else history.returned[row],
    }
    columns["earlier"], columns["later"] = _stamped(history, columns)
    return Recording(history, columns, processes[used], initial, known, unequal, refused, appends)


def _check_functions(history: History) -> None:
    allowed = READS | WRITES | TRANSACTIONS | {CAS}
    plain = np.ones(len(history), bool) if history.micro is None else np.diff(history.micro.offsets) == 0
    used = {history.functions[number] for number in np.unique(history.function[plain])}
    if strange := sorted(used - allowed):
        raise DscheckError(
            f"session guarantees and staleness are about reads and writes of keys; {history.name} has "
            f"{', '.join(strange)}, and {', '.join(sorted(allowed))} are known"
        )


def _is(history: History, names: frozenset[str], *, failed: bool = False) -> npt.NDArray[np.bool_]:
    """Operations of these functions that are no transactions; those that failed only if asked for."""
    numbers = [number for number, name in enumerate(history.functions) if name in names]
    plain: npt.NDArray[np.bool_] = np.isin(history.function, numbers) & (failed | (history.outcome != FAIL))
    if history.micro is not None:
        plain &= np.diff(history.micro.offsets) == 0
    return plain


def _singles(history: History, parts: _Parts) -> tuple[int, dict[int, set[int]]]:
    """Operations on one key; how many compare-and-sets compared unequal, and what they meant to write."""
    reads = np.flatnonzero(_is(history, READS) & (history.outcome == OK))
    parts.add(reads, 0, 0, history.key[reads], history.result[reads], 0)
    writes = np.flatnonzero(_is(history, WRITES))
    deletes = _is(history, frozenset({"delete"}))[writes]
    value = np.where(deletes, NIL, history.argument[writes])
    parts.add(writes, 0, 1, history.key[writes], value, 0)
    every = np.flatnonzero(_is(history, frozenset({CAS}), failed=True))
    if not len(every):
        return 0, {}
    old, new = _pairs(history, every)
    refused: dict[int, set[int]] = {}
    failed = history.outcome[every] == FAIL
    for of, value in zip(history.key[every][failed].tolist(), new[failed].tolist(), strict=True):
        refused.setdefault(of, set()).add(value)
    happened = history.outcome[every] != FAIL
    rows, old, new = every[happened], old[happened], new[happened]
    equal = (history.result[rows] != history.values.code(False)) | (history.outcome[rows] == INFO)
    done, key = rows[equal], history.key[rows]
    rider = np.where(history.outcome[done] == INFO, RIDER, 0)
    parts.add(done, 0, 0, key[equal], old[equal], 0)
    parts.flags[-1] += rider
    parts.add(done, 1, 1, key[equal], new[equal], CHAINED)
    parts.add(rows[~equal], 0, 0, key[~equal], old[~equal], DIFFERS)
    for of, value in zip(key[~equal].tolist(), new[~equal].tolist(), strict=True):
        refused.setdefault(of, set()).add(value)
    return int((~equal).sum()), refused


def _pairs(history: History, rows: Numbers) -> tuple[Numbers, Numbers]:
    """The two items of each argument."""
    values, codes = history.values, history.argument[rows]
    lists = codes - COMPOUND
    offsets, items = np.array(values.offsets, np.int64), np.array(values.items, np.int64)
    fine = (lists >= 0) & (lists < len(offsets) - 1)
    if fine.all():
        fine = (np.array(values.kinds)[lists] == LIST) & (offsets[lists + 1] - offsets[lists] == 2)
    if not fine.all():
        line = int(history.line[rows[~fine][0]])
        raise DscheckError(
            f"{history.name}, {line}: a cas takes a pair of values, the old one and the new one"
        )
    return items[offsets[lists]], items[offsets[lists] + 1]


def _micro(history: History, parts: _Parts) -> None:
    micro = history.micro
    if micro is None:
        return
    counts = np.diff(micro.offsets)
    row = np.repeat(np.arange(len(history)), counts)
    kinds = np.unique(micro.kind)
    if strange := set(kinds.tolist()) - {READ, WRITE, APPEND, DELETE}:
        raise DscheckError(
            f"{history.name}: transactions that increment, add or scan have no versions to compare "
            f"({len(strange)} such kinds); session guarantees need reads, writes, appends or deletes"
        )
    place = np.arange(len(row)) - micro.offsets[row]
    happened = history.outcome[row] != FAIL
    reads = np.flatnonzero((micro.kind == READ) & (history.outcome[row] == OK))
    parts.add(row[reads], place[reads], 0, micro.key[reads], micro.value[reads], 0)
    writes = np.flatnonzero((micro.kind != READ) & happened)
    value = np.where(micro.kind[writes] == DELETE, NIL, micro.value[writes])
    parts.add(row[writes], place[writes], 1, micro.key[writes], value, 0)
    order = np.lexsort((place[writes], micro.key[writes], row[writes]))
    same = (np.diff(row[writes][order]) == 0) & (np.diff(micro.key[writes][order]) == 0)
    parts.flags[-1][order[:-1][same]] |= SHADOWED


def _sessions(history: History) -> tuple[Numbers, Numbers, int]:
    """Of each row its session; of each session its process; the first session of one pending operation."""
    processes, session = np.unique(history.process, return_inverse=True)
    happened = history.outcome != FAIL
    last = np.full(len(processes), -1, np.int64)
    np.maximum.at(last, session[happened], history.invoked[happened])
    left = np.flatnonzero((history.outcome == INFO) & (history.invoked < last[session]))
    session[left] = len(processes) + np.arange(len(left))
    whose = np.concatenate([processes, history.process[left]])
    return session.astype(np.int64), whose, len(processes)


def _before(session: Numbers, position: Numbers, processes: Numbers, real: int) -> Numbers:
    """The access before each in session order, NO_ACCESS for none; sessions from `real` on stayed pending."""
    before = np.arange(len(session)) - 1
    starts = np.flatnonzero(np.diff(session, prepend=-1))
    before[starts] = NO_ACCESS
    of_process = {int(process): number for number, process in enumerate(processes[:real])}
    for start in starts[session[starts] >= real].tolist():
        mine = of_process.get(int(processes[session[start]]))
        if mine is not None:
            low, high = np.searchsorted(session, [mine, mine + 1])
            last = int(low + np.searchsorted(position[low:high], position[start]))
            before[start] = last - 1 if last > low else NO_ACCESS
    return before


def _has_appends(history: History) -> bool:
    if history.micro is not None and bool((history.micro.kind == APPEND).any()):
        return True
    return bool(_is(history, frozenset({"append"}), failed=True).any())


def _shows_only_empty_lists(history: History, write: Numbers, value: Numbers, initial: int) -> bool:
    """Whether nothing was written, and all that was read and the initial value are empty lists or nil."""
    if bool((write != 0).any()):
        return False
    values = history.values
    known = np.unique(np.append(value, initial))
    lists = known[known != NIL] - COMPOUND
    kinds, offsets = np.array(values.kinds, np.int64), np.array(values.offsets, np.int64)
    fine = bool(len(lists) and ((lists >= 0) & (lists < len(kinds))).all())
    return fine and bool(((kinds[lists] == LIST) & (np.diff(offsets)[lists] == 0)).all())


def _versions(history: History, write: Numbers, value: Numbers, initial: int) -> tuple[Numbers, Numbers]:
    """Of reads of lists: the last element, the initial value for an empty one; and which list."""
    values = history.values
    lists = value - COMPOUND
    kinds = np.array(values.kinds, np.int64)
    is_list = (write == 0) & (lists >= 0) & (lists < len(kinds))
    is_list[is_list] = kinds[lists[is_list]] == LIST
    if bool(((write == 0) & ~is_list & (value != initial) & (value != NIL)).any()):
        raise DscheckError(f"{history.name}: values are appended to, but some reads did not return lists")
    offsets, items = np.array(values.offsets, np.int64), np.array(values.items, np.int64)
    value = value.copy()
    found = lists[is_list]
    empty = offsets[found] == offsets[found + 1]
    value[(write == 0) & (value == NIL)] = initial
    newest = np.full(len(found), initial, np.int64)
    newest[~empty] = items[offsets[found + 1][~empty] - 1]
    value[is_list] = newest
    return value, np.where(is_list, lists, -1)


def _stamped(
    history: History, columns: dict[str, npt.NDArray[np.generic]]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Consecutive writes of a key in the order of the database's commit timestamps."""
    none = np.zeros(0, np.uint32)
    if history.commit_stamp is None:
        return none, none
    stamp = history.commit_stamp[columns["row"].astype(np.int64)]
    final = (columns["write"] != 0) & (columns["flags"].astype(np.int64) & SHADOWED == 0) & (stamp != NEVER)
    writes = np.flatnonzero(final)
    key = columns["key"][writes]
    order = np.lexsort((stamp[writes], key))
    writes, key, stamp = writes[order], key[order], stamp[writes][order]
    follows = (np.diff(key) == 0) & (np.diff(stamp) > 0)
    return writes[:-1][follows].astype(np.uint32), writes[1:][follows].astype(np.uint32)
