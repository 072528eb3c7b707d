"""A history from the columns of a table, in one of three shapes.

* An operation a row: function, and process, key, argument, result, outcome, times of invocation and return.
* An event a row, as Jepsen has them: `event` is invoke, ok, fail or info, with a process, function and value.
* A micro-operation a row: `transaction` and its process, function (r, w or append), key and value.

Where a table has one column for values, it is the result of functions that read, the argument of the others.
Without times, only the order of the rows within each process is known.  `hints["warnings"]` has what a table
does not tell, and the columns that do not count: both may change a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.histories.building import Builder, positions
from dscheck.histories.errors import HistoryError
from dscheck.histories.formats.columns.cells import is_fraction, name_of, nanoseconds, outcome, truths, value
from dscheck.histories.formats.columns.mapping import Roles
from dscheck.histories.history import INFO, MICRO_KINDS, NEVER, OK, History, MicroOperations
from dscheck.histories.values import NIL, Values

_READING: Final = {"read", "get", "dequeue", "pop", "peek", "poll", "pop_front", "pop_back", "acquire"}
_NAMES: Final = {
    "r": "read",
    "w": "write",
    "enq": "enqueue",
    "deq": "dequeue",
    "compare_and_set": "cas",
    "compareandset": "cas",
    "compare-and-set": "cas",
}
_KINDS: Final = {"read": "r", "write": "w", "a": "append", **{kind: kind for kind in MICRO_KINDS}}
_FIX: Final = "name the columns with {columns=process=client,function=op}"
_ASKED: Final = ("process", "function", "key", "argument", "result", "value")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells by column, and the line of each row."""

    name: str
    format: str
    columns: Sequence[Sequence[Any]]
    lines: Sequence[int]
    roles: Roles

    def cells(self, role: str) -> Sequence[Any] | None:
        """The cells of a role; None where no column plays it."""
        at = self.roles.columns.get(role)
        return None if at is None else self.columns[at]


def history_of(table: Table) -> History:
    """The history in a table.  Raises HistoryError, with the line, for what is none."""
    if not len(table.lines):
        raise HistoryError("there is no row in it", fix="a table has a header and at least one row")
    if table.cells("transaction") is not None and table.cells("micro") is None:
        shape, used = _transactions, {"transaction", "process", "function", "key", "value", "outcome"}
    elif table.cells("event") is not None and table.cells("returned") is None:
        shape, used = _events, {"event", "time", *_ASKED}
    else:
        times = ("invoked", "returned", "begin_stamp", "commit_stamp")
        shape, used = _operations, {"outcome", "micro", *times, *_ASKED}
    if {"argument", "result"} <= table.roles.columns.keys():
        used -= {"value"} if shape is not _transactions else set()
    table.roles.check(sorted(used))
    history = shape(table)
    if found := [*_unused(table, used), *_untold(table, history)]:
        history.hints["warnings"] = found
    return history


def _unused(table: Table, used: set[str]) -> list[str]:
    """That some columns do not count, and which do."""
    unused = table.roles.unused(used)
    if not unused:
        return []
    verb = "columns do" if len(unused) > 1 else "column does"
    return [f"{len(unused)} {verb} not count: {', '.join(unused)}; taken: {table.roles.told(used)}"]


def _untold(table: Table, history: History) -> list[str]:
    """What a table does not tell, so that much would be right."""
    if history.ordered_in_time:
        return []
    alone = table.cells("process") is None and table.cells("transaction") is None
    known = ", nor who asked for them" if alone else ": only the order of rows within each process counts"
    return [f"nothing tells when operations took place{known}"]


def _operations(table: Table) -> History:
    values = Values()
    count = len(table.lines)
    micro = table.cells("micro")
    cells = table.cells("function") or (["txn"] * count if micro is not None else None)
    if cells is None:
        raise HistoryError("no column says what was asked", fix=_FIX)
    names, numbers = _functions(table, cells)
    argument, result = (_codes(table, role, values) for role in ("argument", "result"))
    told = _codes(table, "value", values)
    reading = np.array([name in _READING for name in names], bool)[numbers]
    if table.cells("argument") is None:
        argument = np.where(reading, NIL, told)
    if table.cells("result") is None:
        result = np.where(reading, told, NIL)
    began, ended = _both_times(table)
    outcomes = _outcomes(table, ended)
    ordered = began is not None and ended is not None
    if began is None or ended is None:
        began, ended = 2 * np.arange(count), 2 * np.arange(count) + 1
    ended = np.where(outcomes == INFO, NEVER, ended)
    result = np.where(outcomes == INFO, NIL, result)
    if (wrong := np.flatnonzero(ended < began)).size:
        raise HistoryError("it returns before it is invoked", line=table.lines[wrong[0]])
    invoked, returned = positions(began, ended)
    rows = np.argsort(invoked, kind="stable")
    inside = None if micro is None else _inside(table, micro, values)
    stamps = [_times(table, role) for role in ("begin_stamp", "commit_stamp")]
    return History(
        process=_codes(table, "process", values, or_own_row=True)[rows],
        function=numbers[rows],
        outcome=outcomes[rows],
        key=_codes(table, "key", values)[rows],
        argument=argument[rows],
        result=result[rows],
        invoked=invoked[rows],
        returned=returned[rows],
        functions=names,
        values=values,
        line=np.asarray(table.lines, np.int64)[rows],
        invoke_time=began[rows] if ordered else None,
        return_time=ended[rows] if ordered else None,
        ordered_in_time=ordered,
        micro=None if inside is None else _sorted(inside, rows),
        begin_stamp=None if stamps[0] is None else stamps[0][rows],
        commit_stamp=None if stamps[1] is None else stamps[1][rows],
        name=table.name,
        format=table.format,
    )


