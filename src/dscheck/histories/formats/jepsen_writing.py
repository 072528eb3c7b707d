"""Write Jepsen's EDN and JSON: an event a line, as Jepsen, Knossos, Elle and elle-cli read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from dscheck.histories.bands import stopping
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import INFO, MICRO_KINDS, OK, READ, SCAN, Event, History
from dscheck.histories.telling import BEGIN, END, INVOKE, happenings
from dscheck.histories.values import NIL

ASKING: Final = ("read", "dequeue", "pop", "peek", "get")
"""Functions that Jepsen's workloads call without an argument; the engine's settle.rs knows the same."""
TELLING: Final = (
    *("write", "cas", "put", "append", "delete", "enqueue", "push", "push_front", "push_back", "insert"),
    *("add", "remove", "inc", "dec", "transfer", "release"),
)
"""Functions of which a result that is the argument says that it is done; settle.rs knows the same."""

Fields = dict[str, str]
Encode = Callable[[Any], str]


def operations(history: History, encode: Encode, word: Encode) -> Iterator[Fields]:
    """The events of a history as operations of Jepsen: texts of type, f, value, process, time, index.

    `word` is for types, functions and kinds.  Raises HistoryError for what they cannot say.
    """
    _check(history)
    index = 0
    for phase, row, time in happenings(history):
        if phase in (BEGIN, END):
            told = _nemesis(history.events[row], phase, encode, word)
        else:
            told = [_operation(history, row, phase, encode, word)]
        for fields in told:
            if time is not None:
                fields["time"] = str(time)
            yield fields | {"index": str(index)}
            index += 1


def _operation(history: History, row: int, phase: str, encode: Encode, word: Encode) -> Fields:
    value = history.values.value
    key = {} if history.key[row] == NIL else {"key": encode(value(int(history.key[row])))}
    return {
        "type": word(phase),
        "f": word(history.functions[history.function[row]]),
        **key,
        "value": _value(history, row, phase, encode, word),
        "process": encode(value(int(history.process[row]))),
    }


def _value(history: History, row: int, phase: str, encode: Encode, word: Encode) -> str:
    """The argument; of what is ok the result, instead of which changes in Jepsen repeat the argument."""
    if history.micro is not None and history.micro.offsets[row] < history.micro.offsets[row + 1]:
        return _micro(history, row, phase, encode, word)
    argument = history.values.value(int(history.argument[row]))
    if phase == "ok":
        result = history.values.value(int(history.result[row]))
        is_telling = history.functions[history.function[row]] in TELLING
        repeats = result is None and is_telling and not isinstance(argument, bool)
        return encode(argument if repeats else result)
    return encode(argument)


def _micro(history: History, row: int, phase: str, encode: Encode, word: Encode) -> str:
    """What a transaction asks, or did; where it was ok, its invocation does not tell what it will read."""
    micro, value = history.micro, history.values.value
    assert micro is not None
    parts = []
    for at in range(micro.offsets[row], micro.offsets[row + 1]):
        kind = int(micro.kind[at])
        is_known = phase != INVOKE or history.outcome[row] != OK or kind not in (READ, SCAN)
        of = value(int(micro.value[at])) if is_known else None
        inside = (word(MICRO_KINDS[kind]), encode(value(int(micro.key[at]))), encode(of))
        parts.append(f"[{inside[0]}{_gap(word)}{inside[1]}{_gap(word)}{inside[2]}]")
    return f"[{_gap(word).join(parts)}]"


def _gap(word: Encode) -> str:
    """What separates items: a blank in EDN, a comma in JSON."""
    return " " if word("r") == ":r" else ","


def _nemesis(event: Event, phase: str, encode: Encode, word: Encode) -> list[Fields]:
    """A fault is what the nemesis does from when it begins to when it stops; what lasts is done at once."""
    stop = stopping(event.name)
    name = event.name if phase == BEGIN or stop is None else stop
    fields = {"type": word("info"), "f": word(name), "value": encode(event.detail or None)}
    fields |= {"process": word("nemesis")}
    return [fields] if stop is None else [fields, dict(fields)]


def _check(history: History) -> None:
    """Whether Jepsen's operations can say it all."""
    wrong = ""
    if not history.ordered_in_time:
        wrong = "its operations have no order in time, and those of Jepsen have"
    if history.begin_stamp is not None:
        wrong = "its transactions have timestamps of the database"
    order = np.argsort(history.process, kind="stable")
    before, after = order[:-1], order[1:]
    same = (history.process[before] == history.process[after]) & (history.outcome[before] != INFO)
    if (same & (history.returned[before] > history.invoked[after])).any():
        wrong = "a process is called in the same nanosecond in which it returned"
    asking = np.array([name in ASKING for name in history.functions])[history.function]
    if (history.argument[asking] != NIL).any():
        wrong = f"{', '.join(ASKING)} have arguments, which Jepsen's have not"
    telling = np.array([name in TELLING for name in history.functions])[history.function]
    echo = telling & (history.result == history.argument) & (history.result != NIL) & (history.outcome == OK)
    if any(not isinstance(history.values.value(int(code)), bool) for code in np.unique(history.result[echo])):
        wrong = "results are equal to arguments, which Jepsen's formats have for no result"
    if wrong:
        raise HistoryError(wrong, file=history.name, fix="write it as jsonl")
