"""What a dependency graph says about each level: questions to the engine, asked once each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dscheck import _engine
from dscheck.checker.amounts import plural
from dscheck.checker.consistency.isolation import anomalies
from dscheck.checker.consistency.isolation.explain import Explainer
from dscheck.checker.consistency.isolation.levels import LEVELS, Question
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Limits, because
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History

_LESS: Final = {"": (), "session": ("",), "real-time": ("", "session")}
"""The orders that are part of an order."""
_UNSURE: Final = ("parallel-snapshot", "prefix", "snapshot-isolation")
"""Bases that depend on how writes are ordered which nobody saw."""
_KINDS: Final = {"garbage read": "garbage", "lost update": "lost-update"}
STOPS: Final = {TimeoutError: "the time was up", MemoryError: "the memory was used up"}
"""Why a search was given up."""
_ALGORITHM: Final = "dependency graph and classes of cycles (Adya 1999; Elle, VLDB 2020)"


class Clock:
    """What is left of the limits."""

    def __init__(self, limits: Limits) -> None:
        self._end = None if limits.seconds is None else time.monotonic() + limits.seconds
        self.memory = limits.memory

    @property
    def seconds(self) -> float | None:
        """Seconds until the deadline."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def rest(self) -> Limits:
        """The same as limits."""
        return Limits(seconds=self.seconds, memory=self.memory)