def _both_times(table: Table) -> tuple[npt.NDArray[np.int64] | None, npt.NDArray[np.int64] | None]:
    """When operations were invoked and when they returned; neither where no column says so."""
    began, ended = _times(table, "invoked"), _times(table, "returned")
    if (began is None) != (ended is None):
        found, lacks = ("invoked", "returned") if ended is None else ("returned", "invoked")
        header = table.roles.headers[table.roles.columns[found]].strip()
        what = (
            f"of invocation and return only one has a time: {header!r} is {found}, and no column is {lacks}"
        )
        columns = ", ".join(table.roles.headers)[:200]
        raise HistoryError(what, fix=f"the columns are {columns}: {{columns={lacks}=...}}")
    return began, ended


def _each(table: Table, cells: Sequence[Any], read: Callable[[Any], Any]) -> list[Any]:
    """What is in the cells; equal texts are read once."""
    known: dict[Any, Any] = {}
    found = []
    for at, cell in enumerate(cells):
        try:
            if type(cell) is str:
                if cell not in known:
                    known[cell] = read(cell)
                found.append(known[cell])
            else:
                found.append(read(cell))
        except (ValueError, OverflowError) as error:
            raise HistoryError(str(error), line=table.lines[at]) from None
    return found


def _codes(table: Table, role: str, values: Values, *, or_own_row: bool = False) -> npt.NDArray[np.int64]:
    cells = table.cells(role)
    count = len(table.lines)
    if cells is None:
        return np.arange(count) if or_own_row else np.full(count, NIL, np.int64)
    read = _reader(table, role)
    return np.array(_each(table, cells, lambda cell: values.code(read(cell))), np.int64)


def _reader(table: Table, role: str) -> Callable[[Any], Any]:
    """How the cells of a role are read."""
    if role in ("process", "transaction"):
        return partial(_owner, role)
    if role == "key":
        return name_of
    try:
        words = truths(filter(None, map(table.cells, ("argument", "result", "value"))))
    except ValueError as error:
        raise HistoryError(str(error), fix="or put texts into quotes of JSON") from None
    return partial(value, words=words)


def _owner(role: str, cell: Any) -> Any:
    """The process or the transaction that a row is of."""
    found = name_of(cell)
    if found is None:
        raise ValueError(f"it does not say which {role} it is of")
    return found


def _times(table: Table, role: str) -> npt.NDArray[np.int64] | None:
    cells = table.cells(role)
    if cells is None:
        return None
    unit = table.roles.units.get(role) or ("s" if _has_fractions(table) else "ns")
    found = _each(table, cells, lambda cell: nanoseconds(cell, unit))
    if role == "invoked" and None in found:
        raise HistoryError("it has no time of invocation", line=table.lines[found.index(None)])
    return np.array([NEVER if moment is None else moment for moment in found], np.int64)


def _has_fractions(table: Table) -> bool:
    """Whether the times are in seconds: some have a fraction."""
    columns = filter(None, map(table.cells, ("time", "invoked", "returned")))
    return any(is_fraction(cell) for column in columns for cell in column)


def _outcomes(table: Table, ended: npt.NDArray[np.int64] | None) -> npt.NDArray[np.uint8]:
    """What the table says; where it says nothing, ok if it says when it returned."""
    cells = table.cells("outcome")
    found = [None] * len(table.lines) if cells is None else _each(table, cells, outcome)
    returned = np.ones(len(found), bool) if ended is None else ended != NEVER
    known = np.array([OK if of is None else of for of in found], np.uint8)
    if (
        wrong := np.flatnonzero(~returned & (known != INFO) & np.array([of is not None for of in found]))
    ).size:
        raise HistoryError("it has an outcome, and no time of return", line=table.lines[wrong[0]])
    return np.where(returned, known, np.uint8(INFO))


def _functions(table: Table, cells: Sequence[Any]) -> tuple[tuple[str, ...], npt.NDArray[np.uint16]]:
    numbers: dict[str, int] = {}
    column = []
    for at, cell in enumerate(cells):
        name = _function(cell)
        if not name:
            raise HistoryError("it does not say what was asked", line=table.lines[at])
        column.append(numbers.setdefault(name, len(numbers)))
        if len(numbers) > 1000:
            raise HistoryError("more than 1,000 functions: is this the right column?", fix=_FIX)
    return tuple(numbers), np.array(column, np.uint16)


