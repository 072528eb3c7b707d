"""Write dscheck's own format: a line per operation where times say it all, else a line per event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import IO, Any, Final

import numpy as np

from dscheck.histories.building import positions
from dscheck.histories.formats.encoding import json_text, to_json
from dscheck.histories.history import INFO, MICRO_KINDS, NEVER, OK, OUTCOMES, Event, History
from dscheck.histories.telling import BEGIN, END, INVOKE, happenings
from dscheck.histories.values import NIL

VERSION: Final = 1
HINTS: Final = ("datatype", "initial")
"""What the header says by name rather than under `hints`."""
_PASSING: Final = "warnings"
"""The hint that is about how another file was read."""


def write(history: History, file: IO[str]) -> None:
    """All of a history, so that reading it again gives the same columns."""
    file.write(json_text(_header(history)) + "\n")
    lines = _whole(history) if _is_told_by_times(history) else _events(history)
    for line in lines:
        file.write(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n")


def _header(history: History) -> dict[str, Any]:
    header: dict[str, Any] = {"dscheck": VERSION, "exact": True, "order": "line"}
    if not history.ordered_in_time:
        header["ordered_in_time"] = False
    header |= {name: history.hints[name] for name in HINTS if name in history.hints}
    if others := {name: value for name, value in history.hints.items() if name not in (*HINTS, _PASSING)}:
        header["hints"] = others
    return header


def _is_told_by_times(history: History) -> bool:
    """Whether the order of events is that of their times, with invocations first; faults have no times."""
    if history.invoke_time is None or history.return_time is None or history.events:
        return False
    invoked, returned = positions(history.invoke_time, history.return_time)
    return bool(np.array_equal(invoked, history.invoked) and np.array_equal(returned, history.returned))


def _whole(history: History) -> Iterable[dict[str, Any]]:
    assert history.invoke_time is not None
    assert history.return_time is not None
    say = _speaker(history)
    for row in range(len(history)):
        line = {"process": say(history.process[row]), "f": history.functions[history.function[row]]}
        line |= _asked(history, row, say)
        if history.result[row] != NIL:
            line["result"] = say(history.result[row])
        line["call"] = int(history.invoke_time[row])
        if history.return_time[row] != NEVER:
            line["return"] = int(history.return_time[row])
        if history.outcome[row] not in (OK, INFO):
            line["type"] = OUTCOMES[history.outcome[row]]
        yield line | _stamps(history, row)


def _events(history: History) -> Iterable[dict[str, Any]]:
    say = _speaker(history)
    for phase, row, time in happenings(history):
        if phase in (BEGIN, END):
            yield _note(phase, history.events[row])
            continue
        line: dict[str, Any] = {"type": phase, "process": say(history.process[row])}
        if phase == INVOKE:
            line["f"] = history.functions[history.function[row]]
            line |= _asked(history, row, say) | _stamps(history, row)
        elif history.outcome[row] == OK and _micro(history, row, say) is not None:
            line["txn"] = _micro(history, row, say)
        elif history.result[row] != NIL:
            line["result"] = say(history.result[row])
        if time is not None:
            line["time"] = time
        yield line


def _note(phase: str, event: Event) -> dict[str, Any]:
    line = {"type": phase, "event": event.name}
    return line | {"detail": event.detail} if event.detail and phase == BEGIN else line


def _speaker(history: History) -> Callable[[Any], Any]:
    """Values as JSON, by their codes."""
    value = history.values.value
    return lambda code: to_json(value(int(code)))


def _asked(history: History, row: int, say: Callable[[Any], Any]) -> dict[str, Any]:
    line = {"key": say(history.key[row])} if history.key[row] != NIL else {}
    if (micro := _micro(history, row, say)) is not None:
        line["txn"] = micro
    elif history.argument[row] != NIL:
        line["argument"] = say(history.argument[row])
    return line


def _micro(history: History, row: int, say: Callable[[Any], Any]) -> list[Any] | None:
    """The micro-operations of a row; None if it is no transaction."""
    micro = history.micro
    if micro is None or micro.offsets[row] == micro.offsets[row + 1]:
        return None
    inside = range(micro.offsets[row], micro.offsets[row + 1])
    return [[MICRO_KINDS[micro.kind[at]], say(micro.key[at]), say(micro.value[at])] for at in inside]


def _stamps(history: History, row: int) -> dict[str, Any]:
    columns = {"begin_stamp": history.begin_stamp, "commit_stamp": history.commit_stamp}
    return {name: int(of[row]) for name, of in columns.items() if of is not None and of[row] != NEVER}