@dataclass(slots=True)
class Inquiry:
    """The dependencies of one history, and what was asked of them so far."""

    history: History
    dependencies: _engine.Dependencies
    clock: Clock
    explainer: Explainer
    findings: dict[str, Anomaly]
    """By what they are."""
    gaps: tuple[str, ...] = ()
    """What could not be told: no level holds for certain."""
    _answers: dict[Question, Anomaly | str | None] = field(default_factory=dict)
    """Nothing found, an anomaly, or why the search was given up."""

    @classmethod
    def of(
        cls,
        history: History,
        dependencies: _engine.Dependencies,
        clock: Clock,
        known: Sequence[Anomaly] = (),
        gaps: Sequence[str] = (),
        is_set: bool = False,
    ) -> Inquiry:
        """Begins with what is wrong without any cycle, and what is known from elsewhere."""
        explainer = Explainer(history, dependencies.evidence, is_set=is_set)
        findings = {_KINDS.get(anomaly.name, anomaly.name): anomaly for anomaly in known}
        findings |= anomalies.of_findings(history, explainer, dependencies.findings)
        return cls(history, dependencies, clock, explainer, findings, (*gaps, *_gaps(dependencies)))

    def ask(self, question: Question) -> Anomaly | str | None:
        """The anomaly that a question is about, if it is there; a text says why nobody knows."""
        if question not in self._answers:
            try:
                self._answers[question] = self._find(question)
            except (TimeoutError, MemoryError) as stopped:
                self._answers[question] = STOPS[type(stopped)]
        return self._answers[question]

    def _find(self, question: Question) -> Anomaly | None:
        shape, order = question
        if order == "real-time" and not self.history.ordered_in_time:
            return None
        if self.dependencies.acyclic:
            return None
        if any(self._is_there(shape, less) for less in _LESS[order]):
            return None  # every level that asks for this order asks for that one, too
        if shape == "causal" and any(self._is_there("atomic", less) for less in (*_LESS[order], order)):
            return None  # and whoever asks for this one asks for that one
        found = self.dependencies.cycle(shape, order, seconds=self.clock.seconds, memory=self.clock.memory)
        if found is None:
            return None
        again = shape == "G-nonadjacent" and _crosses(found[0])
        if again and any(self._is_there("G-single", less) for less in (*_LESS[order], order)):
            return None  # it is that one, walked more than once
        return anomalies.of_cycle(self.explainer, shape, found)

    def _is_there(self, shape: str, order: str) -> bool:
        return isinstance(self.ask((shape, order)), Anomaly)

    def judge(self, name: str) -> Judgement:
        """The verdict on one level."""
        began = time.process_time()
        level = LEVELS[name]
        found: list[Anomaly] = []
        stopped: list[str] = []
        for question in level.forbids:
            for answer in self._answers_to(question):
                if isinstance(answer, Anomaly):
                    found.append(answer)
                elif answer is not None:
                    stopped.append(f"{question[0]} was given up, as {answer}")
        doubts = [*stopped, *self.gaps]
        if level.variant == "strong-" and not self.history.ordered_in_time:
            doubts.append("the recording does not say what happened before what in different sessions")
        if not found and self.depends_on_order(name):
            doubts.append(f"{plural(self.partial, 'key')} with several last writes that nobody read")
        verdict = Verdict.VIOLATED if found else Verdict.UNDECIDED if doubts else Verdict.HOLDS
        return Judgement(
            promise=name,
            verdict=verdict,
            covered=because(self.covered, doubts if verdict is Verdict.UNDECIDED else ()),
            algorithm=_ALGORITHM,
            anomalies=tuple(_distinct(found)),
            warnings=tuple(dict.fromkeys([*doubts, *self.warnings])),
            vacuous=verdict is Verdict.HOLDS and not self.dependencies.coverage[0],
            seconds=time.process_time() - began,
        )

    def depends_on_order(self, name: str) -> bool:
        """Whether a level may hold or not by how writes are ordered that nobody saw."""
        level = LEVELS[name]
        if level.base not in _UNSURE or not self.partial:
            return False
        if any(
            isinstance(answer, Anomaly) for question in level.forbids for answer in self._answers_to(question)
        ):
            return False
        # An order of all transactions would settle it.
        strongest = {"": "", "strong-session-": "session", "strong-": "real-time"}[level.variant]
        order = "session" if level.name in _UNSURE[:2] else strongest
        return any(self.ask((shape, of)) for shape in ("item", "G2") for of in (*_LESS[order], order))

    def _answers_to(self, question: Question) -> Sequence[Anomaly | str | None]:
        match question:
            case ("garbage", _):
                return [self.findings.get("garbage")]
            case ("committed", _):
                return [found for what, found in self.findings.items() if what != "lost-update"]
            case ("lost-update", _) if "lost-update" in self.findings:
                return [self.findings["lost-update"]]
        return [self.ask(question)]

    @property
    def partial(self) -> int:
        """Keys of whose versions the order is not known completely."""
        return self.dependencies.coverage[3]

    @property
    def covered(self) -> str:
        """How much was looked at."""
        reads, _, keys, _, _ = self.dependencies.coverage
        many = len(self.dependencies.facts.rows) - 1
        return f"{plural(many, 'transaction')}, {plural(reads, 'read')}, {plural(keys, 'key')}"

    @property
    def warnings(self) -> list[str]:
        """What makes the verdicts weaker than they look."""
        reads, _, keys, partial, _ = self.dependencies.coverage
        found = []
        if not reads:
            found.append("nothing was read: there is nothing to judge")
        if partial:
            found.append(f"{partial:,} of {plural(keys, 'key')} without a complete order of versions")
        return found


def _gaps(dependencies: _engine.Dependencies) -> list[str]:
    reads, unknown, _, _, ambiguous = dependencies.coverage
    gaps = []
    if ambiguous:
        gaps.append(f"{plural(ambiguous, 'value')} written more than once: nobody knows which write was read")
    if unknown:
        gaps.append(f"{unknown:,} of {plural(reads, 'read')} without a known writer")
    return gaps


def _crosses(steps: Sequence[tuple[int, int, int, int]]) -> bool:
    """Whether a closed walk visits a transaction twice."""
    return len({source for source, _, _, _ in steps}) < len(steps)


def _distinct(found: list[Anomaly]) -> list[Anomaly]:
    """Without those that are the same by another name; the first of each stays."""
    seen: dict[tuple[object, ...], Anomaly] = {}
    for anomaly in found:
        seen.setdefault((anomaly.witness.operations, anomaly.everyday), anomaly)
    return list(seen.values())