def _function(cell: Any) -> str:
    name = "" if cell is None else str(cell).strip().removeprefix(":").lower()
    return _NAMES.get(name, name)


def _inside(table: Table, cells: Sequence[Any], values: Values) -> list[list[tuple[int, int, int]]]:
    """The micro-operations of each row, in codes: a list of [kind, key, value] in JSON."""

    def read(cell: Any) -> list[tuple[int, int, int]]:
        listed = value(cell)
        if listed is None:
            return []
        if not isinstance(listed, tuple) or not all(isinstance(of, tuple) and len(of) == 3 for of in listed):
            raise ValueError(f"no list of [kind, key, value]: {str(cell)[:60]}")
        return [(_kind(kind), values.code(key), values.code(held)) for kind, key, held in listed]

    return _each(table, cells, read)


def _kind(cell: Any) -> int:
    word = str(cell).strip().removeprefix(":").lower()
    if word not in _KINDS:
        raise ValueError(f"{word[:40]!r} is no micro-operation; those are {', '.join(MICRO_KINDS)}")
    return MICRO_KINDS.index(_KINDS[word])


def _sorted(inside: list[list[tuple[int, int, int]]], rows: npt.NDArray[np.int64]) -> MicroOperations:
    flat = np.array([micro for row in rows for micro in inside[row]], np.int64).reshape(-1, 3)
    return MicroOperations(
        offsets=np.cumsum([0, *(len(inside[row]) for row in rows)], dtype=np.int64),
        kind=flat[:, 0].astype(np.uint8),
        key=np.ascontiguousarray(flat[:, 1]),
        value=np.ascontiguousarray(flat[:, 2]),
    )


def _events(table: Table) -> History:
    """An invocation and its return on rows of their own, paired by the code of the process."""
    into = Builder(table.name, table.format)
    events, functions = table.cells("event"), table.cells("function")
    if events is None or functions is None or table.cells("process") is None:
        raise HistoryError("rows of events need a process and a function", fix=_FIX)
    processes = _values(table, "process")
    keys, told = _values(table, "key"), _values(table, "value")
    arguments, results = _values(table, "argument"), _values(table, "result")
    times = _times(table, "time")
    if times is not None and (times == NEVER).any():
        raise HistoryError("it has no time", line=table.lines[int(np.argmax(times == NEVER))])
    pending: dict[int, tuple[int, str, int | None]] = {}
    for at, line in enumerate(table.lines):
        word = str(events[at]).strip().removeprefix(":").lower()
        moment = None if times is None else int(times[at])
        name, process = _function(functions[at]), processes[at]
        who = into.values.code(process)
        if word in ("invoke", "invocation", "call", "start"):
            if who in pending:
                raise HistoryError(f"process {process} is still busy with the operation before", line=line)
            argument = arguments[at] if table.cells("argument") else None if name in _READING else told[at]
            asked = into.invoke(process, name, argument, key=keys[at], at=moment, line=line)
            pending[who] = asked, name, moment
            continue
        try:
            known = outcome(word)
        except ValueError as error:
            raise HistoryError(str(error), line=line) from None
        if known is None or who not in pending:
            raise HistoryError(f"process {process} returns, and has not been asked", line=line)
        asked, name, began = pending.pop(who)
        if moment is not None and began is not None and moment < began:
            raise HistoryError("it returns before it is invoked", line=line)
        result = results[at] if table.cells("result") else told[at] if name in _READING else None
        into.respond(asked, result, outcome=known, at=moment)
    return into.build()


def _values(table: Table, role: str) -> list[Any]:
    cells = table.cells(role)
    return [None] * len(table.lines) if cells is None else _each(table, cells, _reader(table, role))


def _transactions(table: Table) -> History:
    """A micro-operation a row; a transaction's rows may lie between those of others."""
    into = Builder(table.name, table.format, ordered_in_time=False)
    functions, outcomes = table.cells("function"), table.cells("outcome")
    if functions is None or table.cells("key") is None:
        raise HistoryError("rows of micro-operations need a function (r, w, append) and a key", fix=_FIX)
    kinds = _each(table, functions, _kind)
    ended = [None] * len(kinds) if outcomes is None else _each(table, outcomes, outcome)
    keys, told, owners = _values(table, "key"), _values(table, "value"), _values(table, "transaction")
    processes = _values(table, "process") if table.cells("process") is not None else owners
    code = into.values.code
    found: dict[tuple[int, int], list[int]] = {}
    for at, owner in enumerate(owners):
        rows = found.setdefault((code(processes[at]), code(owner)), [])
        if rows and ended[at] != ended[rows[0]]:
            raise HistoryError(f"transaction {owner} has two outcomes", line=table.lines[at])
        rows.append(at)
    for rows in found.values():
        micro = [(MICRO_KINDS[kinds[at]], keys[at], told[at]) for at in rows]
        asked = into.invoke(processes[rows[0]], "txn", line=table.lines[rows[0]], micro=micro)
        known = ended[rows[0]]
        into.respond(asked, outcome=OK if known is None else known)
    return into.build()


__all__ = ["Table", "history_of"]
