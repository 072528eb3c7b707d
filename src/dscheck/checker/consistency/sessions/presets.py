"""The five consistency levels of Azure Cosmos DB, as promises that are checked here.

(Microsoft: Consistency levels in Azure Cosmos DB; the formal meaning is that of the TLA+ specifications in
Azure/azure-cosmos-tla.)

    cosmos-strong               reads return the newest version: bounded-staleness:k=1
    cosmos-bounded-staleness    reads lag behind by at most K versions and T time, and see a prefix; give
                                k = K and t = T: `cosmos-bounded-staleness:k=100,t=5s`
    cosmos-session              in each session: read your writes, monotonic reads and writes, writes follow
                                reads; and a prefix
    cosmos-consistent-prefix    reads see a prefix of the order of writes
    cosmos-eventual             replicas converge once writes have stopped

A lag of K versions means that a read returns one of the K + 1 versions written last.
"""

from __future__ import annotations

from typing import Final

from dscheck.checker.consistency.sessions.asking import Asked
from dscheck.checker.consistency.sessions.guarantees import GUARANTEES
from dscheck.checker.errors import DscheckError

COSMOS: Final = (
    "cosmos-strong",
    "cosmos-bounded-staleness",
    "cosmos-session",
    "cosmos-consistent-prefix",
    "cosmos-eventual",
)
"""Strongest first."""


def parts(preset: Asked) -> tuple[Asked, ...]:
    """The promises that a preset stands for.  Raises DscheckError for bounded staleness without bounds."""
    prefix = Asked("consistent-prefix")
    match preset.name:
        case "cosmos-strong":
            return (Asked("bounded-staleness", versions=1),)
        case "cosmos-bounded-staleness":
            if preset.versions is None and preset.time is None:
                raise DscheckError(
                    "cosmos-bounded-staleness needs its bounds: cosmos-bounded-staleness:k=100,t=5s"
                )
            behind = None if preset.versions is None else preset.versions + 1
            return (Asked("bounded-staleness", versions=behind, time=preset.time), prefix)
        case "cosmos-session":
            return (*(Asked(name) for name in GUARANTEES), prefix)
        case "cosmos-consistent-prefix":
            return (prefix,)
        case _:
            return (Asked("eventual", time=preset.time),)
