"""How other tools write their recordings: just enough to write small ones by hand."""

from __future__ import annotations

import struct

INITIAL, NOTHING, UNNUMBERED = 0xBEBEEBEE, 0xDEADBEEF, 0xABDDEFEE


def bincode(sessions: list[list[tuple[list[tuple[int, int, int, int]], int]]]) -> bytes:
    """A dbcop file: sessions of transactions of (write, variable, value, success) and success."""
    parts = [struct.pack("<5Q", 0, len(sessions), 9, 9, 9)]
    for info in (b"CockroachDB", b"2019-03-21T06:54:17+01:00", b"2019-03-21T06:54:30+01:00"):
        parts.append(struct.pack("<Q", len(info)) + info)
    parts.append(struct.pack("<Q", len(sessions)))
    for session in sessions:
        parts.append(struct.pack("<Q", len(session)))
        for events, success in session:
            parts.append(struct.pack("<Q", len(events)))
            parts += [struct.pack("<BQQB", *event) for event in events]
            parts.append(bytes([success]))
    return b"".join(parts)


def record(letter: str, *words: int) -> bytes:
    return letter.encode() + b"".join(word.to_bytes(8, "big") for word in words)


def clock(physical: int | str, logical: int = 0) -> dict[str, int | str]:
    return {"p": physical, "l": logical}
