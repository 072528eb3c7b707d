"""Transactions with the database's own timestamps as JSON: TimeKiller, that is Chronos and Aion (ICDE 2025).

    [{"tid": 67, "sid": 19, "sts": {"p": 1691420095436341, "l": 61}, "cts": {"p": 1691420095659914, "l": 18},
      "ops": [{"t": "w", "k": 7, "v": 2}, {"t": "r", "k": 8, "v": 3}]}, ...]

`t` is w or r (registers), or a and r (lists; a read gives the whole list); long names do as well.  The start
and commit timestamps have a physical and a logical part and are ordered by both.  `sno`, if it is there,
is the transaction's place in its session; without, the order of the file is.

Conventions: all transactions are committed.  The value before the first write is nil (or `initial`); where
the file reads 0 from keys to which nobody writes it, and never nil, it is 0: TimeKiller lets its user say.
Lists are empty at first.  Real time is unknown: the timestamps are the database's claims, not observations.
`line` counts the transactions from 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

from dscheck.histories.building import Builder, Micro
from dscheck.histories.errors import HistoryError
from dscheck.histories.files import content
from dscheck.histories.formats.sessions import cannot, check_transactions
from dscheck.histories.history import APPEND, OK, READ, WRITE, History

NAME: Final = "timekiller"
SUMMARY: Final = "JSON transactions with start and commit timestamps, as TimeKiller (Chronos, Aion) has them"

_FIELDS: Final = (b'"sts"', b'"cts"', b'"ops"', b'"sid"')
_KINDS: Final = {"w": "w", "write": "w", "r": "r", "read": "r", "a": "append", "append": "append"}
_FIX: Final = 'a transaction has "sid", "sts" and "cts" of the form {"p": 1, "l": 0}, and "ops"'
_BITS: Final = 62
_DIGITS: Final = 4000


def recognises(head: bytes, path: Path) -> int:
    """By the names of the fields of the first transaction."""
    if not re.match(rb"\s*\[\s*\{", head):
        return 0
    return 95 if all(name in head for name in _FIELDS[:3]) else 0


def read(path: Path, *, initial: int | None = None) -> History:
    """The history in a file.  Raises HistoryError for any other file."""
    found = list(_transactions(path))
    if not found:
        raise HistoryError("there is no transaction in it", file=path, fix=_FIX)
    if all("sno" in fields for _, fields in found):
        found.sort(key=lambda pair: _number(path, pair[0], pair[1]["sno"], "sno"))
    clocks = _clocks(path, found)
    is_list = any(
        _KINDS.get(str(op.get("t")).lower()) == "append" for _, fields in found for op in fields["ops"]
    )
    into = Builder(path.name, NAME, ordered_in_time=False)
    into.hints["datatype"] = "list-append" if is_list else "rw-register"
    micros: list[Micro] = []
    for number, fields in found:
        micro = [_micro(path, number, op, is_list) for op in fields["ops"]]
        micros += micro
        asked = into.invoke(_session(path, number, fields["sid"]), "txn", line=number, micro=micro)
        into.respond(asked, stamps=clocks[number])
    if not is_list:
        start = _initial(micros) if initial is None else initial
        into.hints.update({} if start is None else {"initial": start})
    return into.build()


def _transactions(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The transactions by number, with the fields that every one must have."""
    try:
        text = content(path).decode("utf-8-sig")
        whole = json.loads(text, parse_constant=_no_constant, parse_int=_whole)
    except UnicodeDecodeError as error:
        raise HistoryError("it is not UTF-8", file=path, byte=error.start, fix="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise HistoryError(f"it is no JSON: {error.msg}", file=path, line=error.lineno, fix=_FIX) from None
    except ValueError as error:
        raise HistoryError(f"a number that cannot be: {error}", file=path, fix=_FIX) from None
    if not isinstance(whole, list):
        raise HistoryError("it is no array of transactions", file=path, fix=_FIX)
    for number, fields in enumerate(whole, 1):
        if not isinstance(fields, dict) or not {"sid", "sts", "cts", "ops"} <= fields.keys():
            raise _wrong(path, number, "it has not all fields")
        if not isinstance(fields["ops"], list) or not all(isinstance(op, dict) for op in fields["ops"]):
            raise _wrong(path, number, '"ops" is no array of objects')
        yield number, fields


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _whole(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError(f"an integer of {len(digits):,} digits")
    return int(digits)


def _wrong(path: Path, number: int, what: str) -> HistoryError:
    return HistoryError(f"transaction {number:,}: {what}", file=path, fix=_FIX)


def _number(path: Path, transaction: int, value: Any, name: str) -> int:
    """A whole number, which may be written as a string."""
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,30}", value):
        return int(value)
    if type(value) is not int:
        raise _wrong(path, transaction, f"{name} is no whole number: {str(value)[:40]}")
    return value


def _session(path: Path, transaction: int, value: Any) -> int | str:
    if type(value) not in (int, str):
        raise _wrong(path, transaction, f"sid is neither a number nor a string: {str(value)[:40]}")
    session: int | str = value
    return session


def _clocks(path: Path, found: list[tuple[int, dict[str, Any]]]) -> dict[int, tuple[int, int]]:
    """Start and commit of every transaction as ordered numbers: physical and logical part as one if they fit
    into 62 bits, otherwise their ranks."""
    pairs = {}
    for number, fields in found:
        moments = []
        for name in ("sts", "cts"):
            clock = fields[name]
            if not isinstance(clock, dict) or "p" not in clock:
                raise _wrong(path, number, f"{name} has no physical part")
            parts = [_number(path, number, clock.get(part, 0), f"{name}.{part}") for part in "pl"]
            moments.append((parts[0], parts[1]))
        if moments[0] > moments[1]:
            raise _wrong(path, number, "it commits before it starts")
        pairs[number] = moments
    used = {moment for moments in pairs.values() for moment in moments}
    shift = max(logical for _, logical in used).bit_length()
    low, high = min(used), max(used)
    if min(logical for _, logical in used) >= 0 and max(-low[0], high[0] + 1).bit_length() + shift <= _BITS:
        code = {moment: (moment[0] << shift) + moment[1] for moment in used}
    else:
        code = {moment: rank for rank, moment in enumerate(sorted(used))}
    return {number: (code[start], code[commit]) for number, (start, commit) in pairs.items()}


def _micro(path: Path, transaction: int, op: dict[str, Any], is_list: bool) -> Micro:
    kind = _KINDS.get(str(op.get("t")).lower())
    if kind is None or (is_list and kind == "w"):
        raise _wrong(path, transaction, f"an operation that is not known: {str(op.get('t'))[:40]}")
    key, value = op.get("k"), op.get("v")
    if type(key) not in (int, str):
        raise _wrong(path, transaction, f"a key is neither a number nor a string: {str(key)[:40]}")
    if kind == "r" and is_list:
        value = () if value is None else value
        fits = isinstance(value, list | tuple) and all(type(item) in (int, str) for item in value)
    else:
        fits = type(value) in (int, str) or (kind == "r" and value is None)
    if not fits:
        raise _wrong(path, transaction, f"a value that {kind!r} cannot have: {str(value)[:40]}")
    return kind, key, value


def _initial(micros: list[Micro]) -> int | None:
    """0 if the reads say so."""
    if any(kind == "r" and value is None for kind, _, value in micros):
        return None
    written = {key for kind, key, value in micros if kind == "w" and value == 0}
    return (
        0 if any(kind == "r" and value == 0 and key not in written for kind, key, value in micros) else None
    )


def write(history: History, file: IO[str]) -> None:
    """Write committed transactions that have timestamps.  Raises HistoryError for any other history."""
    check_transactions(history, NAME, (READ, WRITE, APPEND))
    if history.begin_stamp is None or history.commit_stamp is None:
        raise cannot(NAME, "transactions without the database's timestamps")
    if (history.outcome != OK).any():
        raise cannot(NAME, "transactions that are not known to be committed")
    if history.hints.get("initial") not in (None, 0):
        raise cannot(NAME, "registers that hold neither nothing nor 0 at first")
    rows = []
    for row in range(len(history)):
        known = history.operation(row)
        ops = [
            {"t": "a" if kind == "append" else kind, "k": key, "v": value} for kind, key, value in known.micro
        ]
        stamps = (int(history.begin_stamp[row]), int(history.commit_stamp[row]))
        sts, cts = ({"p": stamp, "l": 0} for stamp in stamps)
        rows.append(
            json.dumps(
                {"tid": row, "sid": known.process, "sts": sts, "cts": cts, "ops": ops}, default=_refuse
            )
        )
    file.write("[\n" + ",\n".join(rows) + "\n]\n")


def _refuse(value: Any) -> None:
    raise cannot(NAME, f"the value {str(value)[:40]}")
