"""Single cells of tables: values, times, outcomes."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from dscheck.histories.history import FAIL, INFO, OK

NOTHING: Final = ("", "nil", "null", "None", "NULL")
_WORDS: Final = {"true": True, "false": False, "True": True, "False": False}
_INTEGER: Final = re.compile(r"[+-]?\d{1,1000}")
_FLOAT: Final = re.compile(r"[+-]?(\d+\.\d*|\.?\d+)([eE][+-]?\d{1,4})?")
_OUTCOMES: Final = {
    OK: ("ok", "true", "1", "success", "succeeded", "committed", "commit", "done"),
    FAIL: ("fail", "failed", "false", "0", "aborted", "abort", "rejected"),
    INFO: ("info", "unknown", "timeout", "pending", "crashed", "error", "indeterminate"),
}
OUTCOMES: Final = {word: outcome for outcome, words in _OUTCOMES.items() for word in words}
"""How tables say what became of an operation; an error alone does not prove that nothing happened."""
_UNITS: Final = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
_MOST: Final = 2**62


def value(cell: Any) -> Any:
    """The value in a cell: nothing, a number, a truth value, JSON, or else the text.

    Raises ValueError for what no history can hold.
    """
    if not isinstance(cell, str):
        return _plain(cell)
    text = cell.strip()
    if text in NOTHING:
        return None
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if text[0] in '["':
        try:
            return _plain(json.loads(text, parse_constant=_refuse))
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
        return str(held).lower() if isinstance(held, bool) else repr(held)
    if isinstance(held, tuple):
        return json.dumps(_listed(held), ensure_ascii=False)
    kinds: dict[type, str] = {dict: "map", frozenset: "set", bytes: "byte string"}
    raise ValueError(f"a {kinds.get(type(held), type(held).__name__)}")


def _is_plain(text: str) -> bool:
    return isinstance(value(text), str) and value(text) == text


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
    raise ValueError(f"the number {name}")


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
        if cell in NOTHING:
            return None
        if _INTEGER.fullmatch(cell) or _FLOAT.fullmatch(cell):
            cell = Decimal(cell)
        else:
            cell = datetime.fromisoformat(cell)
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


def is_fraction(cell: Any) -> bool:
    """Whether a cell is a number with a point or an exponent: a time in seconds, if no unit is told."""
    if isinstance(cell, str):
        text = cell.strip()
        return bool(_FLOAT.fullmatch(text)) and not _INTEGER.fullmatch(text)
    return isinstance(cell, float)


def outcome(cell: Any) -> int | None:
    """OK, FAIL or INFO; None for an empty cell.  Raises ValueError for other words."""
    if cell is None or (isinstance(cell, str) and cell.strip() in NOTHING):
        return None
    word = str(cell).strip().lower().removeprefix(":")
    if word not in OUTCOMES:
        raise ValueError(
            f"{word[:40]!r} is no outcome; those are ok, fail and info, and words such as success"
        )
    return OUTCOMES[word]


__all__ = ["NOTHING", "OUTCOMES", "is_fraction", "nanoseconds", "outcome", "text_of", "value"]
