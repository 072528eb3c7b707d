"""Which column of a table plays which role."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dscheck.histories.errors import HistoryError, WrongOption

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

_OURS: Final = {"call": "invoked", "return": "returned"}
"""What dscheck's own lines call times.  Where a table has both, `call` is no function."""
_UNIT: Final = re.compile(r"[_ ([](ns|us|ms|s)[)\]]?$", re.IGNORECASE)
_TIMES: Final[tuple[str, ...]] = ("time", "invoked", "returned")


@dataclass(frozen=True, slots=True)
class Roles:
    """The column of each role that has one, and the unit of each time that its header names."""

    headers: Sequence[str]
    columns: dict[str, int]
    units: dict[str, str]
    rivals: dict[str, list[int]]
    """Of roles that were not told: all the columns whose headers say so, where there are several."""

    def check(self, used: Iterable[str]) -> None:
        """Raises HistoryError where several columns claim a role that is used."""
        for role in used:
            if role in self.rivals:
                first, *_ = several = [self.headers[at].strip() for at in self.rivals[role]]
                same = len(set(several)) < len(several)
                fix = "rename one of them" if same else f"say which it is: {{columns={role}={first}}}"
                names = " and ".join(map(repr, several))
                raise HistoryError(f"{names} may both be the {role}", fix=fix)

    def told(self, used: Collection[str]) -> str:
        """`client as process, op as function`."""
        taken = sorted((at, role) for role, at in self.columns.items() if role in used)
        return ", ".join(f"{self.headers[at].strip()} as {role}" for at, role in taken)

    def unused(self, used: Collection[str]) -> list[str]:
        """The headers of the columns that say nothing that counts."""
        taken = {at for role, at in self.columns.items() if role in used}
        return [header.strip() for at, header in enumerate(self.headers) if at not in taken]


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
                raise WrongOption(
                    f"{part!r} names no column", fix="write role=column, such as process=client"
                )
            pairs.append((role.strip(), name.strip()))
    for role, name in pairs:
        if role not in ROLES:
            raise WrongOption(f"no column can be a {role!r}", fix=f"the roles are {', '.join(ROLES)}")
        if name != dict(pairs)[role]:
            raise WrongOption(f"{name!r} and {dict(pairs)[role]!r} cannot both be the {role}", fix="name one")
    return dict(pairs)


def assign(headers: Sequence[str], wanted: Mapping[str, str]) -> Roles:
    """Who plays what: as wanted, then by the headers.  Raises HistoryError for missing columns."""
    columns: dict[str, int] = {}
    for role, name in wanted.items():
        places = [at for at, header in enumerate(headers) if header.strip() == name]
        if len(places) != 1:
            what = f"there is no column {name!r}" if not places else f"two columns are called {name!r}"
            raise WrongOption(what, fix=f"the columns are {', '.join(headers)[:200]}")
        columns[role] = places[0]
    words = [re.sub(r"[\W_]+", "", _UNIT.sub("", header.strip()).lower()) for header in headers]
    meanings = {name: role for role, names in ROLES.items() for name in names}
    if _OURS.keys() <= set(words):
        meanings |= _OURS
    free = [(meanings.get(word), at) for at, word in enumerate(words) if at not in columns.values()]
    found = {role: [at for of, at in free if of == role] for role in ROLES if role not in columns}
    columns |= {role: places[0] for role, places in found.items() if places}
    rivals = {role: places for role, places in found.items() if len(places) > 1}
    if "function" not in columns and "event" in columns and "event" not in wanted:
        columns["function"] = columns.pop("event")
        if "event" in rivals:
            rivals["function"] = rivals.pop("event")
    units: dict[str, str] = {
        role: unit[1].lower()
        for role in _TIMES
        if role in columns and (unit := _UNIT.search(headers[columns[role]].strip()))
    }
    return Roles(headers, columns, units, rivals)


__all__ = ["ROLES", "Roles", "assign", "parse"]
