"""The levels of isolation: what each forbids, and which one implies which.

Ten levels after Adya (1999), Bailis et al. (VLDB 2014), Cerone, Bernardi and Gotsman (CONCUR 2015), Biswas
and Enea (OOPSLA 2019), each in three variants: plain, `strong-session-` (the order within a session counts)
and `strong-` (real time counts, too); strong serializability is better known as strict.  Causal, parallel
snapshot and prefix have sessions in them already.

With versions in a known order, each is the absence of what `forbids` lists (docs/explanation/isolation.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

BASES: Final = (
    "serializable",
    "repeatable-read",
    "snapshot-isolation",
    "parallel-snapshot",
    "prefix",
    "causal",
    "read-atomic",
    "monotonic-atomic-view",
    "read-committed",
    "read-uncommitted",
)
"""From strong to weak, as far as they can be compared."""
VARIANTS: Final = ("strong-", "strong-session-", "")
SESSIONED: Final = ("parallel-snapshot", "prefix", "causal")
"""Their plain variant has sessions."""
ITEMS: Final = (
    "repeatable-read",
    "read-atomic",
    "monotonic-atomic-view",
    "read-committed",
    "read-uncommitted",
)
"""They are about items: what a predicate did not match does not count."""

_WEAKER: Final = {
    "serializable": ("repeatable-read", "snapshot-isolation"),
    "repeatable-read": ("read-atomic",),
    "snapshot-isolation": ("parallel-snapshot", "prefix"),
    "parallel-snapshot": ("causal", "read-atomic"),
    "prefix": ("causal", "read-atomic"),
    "causal": ("read-atomic",),
    "read-atomic": ("monotonic-atomic-view",),
    "monotonic-atomic-view": ("read-committed",),
    "read-committed": ("read-uncommitted",),
    "read-uncommitted": (),
}
_WHAT: Final[Mapping[str, tuple[str, ...]]] = {
    "read-uncommitted": ("garbage", "G0"),
    "read-committed": ("committed", "G0", "G1c"),
    "monotonic-atomic-view": ("committed", "G0", "G1c", "monotonic"),
    "read-atomic": ("committed", "G0", "G1c", "atomic"),
    "causal": ("committed", "G0", "G1c", "atomic", "causal"),
    "parallel-snapshot": ("committed", "G0", "G1c", "lost-update", "G-single"),
    "prefix": ("committed", "G0", "G1c", "prefix"),
    "snapshot-isolation": ("committed", "G0", "G1c", "lost-update", "G-single", "G-nonadjacent"),
    "repeatable-read": ("committed", "G0", "G1c", "lost-update", "item"),
    "serializable": ("committed", "G0", "G1c", "lost-update", "G-single", "G-nonadjacent", "G2-item", "G2"),
}
_ORDERS: Final = {"": ("",), "strong-session-": ("", "session"), "strong-": ("", "session", "real-time")}

Question = tuple[str, str]
"""What is looked for, and with which order beside data: "", "session" or "real-time"."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level in one variant."""

    name: str
    base: str
    variant: str
    weaker: tuple[str, ...]
    """The levels that follow from it directly."""
    forbids: tuple[Question, ...]
    """What may not be there, where the order of versions is known."""


def named(base: str, variant: str) -> str:
    """The usual name of a variant of a level."""
    if (base, variant) == ("serializable", "strong-"):
        return "strict-serializable"
    return base if variant == "strong-session-" and base in SESSIONED else variant + base


def canonical(name: str) -> str:
    """The name that LEVELS has, for other ways to say it: `strict-` for `strong-`, and sessions where they
    are in any case."""
    base = next((base for base in BASES if name.endswith(base)), name)
    variant = name.removesuffix(base)
    return named(base, "strong-" if variant == "strict-" else variant)


def _level(base: str, variant: str) -> Level:
    has_sessions = "strong-session-" if base in SESSIONED and not variant else variant
    weaker = [named(below, has_sessions) for below in _WEAKER[base]]
    if variant == "strong-":
        weaker.append(named(base, "strong-session-"))
    elif variant == "strong-session-":
        weaker.append(base)
    elif base not in SESSIONED:
        # Without sessions, nothing implies what has them.
        weaker = list(dict.fromkeys("read-atomic" if below in SESSIONED else below for below in weaker))
    forbids = tuple(
        (what, order)
        for what in _WHAT[base]
        for order in _ORDERS[has_sessions]
        if not (order and what in ("garbage", "committed", "monotonic", "lost-update"))
    )
    return Level(named(base, variant), base, variant, tuple(dict.fromkeys(weaker)), forbids)


LEVELS: Final[Mapping[str, Level]] = {
    level.name: level
    for variant in VARIANTS
    for base in BASES
    if variant != "strong-session-" or base not in SESSIONED
    for level in [_level(base, variant)]
}
"""Every level by its name, the strict ones first."""


def implied(name: str) -> tuple[str, ...]:
    """All levels that follow from one, nearest first; without itself."""
    found: dict[str, None] = {}
    todo = [name]
    while todo:
        for weaker in LEVELS[todo.pop(0)].weaker:
            if weaker not in found:
                found[weaker] = None
                todo.append(weaker)
    return tuple(found)


def strongest(kept: set[str]) -> tuple[str, ...]:
    """Those of them that no other one of them implies."""
    return tuple(
        name for name in LEVELS if name in kept and not any(name in implied(other) for other in kept)
    )


def weakest(broken: set[str]) -> tuple[str, ...]:
    """Those of them that imply no other one of them."""
    return tuple(name for name in LEVELS if name in broken and not broken.intersection(implied(name)))
