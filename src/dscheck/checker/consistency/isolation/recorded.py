"""What a check of transactions starts from: a history, and the facts that the engine took out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from dscheck._engine import Facts, Registers
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly, Witness
from dscheck.checker.consistency.wording import transaction
from dscheck.checker.errors import DscheckError
from dscheck.histories.history import MICRO_KINDS, READ, WRITE, History

NOTHING: Final = "nothing"
SESSIONS: Final = "sessions"
TIME: Final = "time"

_ORDERS = (("strong-session-", SESSIONS), ("strong-", TIME), ("strict-", TIME))
_SESSIONED = ("causal", "parallel-snapshot", "prefix")
_FINDINGS = {
    "internal": (
        "internal",
        "own write not seen",
        "does not give what the transaction itself had last written",
    ),
    "future": ("future read", "read before its write", "gives what the same transaction wrote only later"),
    "aborted": ("G1a", "aborted read", "gives what only a failed transaction wrote"),
    "intermediate": ("G1b", "intermediate read", "gives what its writer itself had overwritten"),
    "garbage": ("garbage read", "value from nowhere", "gives what nobody wrote"),
}


class Demand(NamedTuple):
    """A level of isolation, and the order that it has to respect."""

    level: str
    """read-uncommitted, ..., serializable."""
    base: str
    """NOTHING, SESSIONS (the order within each session) or TIME (real time as well)."""


def demand(promise: str) -> Demand:
    """What the name of a promise means: `strong-session-read-atomic`, `strict-serializable`, ..."""
    for prefix, base in _ORDERS:
        if promise.startswith(prefix):
            return Demand(promise.removeprefix(prefix), base)
    return Demand(promise, SESSIONS if promise in _SESSIONED else NOTHING)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Transactions by number: 0 is the initial one, the others are in the order of invocation."""

    history: History
    facts: Facts
    keys: Sequence[int]
    """Codes of the keys by their numbers."""
    findings: tuple[Anomaly, ...] = ()
    """Reads that are wrong by themselves: every level from read committed on is broken."""
    absent: frozenset[tuple[int, int]] = frozenset()
    """(row, code of the key) of reads that say that a predicate did not match."""
    gaps: tuple[str, ...] = ()
    """What could not be told, such as reads of values that several transactions wrote: no level holds for
    certain, though it may be broken for certain."""
    rows: Sequence[int] = field(default=())
    """Rows in the history by number; -1 for number 0."""

    @property
    def covered(self) -> str:
        """How much there is to look at."""
        reads, keys = len(self.facts.reads), len(self.keys)
        return f"{plural(len(self.rows) - 1, 'transaction')}, {plural(reads, 'read')}, {plural(keys, 'key')}"


def recorded(history: History) -> Recorded:
    """The facts of transactions over registers.  Raises DscheckError where there are none, or other kinds."""
    micro = history.micro
    if micro is None:
        raise DscheckError(f"{history.name} has no transactions: its operations have no micro-operations")
    strange = {MICRO_KINDS[kind] for kind in np.unique(micro.kind) if kind not in (READ, WRITE)}
    if strange:
        raise DscheckError(
            f"transactions over registers only read and write; here they also {', '.join(strange)}"
        )
    found = Registers(
        history.process,
        history.outcome,
        history.invoked,
        history.returned,
        (micro.offsets, micro.kind, micro.key, micro.value),
        initial=history.values.code(history.hints.get("initial")),
        timed=history.ordered_in_time,
        partial=bool(history.hints.get("partial")),
    )
    facts = found.facts
    counts = dict(found.counts)
    return Recorded(
        history=history,
        facts=facts,
        keys=found.keys,
        findings=tuple(_findings(history, found, counts)),
        gaps=tuple(_gaps(found)),
        rows=facts.rows,
    )


def _gaps(found: Registers) -> list[str]:
    gaps = []
    if found.unknown:
        many = plural(found.unknown, "read")
        gaps.append(f"{many} of {found.looked_at:,} may have given values from outside of the recording")
    if found.ambiguous:
        many = plural(len(found.ambiguous), "read")
        gaps.append(f"{many} of {found.looked_at:,} gave values that several transactions wrote to the key")
    return gaps


def _findings(history: History, found: Registers, counts: dict[str, int]) -> list[Anomaly]:
    """One anomaly of each kind, with the first read that shows it."""
    first: dict[str, tuple[str, int, int, int]] = {}
    for finding in found.findings:
        first.setdefault(finding[0], finding)
    assert history.micro is not None
    anomalies = []
    for kind, row, at, writer in first.values():
        name, everyday, what = _FINDINGS[kind]
        key = history.values.value(int(history.micro.key[at]))
        value = history.values.value(int(history.micro.value[at]))
        rows = (row,) if writer < 0 else tuple(sorted((row, writer)))
        sentence = f"{transaction(history, row)}: its read of {value!r} from key {key!r} {what}."
        witness = Witness(operations=rows, sentence=sentence, minimal=True)
        anomalies.append(Anomaly(name=name, everyday=everyday, witness=witness, key=key, count=counts[kind]))
    return anomalies
