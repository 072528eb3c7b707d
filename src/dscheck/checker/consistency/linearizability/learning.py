"""What a specification answers, learned once: states and operations by number, and the engine's table of
steps."""

from __future__ import annotations

import time
import traceback
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Any, Final

from dscheck._engine import Steps
from dscheck.checker.amounts import shortened
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import SPECIFICATIONS
from dscheck.checker.specifications.equality import by_type
from dscheck.checker.specifications.register import CasRegister, Register
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, OneOf, Specification
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import FAIL, History
from dscheck.histories.values import ATOM, COMPOUND, Values


class OutOfTimeError(Exception):
    """The time was over before all operations were known."""


class SpecificationError(DscheckError):
    """A specification is at fault: a step raised, or broke a rule."""


PURE: Final = 1
"""An operation that changes nothing; the numbers are the engine's."""
BLIND: Final = 2
"""An operation that is always possible and leads to the same state from everywhere."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The operations of one history, as a table of steps knows them."""

    classes: list[int]
    """By class of the history: the number in the table."""
    effects: bytes
    """By class of the history: what the specification says of it, PURE, BLIND or nothing (0)."""


class Learned:
    """A specification with everything that was ever asked of it; good for any number of histories."""

    def __init__(self, specification: Specification) -> None:
        self.specification = specification
        self.steps = Steps(self._teach)
        self._is_ours = type(specification) in SPECIFICATIONS.values()
        """Whether it keeps its word for certain."""
        self._may_be_none = specification.none_is_a_state
        self._states: list[Hashable] = []
        self._state_numbers: dict[Hashable, int] = {}
        self._asked: list[Asked] = []
        self._effects: list[int] = []
        self._led_to: dict[int, list[int]] = {}
        self._found: dict[int, int] = {}
        """Of reads of registers, the only state in which they can be."""
        self._class_numbers: dict[Hashable, int] = {}

    def initial(self) -> list[int]:
        """The numbers of the states before the first operation."""
        state = self._run("initial", None, None)
        self._may_be_none |= state is None
        return [self.state_number(state)]

    def state(self, number: int) -> Any:
        """A state by its number."""
        return self._states[number]

    def describe(self, number: int) -> str:
        """A state for people."""
        try:
            return shortened(self.specification.describe(self.state(number)), 100)
        except Exception as error:
            raise SpecificationError(
                f"{self._name}.describe raised {type(error).__name__}: {error}"
            ) from error

    def state_number(self, state: Hashable) -> int:
        """The number of a state; a new one where it is new.  Equal states of different types are
        different."""
        if isinstance(state, Iterator):
            raise SpecificationError(
                f"{self._name}: {state!r} is no state; for several states give OneOf.of(...)"
            )
        try:
            key = by_type(state)
            number = self._state_numbers.get(key)
        except RecursionError as error:
            raise SpecificationError(
                f"{self._name}: a state contains others too deeply; use flat tuples"
            ) from error
        except (TypeError, ValueError) as error:  # ValueError: arrays have no truth value
            raise SpecificationError(
                f"{self._name}: the state {shortened(repr(state), 200)} is not hashable; use tuples and "
                "frozensets"
            ) from error
        if number is None:
            number = self._state_numbers[key] = len(self._states)
            self._states.append(state)
        return number

    def vocabulary(
        self, history: History, classes: list[tuple[int, int, int, bool]], seconds: float | None = None
    ) -> Vocabulary:
        """The classes of a history, as `Operations.classes`.

        Raises DscheckError for unknown functions, and OutOfTimeError after so many seconds.
        """
        end = inf if seconds is None else time.monotonic() + seconds
        names, values = history.functions, history.values
        known = set(self.specification.functions)
        if not known.issuperset(names):
            unknown = {names[function] for function, _, _, _ in classes} - known
            if unknown:
                raise DscheckError(
                    f"{history.name} has the functions {', '.join(sorted(unknown))}, which the specification "
                    f"{self._name} does not know; it knows {', '.join(self.specification.functions)}"
                )
        numbers = []
        for at, (function, argument, result, is_known) in enumerate(classes):
            if at % 1024 == 1023 and time.monotonic() > end:
                raise OutOfTimeError
            told_result = _identity(values, result) if is_known else UNKNOWN
            key = (names[function], _identity(values, argument), told_result)
            number = self._class_numbers.get(key)
            if number is None:
                returned = values.value(result) if is_known else UNKNOWN
                asked = Asked(names[function], values.value(argument), returned)
                if fault := self._run("fault", None, asked):
                    raise HistoryError(fault, file=history.name, line=_line(history, function, argument))
                number = self._class_numbers[key] = self._add(asked)
            numbers.append(number)
        return Vocabulary(numbers, bytes(self._effects[number] for number in numbers))

    def _add(self, asked: Asked) -> int:
        self._asked.append(asked)
        self._effects.append(self._effect(asked))
        number = len(self._asked) - 1
        if type(self.specification) in (Register, CasRegister):  # known without asking: half of the time
            if asked.function == "write":
                self._led_to[number] = [self.state_number(asked.argument)]
            elif asked.function == "read" and asked.result is not UNKNOWN:
                self._found[number] = self.state_number(asked.result)
        return number

    def _teach(self, questions: list[tuple[int, int]]) -> list[list[int]]:
        return [self._step(state, number) for state, number in questions]

    def _step(self, state: int, number: int) -> list[int]:
        found_by = self._found.get(number)
        if found_by is not None:
            return [state] if found_by == state else []
        effect = self._effects[number]
        if self._is_ours and effect == BLIND and number in self._led_to:
            return self._led_to[number]
        asked = self._asked[number]
        answer = self._run("step", self._states[state], asked)
        if answer is REFUSED:
            return []
        if answer is None and not self._may_be_none:
            raise SpecificationError(
                f"{self._name}.step gave None for {told(asked)} in the state {self._states[state]!r}: is a "
                "`return` missing?  If None is a state, the class says so: none_is_a_state = True"
            )
        states = answer.states if isinstance(answer, OneOf) else (answer,)
        if not isinstance(states, tuple):
            raise SpecificationError(
                f"{self._name}: OneOf({states!r}) is no tuple of states; OneOf.of takes any"
            )
        if self._is_ours and effect == PURE:
            return [state] if states else []
        found = list(dict.fromkeys(self.state_number(after) for after in states))
        if effect:
            self._hold_to_its_word(state, number, found)
        return found

    def _effect(self, asked: Asked) -> int:
        if self._run("is_pure", None, asked):
            return PURE
        return BLIND if self._run("is_blind", None, asked) else 0

    def _hold_to_its_word(self, state: int, number: int, found: list[int]) -> None:
        """Raises where an operation does what the specification says that it never does."""
        what, where = told(self._asked[number]), f"in the state {self._states[state]!r}"
        said = f"{self._name} says that {what}"
        if self._effects[number] == PURE and found not in ([], [state]):
            raise SpecificationError(f"{said} changes nothing, but {where} it does")
        if self._effects[number] == BLIND:
            usual = self._led_to.setdefault(number, found)
            if not found:
                raise SpecificationError(f"{said} is always possible, but {where} it is not")
            if len(found) > 1 or found != usual:
                raise SpecificationError(f"{said} always leads to the same state, but {where} it does not")

    def _run(self, method: str, state: Any, asked: Asked | None) -> Any:
        specification = self.specification
        try:
            if asked is None:
                return specification.initial()
            if method == "step":
                return specification.step(state, asked)
            return getattr(specification, method)(asked)
        except DscheckError:
            raise
        except Exception as error:
            what = "" if asked is None else f" for {told(asked)}"
            where = f" in the state {state!r}" if method == "step" else ""
            last = traceback.extract_tb(error.__traceback__)[-1]
            raise SpecificationError(
                f"{self._name}.{method} raised {type(error).__name__}: {error}{what}{where} "
                f"(line {last.lineno} of {last.filename})"
            ) from error

    @property
    def _name(self) -> str:
        return self.specification.name or type(self.specification).__name__


def _line(history: History, function: int, argument: int) -> int:
    """Of the first operation of that kind."""
    mine = (history.function == function) & (history.argument == argument) & (history.outcome != FAIL)
    return int(history.line[int(mine.argmax())])


def told(asked: Asked) -> str:
    """An operation in words: `write(3)`, `cas((1, 2)) -> False`."""
    argument = "" if asked.argument is None else repr(asked.argument)
    result = "" if asked.result is None else f" -> {asked.result!r}"
    return f"{asked.function}({argument}){result}"


def _identity(values: Values, code: int) -> Hashable:
    """Something that is equal exactly where values are the same, in any history; quicker than the value."""
    if code < COMPOUND:
        return code
    if code >= ATOM:
        return by_type(values.atoms[code - ATOM])
    return (values.kinds[code - COMPOUND], *(_identity(values, item) for item in values.item_codes(code)))
