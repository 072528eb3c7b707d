"""Values as JSON and as EDN, and back from the JSON of a header."""

from __future__ import annotations

import json
import math
import re
from typing import Any, Final

from dscheck.histories.errors import HistoryError

_WORD: Final = re.compile(r"[A-Za-z*!_?<>=][\w*!?<>=.-]*")


def to_json(value: Any) -> Any:
    """What `json.dumps` writes for a value, so that our reader gives the same value back.

    JSON lacks sets, bytes, floats that are no numbers, and maps with keys that are no texts: each is an
    object with one name that begins with a dollar.
    """
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, frozenset | set):
        return {"$set": sorted((to_json(item) for item in value), key=repr)}
    if isinstance(value, dict):
        if all(isinstance(key, str) and not key.startswith("$") for key in value):
            return {key: to_json(of) for key, of in value.items()}
        return {"$map": [[to_json(key), to_json(of)] for key, of in value.items()]}
    if isinstance(value, bytes):
        return {"$bytes": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"$float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
    return value


def from_json(value: Any) -> Any:
    """The value that `to_json` has written."""
    if isinstance(value, list):
        return tuple(from_json(item) for item in value)
    if not isinstance(value, dict):
        return value
    match value:
        case {"$set": items}:
            return frozenset(from_json(item) for item in items)
        case {"$map": pairs}:
            return {from_json(key): from_json(of) for key, of in pairs}
        case {"$bytes": digits}:
            return bytes.fromhex(digits)
        case {"$float": name}:
            return float(name)
    return {key: from_json(of) for key, of in value.items()}


def json_text(value: Any) -> str:
    """A value as JSON on one line."""
    return json.dumps(to_json(value), ensure_ascii=False, allow_nan=False)


def plain_json(value: Any) -> str:
    """A value as JSON that other programs understand.  Raises HistoryError for what JSON lacks."""
    if isinstance(value, frozenset | set):
        return plain_json(sorted(value, key=repr))
    if isinstance(value, tuple | list):
        return f"[{','.join(map(plain_json, value))}]"
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return f"{{{','.join(f'{json_text(key)}:{plain_json(of)}' for key, of in value.items())}}}"
    if isinstance(value, bytes | dict) or (isinstance(value, float) and not math.isfinite(value)):
        raise HistoryError(f"JSON has nothing for {value!r}", fix="write jsonl or jepsen-edn")
    return json_text(value)


def edn_text(value: Any) -> str:
    """A value as EDN.  Raises HistoryError for bytes, which EDN lacks."""
    if value is None or isinstance(value, bool):
        return {None: "nil", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return _edn_string(value)
    if isinstance(value, int):
        return str(value) if abs(value) < 2**63 else f"{value}N"
    if isinstance(value, float):
        special = {"inf": "##Inf", "-inf": "##-Inf", "nan": "##NaN"}
        return special.get(str(value), repr(value))
    if isinstance(value, tuple | list):
        return f"[{' '.join(map(edn_text, value))}]"
    if isinstance(value, frozenset | set):
        return f"#{{{' '.join(sorted(map(edn_text, value)))}}}"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{_edn_key(key)} {edn_text(of)}' for key, of in value.items())}}}"
    raise HistoryError(f"EDN has nothing for {value!r}", fix="write jsonl")


def edn_word(word: str) -> str:
    """A name as a keyword, or as a string if it can be none."""
    return f":{word}" if _WORD.fullmatch(word) else edn_text(word)


def _edn_key(key: Any) -> str:
    """Keys of maps that can be keywords are, as Jepsen has them."""
    return edn_word(key) if isinstance(key, str) else edn_text(key)


def _edn_string(text: str) -> str:
    for letter, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        text = text.replace(letter, escape)
    return f'"{text}"'
