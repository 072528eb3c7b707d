"""A specification's steps, as numbers: each is asked once, also for operations whose result is not known yet.

An operation may take effect before its client is told the result.  Which results may it then be told?  A
specification cannot list them, but its questions say what the result depends on: a step sees the result
through `Asked.returned(x)` alone, so the answers that it could get tell all results apart.  A write asks
nothing: any result will do, whatever was there before.  A read asks for one value.  Where a step looks at the
result itself, the states before and after are kept, to ask again when the result is there.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, NamedTuple

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.values import show
from dscheck.checker.rules.slot import Numbering
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, OneOf, Specification


class Exactly(NamedTuple):
    """The client will be told this."""

    result: Any


class AnythingBut(NamedTuple):
    """The client will be told something else than these."""

    results: tuple[Any, ...]


class AsIn(NamedTuple):
    """The client will be told what a step from one state to another may tell."""

    before: Any
    after: Any


class Operation(NamedTuple):
    """What is asked of the object."""

    function: str
    argument: Any

    def __str__(self) -> str:
        return f"{self.function}({'' if self.argument is None else show(self.argument)})"


class _Peeked(BaseException):
    """The step looks at the result itself."""


class _Unanswered(Asked):
    """An operation without a result, which notes what is asked about it and says no."""

    __slots__ = ("candidates",)
    candidates: list[Any]

    def __init__(self, operation: Operation) -> None:
        object.__setattr__(self, "function", operation.function)
        object.__setattr__(self, "argument", operation.argument)
        object.__setattr__(self, "candidates", [])

    @property
    def result(self) -> Any:
        """Not known."""
        raise _Peeked

    def returned(self, result: Any) -> bool:
        """Not this."""
        self.candidates.append(result)
        return False


class Steps:
    """The steps of one specification.  States, operations, results and promises are small numbers."""

    def __init__(self, spec: Specification) -> None:
        self._spec = spec
        self._states, self._operations = Numbering(), Numbering()
        self._results, self._promises = Numbering(), Numbering()
        self._answered: dict[tuple[int, int, int], tuple[int, ...]] = {}
        self._effects: dict[tuple[int, int], tuple[tuple[int, int], ...]] = {}
        self._fits: dict[tuple[int, int, int], bool] = {}

    def check(self, function: str) -> None:
        """Refuse a function that the specification does not know."""
        spec = self._spec
        if spec.functions and function not in spec.functions:
            raise ModelError(
                f"invoke(..., {function!r}): {spec.name or type(spec).__name__} has no such function; "
                f"it has {', '.join(spec.functions)}"
            )

    def start(self) -> int:
        """The state before the first operation."""
        return self._states.number(self._spec.initial())

    def operation(self, function: str, argument: Hashable) -> int:
        """The number of an operation."""
        return self._operations.number(Operation(function, argument))

    def result(self, value: Hashable) -> int:
        """The number of a result."""
        return self._results.number(value)

    def is_pure(self, operation: int) -> bool:
        """Whether an operation changes no state, whatever its result."""
        what = self._operations.values[operation]
        return self._spec.is_pure(Asked(what.function, what.argument, UNKNOWN))

    def answered(self, state: int, operation: int, result: int) -> tuple[int, ...]:
        """The states after an operation that was told this result; none if it cannot have been."""
        asked = (state, operation, result)
        if asked not in self._answered:
            told = self._results.values[result]
            after = self._step(self._states.values[state], self._operations.values[operation], told)
            self._answered[asked] = _numbers(map(self._states.number, after))
        return self._answered[asked]

    def effects(self, state: int, operation: int) -> tuple[tuple[int, int], ...]:
        """What an operation may do before its result is known: promises about it, and states after it."""
        asked = (state, operation)
        if asked not in self._effects:
            found = self._unanswered(self._states.values[state], self._operations.values[operation])
            numbers = ((self._promises.number(p), self._states.number(after)) for p, after in found)
            self._effects[asked] = tuple(dict.fromkeys(numbers))
        return self._effects[asked]

    def fits(self, promise: int, operation: int, result: int) -> bool:
        """Whether an operation that took effect under a promise may be told this result."""
        asked = (promise, operation, result)
        if asked not in self._fits:
            told, what = self._results.values[result], self._operations.values[operation]
            question = Asked(what.function, what.argument, told)
            match self._promises.values[promise]:
                case Exactly(only):
                    self._fits[asked] = question.returned(only)
                case AnythingBut(others):
                    self._fits[asked] = not any(map(question.returned, others))
                case AsIn(before, after):
                    self._fits[asked] = self._states.number(after) in self._foreseen(before, what, told)
        return self._fits[asked]

    def tell_state(self, state: int) -> str:
        """A state as people want to read it."""
        return self._spec.describe(self._states.values[state])

    def tell_operation(self, operation: int) -> str:
        """An operation as people want to read it."""
        return str(self._operations.values[operation])

    def _foreseen(self, before: Any, operation: Operation, told: Any) -> set[int]:
        """The states after an operation that was told this; each must be possible without a result, too."""
        known = set(map(self._states.number, self._step(before, operation, told)))
        if not known <= set(map(self._states.number, self._step(before, operation, UNKNOWN))):
            raise ModelError(
                f"{self._spec.name or type(self._spec).__name__}: after {operation} the state depends on the "
                f"result {show(told)}, which is known only later; a promise of a model needs a specification "
                "whose step with the result UNKNOWN gives every state that some result gives"
            )
        return known

    def _step(self, state: Any, operation: Operation, result: Any) -> tuple[Hashable, ...]:
        answer = self._spec.step(state, Asked(operation.function, operation.argument, result))
        if answer is REFUSED:
            return ()
        return answer.states if isinstance(answer, OneOf) else (answer,)

    def _unanswered(self, state: Any, operation: Operation) -> list[tuple[Hashable, Hashable]]:
        probe = _Unanswered(operation)
        try:
            answer = self._spec.step(state, probe)
        except _Peeked:
            return [(AsIn(state, after), after) for after in self._step(state, operation, UNKNOWN)]
        candidates = Numbering()
        for candidate in probe.candidates:
            candidates.number(candidate)
        found: list[tuple[Hashable, Hashable]] = []
        for result in candidates.values:
            found += ((Exactly(result), after) for after in self._step(state, operation, result))
        if answer is not REFUSED:
            others = answer.states if isinstance(answer, OneOf) else (answer,)
            found += ((AnythingBut(tuple(candidates.values)), after) for after in others)
        return found


def _numbers(found: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(found))
