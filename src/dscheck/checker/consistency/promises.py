"""The promises by name: who judges which, which implies which, and their short names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Final

from dscheck.checker.consistency.isolation import levels, timestamps
from dscheck.checker.consistency.linearizability import check as linearizability
from dscheck.checker.consistency.sessions import check as sessions
from dscheck.checker.errors import DscheckError


class Family(Enum):
    """Who judges a promise."""

    OBJECTS = "objects"
    """One order of operations on objects: linearizability and its relatives."""
    TRANSACTIONS = "transactions"
    """Levels of isolation."""
    SESSIONS = "sessions"
    """What a client may expect of its own session, and how stale reads may be."""


ALIASES: Final = {
    "lin": "linearizable",
    "linearizability": "linearizable",
    "sequential": "sequentially-consistent",
    "ser": "serializable",
    "serializability": "serializable",
    "strict-ser": "strict-serializable",
    "strict-serializability": "strict-serializable",
    "si": "snapshot-isolation",
    "psi": "parallel-snapshot",
    "rr": "repeatable-read",
    "ra": "read-atomic",
    "mav": "monotonic-atomic-view",
    "rc": "read-committed",
    "ru": "read-uncommitted",
    "ryw": "read-your-writes",
    "mr": "monotonic-reads",
    "mw": "monotonic-writes",
    "wfr": "writes-follow-reads",
}
"""Short names."""

IMPLICATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: level.weaker for name, level in levels.LEVELS.items()},
    **timestamps.IMPLICATIONS,
    **sessions.IMPLICATIONS,
    "linearizable": ("sequentially-consistent", *sessions.IMPLICATIONS["linearizable"]),
    "sequentially-consistent": ("coherent", *sessions.IMPLICATIONS["sequentially-consistent"]),
}
"""For each promise those that follow from it directly."""


def resolve(name: str) -> tuple[str, Family]:
    """The full name of a promise, and who judges it.  Raises DscheckError for a name that nobody knows."""
    plain = name.strip().lower().replace("_", "-").replace(" ", "-")
    plain = ALIASES.get(plain, plain)
    if plain in linearizability.PROMISES:
        return plain, Family.OBJECTS
    if (level := levels.canonical(plain)) in levels.LEVELS:
        return level, Family.TRANSACTIONS
    if plain in timestamps.LEVELS:
        return plain, Family.TRANSACTIONS
    if sessions.knows(plain):
        return sessions.canonical(plain), Family.SESSIONS
    known = [*linearizability.PROMISES, *levels.LEVELS, *timestamps.LEVELS, *sessions.PROMISES]
    similar = get_close_matches(plain, [*known, *ALIASES], n=1)
    hint = f"Did you mean {similar[0]}?" if similar else f"There are {', '.join(known)}."
    raise DscheckError(f"no promise is called {name!r}.  {hint}")


def implied(promise: str) -> set[str]:
    """Everything that follows from a promise; without itself."""
    found: set[str] = set()
    todo = list(IMPLICATIONS.get(promise, ()))
    while todo:
        weaker = todo.pop()
        if weaker not in found:
            found.add(weaker)
            todo += IMPLICATIONS.get(weaker, ())
    return found


def strongest(kept: Iterable[str]) -> tuple[str, ...]:
    """Those of them that no other of them implies."""
    names = list(dict.fromkeys(kept))
    return tuple(
        name for name in names if not any(name in implied(other) for other in names if other != name)
    )


def weakest(broken: Iterable[str]) -> tuple[str, ...]:
    """Those of them that imply no other of them."""
    names = list(dict.fromkeys(broken))
    return tuple(name for name in names if not implied(name).intersection(names))
