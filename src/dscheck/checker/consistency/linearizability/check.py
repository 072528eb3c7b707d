"""Linearizability and its weaker relatives, for every data type that has a sequential specification.

    linearizable             one order that agrees with real time (Herlihy, Wing, TOPLAS 1990): what had
                             returned before another operation began comes before it.  Judged key by key.
    sequentially-consistent  one order of the operations on all keys together that agrees with that of each
                             process, whatever the clock says (Lamport, IEEE TC 1979).
    coherent                 the same for each key alone (Goodman 1989, as "cache consistency").

Each implies the next.  All three take an operation that nobody saw return for one that may happen at any time
after its invocation, or never, also where its process went on.
"""

from __future__ import annotations

import threading
from typing import Final

from dscheck.checker.consistency.datatypes import specification_of
from dscheck.checker.consistency.judgement import MISSING, Judgement, Limits, doubted
from dscheck.checker.consistency.linearizability import instants, realtime, sequential
from dscheck.checker.consistency.linearizability.learning import Learned
from dscheck.checker.consistency.linearizability.transactions import as_operations
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.specification import Specification
from dscheck.histories.history import History

PROMISES: Final = ("linearizable", "sequentially-consistent", "coherent")
"""What can be judged, strongest first."""

_MOST_STEPS: Final = 1_000_000


class _Kept(threading.local):
    """What this thread has learned, by the identity of the specification, the latest last."""

    def __init__(self) -> None:
        self.learned: dict[int, Learned] = {}


_kept = _Kept()
_MOST_KEPT: Final = 16


def check(
    history: History,
    specification: Specification | None = None,
    *,
    promise: str = "linearizable",
    limits: Limits | None = None,
) -> list[Judgement]:
    """Judges a promise; without a specification, that of the recognised data type.

    Raises DscheckError where no data type is recognised, the specification does not know a function or
    raises, or the recording does not have the order that the promise is about.
    """
    limits = limits or Limits()
    specification = specification or specification_of(history)
    if limits.memory is not None and limits.memory < 0:
        raise DscheckError(f"a limit of {limits.memory} bytes is less than nothing")
    if promise not in PROMISES:
        raise DscheckError(f"{promise!r} is none of {', '.join(PROMISES)}")
    if "txn" in specification.functions:
        history = as_operations(history)
    instants.check_positions(history)
    learned = learned_of(specification)
    if promise == "linearizable":
        judged = realtime.judge(history, learned, limits)
    else:
        judged = sequential.judge(history, learned, promise, limits)
    return [doubted(judged, MISSING) if history.hints.get("partial") else judged]


def learned_of(specification: Specification) -> Learned:
    """What is known of a specification; each thread keeps it for the next history as long as it is small."""
    kept = _kept.learned
    learned = kept.pop(
        id(specification), None
    )  # which keeps the specification, so that no other one gets its id
    if learned is None or len(learned.steps) > _MOST_STEPS:
        learned = Learned(specification)
    while len(kept) >= _MOST_KEPT:
        del kept[next(iter(kept))]
    kept[id(specification)] = learned
    return learned
