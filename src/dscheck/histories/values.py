"""Codes of values: 64-bit numbers that are equal exactly where the values are, by type as well.

    nil (None)                  NIL
    an integer below 2**60      itself
    a list, set or map          COMPOUND + its row in a ragged table of item codes
    anything else               ATOM + its place in a list of Python objects

So a column of a history is one numpy array, the engine compares values without Python, and ten million
distinct integers cost nothing.  Compound values and atoms are interned: equal values share a code.
"""

from __future__ import annotations

from array import array
from collections.abc import Sized
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from dscheck.checker.errors import DscheckError
from dscheck.histories.atoms import Atoms

Codes = npt.NDArray[np.int64]
"""An array of codes."""

NIL: Final = -(2**63)
"""The code of None: no value."""
COMPOUND: Final = 2**61
"""The first code of a list, set or map."""
ATOM: Final = 2**62
"""The first code of any other value that is not a small integer."""
_SMALL: Final = 2**60

LIST: Final = 0
"""A compound of items in order; Python sees a tuple."""
SET: Final = 1
"""A compound of distinct items, in the order of their codes; Python sees a frozenset."""
MAP: Final = 2
"""A compound of keys and values in turn, in the order of the keys' codes; Python sees a dict."""


class FrozenMap(dict[Any, Any]):
    """A map inside of a set or of another map's keys, where it needs a hash.  Nobody changes it."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


@dataclass(slots=True)
class Values:
    """The values of one history, with their codes."""

    atoms: Atoms = field(default_factory=Atoms)
    """Strings, booleans, floats, bytes and huge integers."""
    kinds: array[int] = field(default_factory=lambda: array("B"))
    """Per compound: LIST, SET or MAP."""
    offsets: array[int] = field(default_factory=lambda: array("q", [0]))
    """Items of compound number i are `items[offsets[i]:offsets[i + 1]]`."""
    items: array[int] = field(default_factory=lambda: array("q"))
    """The codes of the items of all compounds."""
    _atom_codes: dict[Any, int] | None = None
    """Made when it is first needed, as most histories only read their values."""
    _compound_codes: dict[Any, int] | None = None

    def code(self, value: Any) -> int:
        """The code of a value; a new one where it is new.  Raises DscheckError for what has no code."""
        if value is None:
            return NIL
        if type(value) is int and -_SMALL < value < _SMALL:
            return value
        if isinstance(value, tuple | list):
            return self._compound(LIST, tuple(self.code(item) for item in value))
        if isinstance(value, set | frozenset):
            return self._compound(SET, tuple(sorted(self.code(item) for item in value)))
        if isinstance(value, dict):
            pairs = sorted((self.code(key), self.code(of)) for key, of in value.items())
            return self._compound(MAP, tuple(code for pair in pairs for code in pair))
        if isinstance(value, str | bool | float | bytes | int):
            return self._atom(value)
        raise DscheckError(f"a {type(value).__name__} cannot be a value of a history: {value!r}")

    def value(self, code: int) -> Any:
        """The value of a code, as Python has it: lists are tuples, sets are frozensets."""
        return self._value(code, dict)

    def _value(self, code: int, mapping: type[dict[Any, Any]]) -> Any:
        if code == NIL:
            return None
        if code >= ATOM:
            return self.atoms[code - ATOM]
        if code < COMPOUND:
            return int(code)
        kind, codes = self.kinds[code - COMPOUND], self.item_codes(code)
        if kind == MAP:
            keys = (self._value(key, FrozenMap) for key in codes[::2])
            return _whole(
                mapping(zip(keys, (self._value(of, mapping) for of in codes[1::2]), strict=True)), codes[::2]
            )
        if kind == SET:
            return _whole(frozenset(self._value(item, FrozenMap) for item in codes), codes)
        return tuple(self._value(item, mapping) for item in codes)

    def find(self, atom: str | bool | float | bytes) -> int | None:
        """The code of an atom, if it occurs; none is made."""
        return self._known_atoms().get(_atom_key(atom))

    def item_codes(self, code: int) -> array[int]:
        """The codes of what a compound contains."""
        row = code - COMPOUND
        return self.items[self.offsets[row] : self.offsets[row + 1]]

    def _atom(self, value: Any) -> int:
        codes = self._known_atoms()
        key = _atom_key(value)
        if key not in codes:
            codes[key] = ATOM + len(self.atoms)
            self.atoms.append(value)
        return codes[key]

    def _known_atoms(self) -> dict[Any, int]:
        if self._atom_codes is None:
            self._atom_codes = {_atom_key(atom): ATOM + at for at, atom in enumerate(self.atoms)}
        return self._atom_codes

    def _compound(self, kind: int, items: tuple[int, ...]) -> int:
        if self._compound_codes is None:
            self._compound_codes = {}
            for row, of in enumerate(self.kinds):
                self._compound_codes[of, tuple(self.item_codes(COMPOUND + row))] = COMPOUND + row
        if (kind, items) not in self._compound_codes:
            self._compound_codes[kind, items] = COMPOUND + len(self.kinds)
            self.kinds.append(kind)
            self.items.extend(items)
            self.offsets.append(len(self.items))
        return self._compound_codes[kind, items]


def _whole(made: Sized, codes: Sized) -> Any:
    """A set or map of all its items.  Raises DscheckError where Python takes some for the same."""
    if len(made) == len(codes):
        return made
    raise DscheckError(
        f"{made!r} had {len(codes)} elements or keys, and Python takes some for the same, such as 1, 1.0 "
        "and True: record them by one type"
    )


def _atom_key(value: Any) -> tuple[str, Any]:
    """Equal values of different types are different values; every NaN is the same one."""
    return type(value).__name__, "nan" if value != value else value
