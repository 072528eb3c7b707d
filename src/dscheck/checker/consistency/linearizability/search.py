"""The general search: is there an order of a history's operations that a specification allows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dscheck._engine import Operations, Orders, Prefix, ProgramOrder
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.consistency.linearizability.learning import Learned, Vocabulary
from dscheck.checker.specifications.specification import Asked
from dscheck.histories.history import NEVER, History

_LATEST = NEVER
NONE: Final = Limits()
"""No limits."""


@dataclass(frozen=True, slots=True)
class Search:
    """A history as the general search sees it."""

    learned: Learned
    history: History
    operations: Operations
    vocabulary: Vocabulary
    initial: list[int]

    @classmethod
    def of(cls, history: History, learned: Learned, limits: Limits = NONE) -> Search:
        """Numbers a history's operations.

        Raises DscheckError for functions that nobody knows, OutOfTimeError if that takes too long.
        """
        operations = Operations(
            history.process,
            history.function,
            history.outcome,
            history.key,
            history.argument,
            history.result,
            history.invoked,
            history.returned,
            keyed=learned.specification.keyed,
        )
        vocabulary = learned.vocabulary(history, operations.classes, limits.seconds)
        return cls(learned, history, operations, vocabulary, learned.initial())

    def is_pure(self, row: int) -> bool:
        """Whether the specification says that this operation changes nothing."""
        operation = self.history.operation(row)
        return self.learned.specification.is_pure(
            Asked(operation.function, operation.argument, operation.result)
        )

    def linearize(
        self,
        limits: Limits,
        *,
        objects: list[int] | None = None,
        weak: bytes | None = None,
        until: int = _LATEST,
    ) -> Orders:
        """Whether each object is linearizable; `weak` says by row what may not have happened (1) or is left
        out (2), and what happened after the position `until` is left out."""
        return self.learned.steps.linearize(
            self.operations,
            self.vocabulary.classes,
            self.vocabulary.effects,
            self.initial,
            objects=objects,
            weak=weak,
            until=until,
            seconds=limits.seconds,
            memory=limits.memory,
        )

    def longest_prefix(self, limits: Limits, object_: int, *, last: int = 1000) -> Prefix | None:
        """How far one object's operations can be put in order; None if the limits did not suffice."""
        return self.learned.steps.longest_prefix(
            self.operations,
            self.vocabulary.classes,
            self.vocabulary.effects,
            self.initial,
            object=object_,
            last=last,
            seconds=limits.seconds,
            memory=limits.memory,
        )

    def in_program_order(
        self, limits: Limits, *, objects: list[int] | None = None, weak: bytes | None = None
    ) -> ProgramOrder:
        """One order of all operations on these objects together that agrees with each process's own."""
        return self.learned.steps.in_program_order(
            self.operations,
            self.vocabulary.classes,
            self.vocabulary.effects,
            self.initial[0],
            objects=objects,
            weak=weak,
            seconds=limits.seconds,
            memory=limits.memory,
        )
