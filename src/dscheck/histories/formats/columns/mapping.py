"""Which column of a table plays which role."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dscheck.histories.errors import HistoryError

ROLES: Final[dict[str, tuple[str, ...]]] = {
    "process": (
        "process",
        "client",
        "clientid",
        "thread",
        "threadid",
        "session",
        "sessionid",
        "worker",
        "sid",
    ),
    "function": ("function", "f", "op", "operation", "method", "command", "call"),
    "key": ("key", "k", "object", "register", "variable"),
    "argument": ("argument", "arg", "args", "input", "request", "parameter"),
    "result": ("result", "output", "returnvalue", "retval", "response", "ret"),
    "value": ("value", "v", "val"),
    "outcome": ("outcome", "status", "ok", "success"),
    "event": ("type", "event", "phase"),
    "time": ("time", "timestamp", "ts", "at"),
    "invoked": (
        "invoked",
        "invoke",
        "invoketime",
        "start",
        "starttime",
        "started",
        "begin",
        "begintime",
        "calltime",
    ),
    "returned": (
        "returned",
        "return",
        "returntime",
        "end",
        "endtime",
        "ended",
        "finish",
        "finished",
        "completed",
    ),
    "transaction": ("transaction", "transactionid", "txn", "txnid", "tid"),
    "micro": ("micro", "ops", "operations", "microoperations"),
    "begin_stamp": ("beginstamp", "sts", "startts", "begints"),
    "commit_stamp": ("commitstamp", "cts", "committs"),
}
"""What a column can say, and the headers that say so untold; case and punctuation do not count."""

_UNIT: Final = re.compile(r"[_ ([](ns|us|ms|s)[)\]]?$", re.IGNORECASE)
_TIMES: Final[tuple[str, ...]] = ("time", "invoked", "returned")


@dataclass(frozen=True, slots=True)
class Roles:
    """The column of each role that has one, and the unit of each time that its header names."""

    columns: dict[str, int]
    units: dict[str, str]


def parse(columns: str | Mapping[str, str] | None) -> dict[str, str]:
    """`process=client,function=op` as a dictionary.  Raises HistoryError for what is none."""
    if columns is None:
        return {}
    if isinstance(columns, Mapping):
        pairs = [(role, name) for role, name in columns.items()]
    else:
        pairs = []
        for part in filter(None, (part.strip() for part in columns.split(","))):
            role, equals, name = part.partition("=")
            if not equals:
                raise HistoryError(
                    f"{part!r} names no column", fix="write role=column, such as process=client"
                )
            pairs.append((role.strip(), name.strip()))
    for role, _ in pairs:
        if role not in ROLES:
            raise HistoryError(f"no column can be a {role!r}", fix=f"the roles are {', '.join(ROLES)}")
    return dict(pairs)


def assign(headers: Sequence[str], wanted: Mapping[str, str]) -> Roles:
    """Who plays what: as wanted, then by the headers.  Raises HistoryError for missing columns."""
    places = {header.strip(): at for at, header in reversed(list(enumerate(headers)))}
    columns: dict[str, int] = {}
    for role, name in wanted.items():
        if name not in places:
            raise HistoryError(
                f"there is no column {name!r}", fix=f"the columns are {', '.join(headers)[:200]}"
            )
        columns[role] = places[name]
    words = [re.sub(r"[\W_]+", "", _UNIT.sub("", header.strip()).lower()) for header in headers]
    for role, names in ROLES.items():
        free = [words.index(name) for name in names if name in words]
        free = [at for at in free if at not in columns.values()]
        if role not in columns and free:
            columns[role] = free[0]
    if "function" not in columns and "event" in columns and "event" not in wanted:
        columns["function"] = columns.pop("event")
    units: dict[str, str] = {
        role: found[1].lower()
        for role in _TIMES
        if role in columns and (found := _UNIT.search(headers[columns[role]].strip()))
    }
    return Roles(columns, units)


__all__ = ["ROLES", "Roles", "assign", "parse"]
