"""Texts, truth values, floats, bytes and huge integers, decoded when they are asked for."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, overload

TEXT, BYTES, BOOL, FLOAT, INTEGER = range(5)
"""What the bytes of an atom mean; the engine's numbers."""


class Atoms(Sequence[Any]):
    """A growing list of atoms.  Those that the engine read stay packed: millions of texts are no objects."""

    def __init__(self, kinds: bytes = b"", ends: Sequence[int] = (), packed: bytes = b""):
        """Packed atoms: of each its kind and where it ends in the bytes."""
        self._kinds = kinds
        self._ends = ends
        self._packed = packed
        self._more: list[Any] = []

    def __len__(self) -> int:
        return len(self._kinds) + len(self._more)

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> list[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[inside] for inside in range(*at.indices(len(self)))]
        count = len(self._kinds)
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        at %= len(self)
        return self._unpacked(at) if at < count else self._more[at - count]

    def append(self, atom: Any) -> None:
        """One more."""
        self._more.append(atom)

    def _unpacked(self, at: int) -> Any:
        begin = self._ends[at - 1] if at else 0
        inside = self._packed[begin : self._ends[at]]
        kind = self._kinds[at]
        if kind == TEXT:
            return inside.decode()
        if kind == BOOL:
            return inside == b"\1"
        if kind == FLOAT:
            return struct.unpack("<d", inside)[0]
        return inside if kind == BYTES else int(inside)
