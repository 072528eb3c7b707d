"""Choose the checks that fit a history, run them, and gather what they found."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter
from typing import Final

from dscheck.checker.consistency import datatypes
from dscheck.checker.consistency.isolation import check as isolation
from dscheck.checker.consistency.isolation import timestamps
from dscheck.checker.consistency.isolation.levels import LEVELS
from dscheck.checker.consistency.judgement import INTERRUPTED, Judgement, Limits, not_reached
from dscheck.checker.consistency.linearizability import check as linearizability
from dscheck.checker.consistency.promises import Family, resolve, strongest, weakest
from dscheck.checker.consistency.sessions import check as sessions
from dscheck.checker.consistency.verification import Verification
from dscheck.checker.consistency.wording import MEASURES
from dscheck.checker.errors import DscheckError
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.specifications.specification import Specification
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History

_REGISTERS: Final = ("register", "cas-register", "kv")
"""Data types of which session guarantees and staleness are known."""


@interrupts_kept()
def verify(
    history: History,
    *,
    model: str | Specification | None = None,
    consistency: Sequence[str] = (),
    time: float | None = None,
    memory: int | None = None,
) -> Verification:
    """What a recording proves about the promises that a system should keep.

    Args:
        history: the recording; see `dscheck.histories.reading.read`.
        model: the data type, by name or as a specification; recognised if not given.
        consistency: the promises that the verdict is about.  If none is given: linearizability for operations
            on objects; for transactions every level, and the verdict is about the strongest one that the
            recording can decide, strict serializability where it knows real time.
        time: seconds for everything together; what is not decided by then is undecided.
        memory: bytes that the process may have.

    Raises:
        DscheckError: the data type is not recognised, a promise is not known or not about such operations, or
            the recording is at fault.
    """
    began = perf_counter()
    asked = list(dict.fromkeys(resolve(name) for name in consistency))
    specification = datatypes.specification_of(history, model) if isinstance(model, str) else model
    datatype = specification.name if specification else datatypes.recognise(history)
    inquiry = _Inquiry(history, specification, datatype, began, time, memory)
    if not asked:
        asked = [inquiry.default()]
        judgements = inquiry.everything()
    else:
        judgements = inquiry.by_family(asked)
    return Verification(
        history=history,
        datatype=datatype,
        asked=tuple(name for name, _ in asked),
        judgements=tuple(judgements),
        strongest_kept=strongest(
            j.promise
            for j in judgements
            if j.verdict is Verdict.HOLDS and j.promise not in MEASURES and not j.vacuous
        ),
        weakest_broken=weakest(j.promise for j in judgements if j.verdict is Verdict.VIOLATED),
        seconds=perf_counter() - began,
    )


def _is_timed(level: str) -> bool:
    """Whether a level of isolation is about real time."""
    return level == "strict-serializable" or (
        level.startswith("strong-") and not level.startswith("strong-session-")
    )


class _Inquiry:
    """A history, what it is about, and what is left of the time."""

    def __init__(
        self,
        history: History,
        specification: Specification | None,
        datatype: str,
        began: float,
        time: float | None,
        memory: int | None,
    ):
        self.history = history
        self.specification = specification
        self.datatype = datatype
        self._began = began
        self._time = time
        self._memory = memory

    @property
    def limits(self) -> Limits:
        """What is left."""
        if self._time is None:
            return Limits(memory=self._memory)
        return Limits(seconds=max(self._time - (perf_counter() - self._began), 0.0), memory=self._memory)

    @property
    def is_transactional(self) -> bool:
        """Whether levels of isolation are what one asks about."""
        has_transactions = self.history.micro is not None or self.datatype == "bank"
        return self.specification is None and has_transactions and self.datatype in isolation.DATATYPES

    def default(self) -> tuple[str, Family]:
        """The promise that the verdict is about if none is named."""
        if self.is_transactional:
            timed = self.history.ordered_in_time
            return "strict-serializable" if timed else "strong-session-serializable", Family.TRANSACTIONS
        timed = self.history.ordered_in_time
        return "linearizable" if timed else "sequentially-consistent", Family.OBJECTS

    def everything(self) -> list[Judgement]:
        """All that the recording can decide at reasonable cost; strongest first."""
        promise, family = self.default()
        if family is Family.TRANSACTIONS:
            return isolation.check(self.history, self._levels(), self.limits)
        found = self.named(family, [(promise, family)])
        if found[0].verdict is not Verdict.HOLDS and self.datatype in _REGISTERS:
            found += self._weaker(is_over=found[0].interrupted)
        return found

    def _weaker(self, *, is_over: bool) -> list[Judgement]:
        """What is left of the promises where the strongest one is not known to be kept."""
        if is_over:
            return [not_reached(name, INTERRUPTED, interrupted=True) for name in sessions.UNBOUNDED]
        try:
            return sessions.check(self.history, None, self.limits)
        except DscheckError as error:  # about other values, such as texts that are appended to
            return [not_reached(name, f"not applicable: {error}") for name in sessions.UNBOUNDED]

    def _levels(self) -> list[str] | None:
        """The levels that the recording can decide; None for all, and what goes with them."""
        if self.history.micro is None:
            return None
        timed = self.history.ordered_in_time
        claimed = timestamps.LEVELS if isolation.is_stamped(self.history) else ()
        known = [*LEVELS, *claimed]
        return [name for name in known if timed or not _is_timed(name)]

    def by_family(self, asked: Sequence[tuple[str, Family]]) -> list[Judgement]:
        """The judgements on these promises; after Ctrl-C the rest is undecided."""
        found: list[Judgement] = []
        for family in Family:
            if any(one.interrupted for one in found):
                found += [
                    not_reached(name, INTERRUPTED, interrupted=True) for name, of in asked if of is family
                ]
            else:
                found += self.named(family, asked)
        return found

    def named(self, family: Family, asked: Sequence[tuple[str, Family]]) -> list[Judgement]:
        """The judgements on those of the promises that are of one family."""
        names = [name for name, of in asked if of is family]
        if not names:
            return []
        match family:
            case Family.OBJECTS:
                return self._objects(names)
            case Family.TRANSACTIONS:
                if not self.is_transactional:
                    raise DscheckError(
                        f"{self.history.name} has no transactions but operations on a {self.datatype}, and "
                        f"{names[0]} is about transactions: ask for linearizable, or leave --consistency out"
                    )
                return isolation.check(self.history, names, self.limits)
            case Family.SESSIONS:
                return sessions.check(self.history, names, self.limits)

    def _objects(self, names: Sequence[str]) -> list[Judgement]:
        """One after the other; after Ctrl-C the rest is undecided."""
        found: list[Judgement] = []
        for name in names:
            if found and found[-1].interrupted:
                found.append(not_reached(name, INTERRUPTED, interrupted=True))
                continue
            try:
                found += linearizability.check(
                    self.history, self.specification, promise=name, limits=self.limits
                )
            except KeyboardInterrupt:
                found.append(not_reached(name, INTERRUPTED, interrupted=True))
        return found
