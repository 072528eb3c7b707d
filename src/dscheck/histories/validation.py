"""What no recording can contain, by line.  Everything is vectorised: it costs less than reading.

The engine's readers apply these rules event by event, and name both lines; other readers, and what programs
build, are checked here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import INFO, MICRO_KINDS, NEVER, OUTCOMES, History
from dscheck.histories.values import ATOM, COMPOUND, NIL, Values

Row = int
Numbers = npt.NDArray[np.int64]


def validate(history: History) -> None:
    """Raises HistoryError for a rule that is broken, with the line of the first row that breaks it."""
    count = len(history)
    for name, column in _columns(history):
        if len(column) != count:
            what = f"the column {name} has {len(column):,} rows, not {count:,}"
            raise HistoryError(what, file=history.name)
    for check in (_numbers, _positions, _times, _processes, _micro):
        broken = check(history)
        if broken is not None:
            row, what = broken
            raise HistoryError(what, file=history.name, line=int(history.line[row]))
    _values(history)


def _columns(history: History) -> Iterator[tuple[str, npt.NDArray[np.generic]]]:
    names = ("process", "function", "outcome", "key", "argument", "result", "invoked", "returned", "line")
    optional = ("invoke_time", "return_time", "begin_stamp", "commit_stamp")
    yield from ((name, getattr(history, name)) for name in names)
    yield from ((name, getattr(history, name)) for name in optional if getattr(history, name) is not None)


def _numbers(history: History) -> tuple[Row, str] | None:
    """Functions and outcomes are ones that exist."""
    if (row := _first(history.function >= len(history.functions))) is not None:
        return row, f"function number {history.function[row]} has no name"
    if (row := _first(history.outcome >= len(OUTCOMES))) is not None:
        return row, f"an outcome {history.outcome[row]}, which means nothing"
    return None


def _positions(history: History) -> tuple[Row, str] | None:
    """Rows are in the order of invocation, positions are distinct, and returns come after invocations."""
    returned = history.returned
    if (row := _first(np.diff(history.invoked) <= 0)) is not None:
        return row + 1, "invoked before the operation in the row before it, or at once with it"
    if (row := _first((returned == NEVER) != (history.outcome == INFO))) is not None:
        what = "it returned, and its outcome is info" if history.outcome[row] == INFO else "it did not return"
        return row, f"{what}: the outcome is {OUTCOMES[history.outcome[row]]}"
    if (row := _first(returned <= history.invoked)) is not None:
        return row, "a return without invoke: it returned before it was invoked"
    moments = np.concatenate([history.invoked, returned[returned != NEVER]])
    if len(np.unique(moments)) < len(moments):
        order = np.sort(moments)
        twice = order[:-1][np.diff(order) == 0][0]
        row = _first((history.invoked == twice) | (returned == twice)) or 0
        return row, f"two events at the position {twice}"
    return None


def _times(history: History) -> tuple[Row, str] | None:
    """A return is not earlier than its invocation."""
    if history.invoke_time is None or history.return_time is None:
        return None
    if (row := _first(history.return_time < history.invoke_time)) is not None:
        began, ended = history.invoke_time[row], history.return_time[row]
        return row, f"time runs backwards: it returned at {ended} and was invoked at {began}"
    return None


def _processes(history: History) -> tuple[Row, str] | None:
    """A process does one thing at a time; what it left unknown may go on beside what it does next.

    Where times are given, what touches in time is one after the other.
    """
    order = np.argsort(history.process, kind="stable")
    before, after = order[:-1], order[1:]
    same = history.process[before] == history.process[after]
    is_known = history.outcome[before] != INFO
    overlap = same & is_known & (history.returned[before] > history.invoked[after])
    if history.invoke_time is not None and history.return_time is not None:
        overlap &= history.return_time[before] != history.invoke_time[after]
        ended = np.where(is_known, history.return_time[before], history.invoke_time[before])
        at = _first(same & (history.invoke_time[after] < ended) & ~overlap)
        if at is not None:
            who = history.values.value(int(history.process[after[at]]))
            line = history.line[before[at]]
            return int(after[at]), f"time runs backwards in process {who}: its line {line} is later"
    if (at := _first(overlap)) is not None:
        who = history.values.value(int(history.process[after[at]]))
        what = f"two operations at once in process {who}: that of line {history.line[before[at]]}"
        return int(after[at]), f"{what} has not returned"
    return None


def _micro(history: History) -> tuple[Row, str] | None:
    """Every micro-operation belongs to a transaction, and is of a kind that exists."""
    micro = history.micro
    if micro is None:
        return None
    sizes = {len(micro.kind), len(micro.key), len(micro.value)}
    ends = micro.offsets[-1:].tolist()
    if len(micro.offsets) != len(history) + 1 or micro.offsets[0] != 0 or sizes != set(ends):
        raise HistoryError("the columns of micro-operations do not fit together", file=history.name)
    if (row := _first(np.diff(micro.offsets) < 0)) is not None:
        return row, "a transaction with less than no micro-operations"
    if (at := _first(micro.kind >= len(MICRO_KINDS))) is not None:
        row = int(np.searchsorted(micro.offsets, at, "right")) - 1
        return row, f"a micro-operation of the kind {micro.kind[at]}, which means nothing"
    return None


def _values(history: History) -> None:
    """Every code has a value, and no compound contains itself."""
    columns = {name: getattr(history, name) for name in ("process", "key", "argument", "result")}
    for name, column in columns.items():
        if (row := _first(~_known(column, history.values))) is not None:
            what = f"the {name} is {column[row]}, which is the code of nothing"
            raise HistoryError(what, file=history.name, line=int(history.line[row]))
    items = np.frombuffer(history.values.items, np.int64)
    inside = [items] if history.micro is None else [items, history.micro.key, history.micro.value]
    if not all(_known(column, history.values).all() for column in inside):
        raise HistoryError("a value contains the code of nothing", file=history.name)
    owner = np.repeat(np.arange(len(history.values.kinds)), np.diff(history.values.offsets))
    if ((items >= COMPOUND) & (items < ATOM) & (items - COMPOUND >= owner)).any():
        raise HistoryError("a value contains itself", file=history.name)


def _known(codes: Numbers, values: Values) -> npt.NDArray[np.bool_]:
    """Which codes have a value."""
    atoms, compounds = len(values.atoms), len(values.kinds)
    small = 2**60
    known: npt.NDArray[np.bool_] = (codes > -small) & (codes < small)
    known |= codes == NIL
    known |= (codes >= COMPOUND) & (codes < COMPOUND + compounds)
    known |= (codes >= ATOM) & (codes < ATOM + atoms)
    return known


def _first(broken: npt.NDArray[np.bool_]) -> int | None:
    """Where the first rule is broken."""
    at = int(broken.argmax()) if len(broken) else 0
    return at if len(broken) and broken[at] else None
