"""Histories of transactions in a short notation, and the anomalies of the literature in it."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, History

Micro = tuple[str, object, object]
OUTCOMES = {"": OK, "?": INFO, "!": FAIL}


def micro(text: str) -> list[Micro]:
    """`x1 y=2 z=`: write 1 to x, read 2 from y, read nothing from z; `x+1` appends, `x=[1,2]` reads."""
    found: list[Micro] = []
    for word in text.split():
        key, rest = word[0], word[1:]
        if rest.startswith("=["):
            found.append(("r", key, tuple(int(item) for item in rest[2:-1].split(",") if item)))
        elif rest.startswith("="):
            found.append(("r", key, int(rest[1:]) if rest[1:] else None))
        elif rest.startswith("+"):
            found.append(("append", key, int(rest[1:])))
        else:
            found.append(("w", key, int(rest)))
    return found


def overlapping(*sessions: Sequence[str]) -> History:
    """Sessions of transactions; all first ones overlap, then all second ones; `?` ends an info, `!` fails."""
    build = Builder()
    for step in range(max(map(len, sessions))):
        asked = []
        for process, session in enumerate(sessions):
            if step < len(session):
                text = session[step].rstrip("?!")
                ending = session[step][len(text) :]
                asked.append((build.invoke(process, "txn", micro=micro(text)), OUTCOMES[ending]))
        for operation, outcome in asked:
            build.respond(operation, outcome=outcome)
    return build.build()


def one_by_one(*steps: tuple[int, str]) -> History:
    """Transactions (session, text), each of which ends before the next begins."""
    build = Builder()
    for process, text in steps:
        build.respond(build.invoke(process, "txn", micro=micro(text)))
    return build.build()
