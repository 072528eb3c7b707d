"""Single cells of tables: names, values, times, outcomes.

A cell is a number only in the one way in which that number is written: 7, but not 007 or +7; 0.5, but not
.5 or 0.50.  Otherwise two keys or values that a system tells apart would become one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from dscheck.histories.history import FAIL, INFO, OK

_NOTHING: Final = ("", "nil", "null", "None", "NULL")
_TRUTHS: Final = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"))
_CANONICAL: Final[Mapping[str, bool]] = {"true": True, "false": False}
"""The truth values of names, and of values unless a table spells them otherwise."""
_EVERY_TRUTH: Final = {word: word.lower() == "true" for words in _TRUTHS for word in words}
_INTEGER: Final = re.compile(r"-?[1-9][0-9]{0,999}|0")
_FLOAT: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,1000}")
_DECIMAL: Final = re.compile(r"[+-]?([0-9]+\.[0-9]*|\.?[0-9]+)([eE][+-]?[0-9]{1,4})?")
_DIGITS: Final = 4000
_OUTCOMES: Final = {
    OK: ("ok", "true", "1", "success", "succeeded", "committed", "commit", "done"),
    FAIL: ("fail", "failed", "false", "0", "aborted", "abort", "rejected"),
    INFO: ("info", "unknown", "timeout", "pending", "crashed", "error", "indeterminate"),
}
_MEANINGS: Final = {word: outcome for outcome, words in _OUTCOMES.items() for word in words}
"""How tables say what became of an operation; an error alone does not prove that nothing happened."""
_UNITS: Final = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
_MOST: Final = 2**62


def truths(columns: Iterable[Iterable[Any]]) -> Mapping[str, bool]:
    """How a table writes truth values: as true and false, or as some languages print them.

    Raises ValueError for a table with two spellings: nobody knows whether `true` and `True` are one value.
    """
    found = {cell for column in columns for cell in column if isinstance(cell, str) and cell in _EVERY_TRUTH}
    used = [words for words in _TRUTHS if found.intersection(words)]
    if len(used) > 1:
        several = ", ".join(sorted(found))
        raise ValueError(f"truth values in several spellings ({several}): write true and false")
    return {word: word.lower() == "true" for word in used[0]} if used else _CANONICAL


def name_of(cell: Any) -> Any:
    """The key, process or transaction in a cell: nothing, a number, a truth value, or else the text.

    What is written in another way than `text_of` writes it is a text: different cells are different names.
    """
    if not isinstance(cell, str):
        return _plain(cell)
    if cell in _NOTHING:
        return cell or None
    try:
        read = value(cell)
        return read if text_of(read) == cell else cell
    except ValueError:
        return cell


def value(cell: Any, words: Mapping[str, bool] = _CANONICAL) -> Any:
    """The value in a cell: nothing, a number, a truth value, JSON, or else the text.

    `words` are the truth values, as `truths` found them.  Raises ValueError for what no history can hold.
    """
    if not isinstance(cell, str):
        return _plain(cell)
    if cell in _NOTHING:
        return None
    if cell in words:
        return words[cell]
    if _INTEGER.fullmatch(cell):
        return int(cell)
    if _FLOAT.fullmatch(cell) and repr(float(cell)) == cell != "-0.0":
        return float(cell)
    if cell[0] in '["':
        try:
            return _plain(json.loads(cell, parse_constant=_refuse, parse_float=_finite, parse_int=_integer))
        except json.JSONDecodeError:
            return cell
    return cell


def text_of(held: Any) -> str:
    """A cell that `value` reads as this again.  Raises ValueError for what a cell cannot hold."""
    if held is None:
        return ""
    if isinstance(held, str):
        return held if held == held.strip() and _is_plain(held) else json.dumps(held, ensure_ascii=False)
    if isinstance(held, float) and not math.isfinite(held):
        raise ValueError(f"the number {held}")
    if isinstance(held, bool | int | float):
        return str(held).lower() if isinstance(held, bool) else repr(held + 0)
    if isinstance(held, tuple):
        return json.dumps(_listed(held), ensure_ascii=False)
    kinds: dict[type, str] = {dict: "map", frozenset: "set", bytes: "byte string"}
    raise ValueError(f"a {kinds.get(type(held), type(held).__name__)}")


def _is_plain(text: str) -> bool:
    """Whether a text needs no quotes, however the table that it is written to spells its truth values."""
    try:
        return bool(value(text, _EVERY_TRUTH) == text)
    except ValueError:
        return False


def _listed(held: Any) -> Any:
    """As JSON has it."""
    if isinstance(held, tuple):
        return [_listed(item) for item in held]
    if held is None or isinstance(held, str | bool | int):
        return held
    if isinstance(held, float) and math.isfinite(held):
        return held
    raise ValueError(f"a list with a {type(held).__name__}")


def _refuse(name: str) -> None:
    raise ValueError(f"no history can hold the number {name}")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits:.40} does not fit into a 64-bit float")
    return number


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS:
        raise ValueError(f"an integer of {len(digits):,} digits; {_DIGITS:,} are the most")
    return int(digits)


def _plain(held: Any) -> Any:
    """Values as histories have them; lists of Parquet and numpy's numbers among them."""
    if held is None or isinstance(held, str | bool | int | bytes):
        return held
    if isinstance(held, float):
        return held
    if isinstance(held, list | tuple):
        return tuple(_plain(item) for item in held)
    if isinstance(held, dict):
        return {str(key): _plain(item) for key, item in held.items()}
    return str(held)


def nanoseconds(cell: Any, unit: str | None) -> int | None:
    """A time in nanoseconds; None for an empty cell.

    Numbers are in the unit, nanoseconds by default; dates and times as in ISO 8601 count from 1970, in UTC
    unless they say otherwise.  Raises ValueError.
    """
    if isinstance(cell, str):
        cell = cell.strip()
        if cell in _NOTHING:
            return None
        cell = Decimal(cell) if _WHOLE.fullmatch(cell) or _DECIMAL.fullmatch(cell) else _date(cell)
    if cell is None:
        return None
    if isinstance(cell, datetime):
        moment = cell if cell.tzinfo else cell.replace(tzinfo=UTC)
        since = moment - datetime(1970, 1, 1, tzinfo=UTC)
        return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1_000
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal) or cell != cell:
        raise ValueError(f"{str(cell)[:40]!r} is no time")
    exact = cell * _UNITS[unit or "ns"]
    if not -_MOST < exact < _MOST:
        raise ValueError(f"the time {str(cell)[:40]} is too large")
    return round(exact)


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        what = "write a number, or a date such as 2026-11-24T01:35:00Z"
        raise ValueError(f"{text[:40]!r} is no time: {what}") from None


def is_fraction(cell: Any) -> bool:
    """Whether a cell is a number with a point or an exponent: a time in seconds, if no unit is told."""
    if isinstance(cell, str):
        text = cell.strip()
        return bool(_DECIMAL.fullmatch(text)) and not _WHOLE.fullmatch(text)
    return isinstance(cell, float)


def outcome(cell: Any) -> int | None:
    """OK, FAIL or INFO; None for an empty cell.  Raises ValueError for other words."""
    if cell is None or (isinstance(cell, str) and cell.strip() in _NOTHING):
        return None
    word = str(cell).strip().lower().removeprefix(":")
    if word not in _MEANINGS:
        raise ValueError(
            f"{word[:40]!r} is no outcome; those are ok, fail and info, and words such as success"
        )
    return _MEANINGS[word]


__all__ = ["is_fraction", "name_of", "nanoseconds", "outcome", "text_of", "truths", "value"]
