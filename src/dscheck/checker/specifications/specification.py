"""What a sequential specification is: a step function, run once per distinct state and operation."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.equality import same


class _Unknown:
    """The result of an operation that never returned."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown()
"""The result of an operation that never returned: any result fits."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One operation as a specification sees it."""

    function: str
    argument: Any
    result: Any
    """What the client was told; UNKNOWN if nothing."""

    def returned(self, result: Any) -> bool:
        """Whether the client was told this; also if it was told nothing."""
        return self.result is UNKNOWN or same(self.result, result)


def something(asked: Asked) -> Any:
    """The argument of an operation that puts it somewhere, where None says that nothing is there.

    Raises DscheckError for None.
    """
    if asked.argument is None:
        raise DscheckError(
            f"{asked.function}(nil) cannot be judged: a result nil says that there is nothing, so nil cannot "
            "be an element, too; record another value for it"
        )
    return asked.argument


def is_number(value: Any) -> bool:
    """Whether one can count with it; truth values are no numbers."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def needs(asked: Asked, what: str) -> str:
    """`cas needs [old, new], not 3`."""
    return f"{asked.function} needs {what}, not {written(asked.argument)}"


def written(value: Any) -> str:
    """A value as recordings have it: `nil`, `[1, 2]`, `"a"`."""
    match value:
        case None:
            return "nil"
        case tuple():
            return f"[{', '.join(map(written, value))}]"
        case str():
            return f'"{value}"'
        case _:
            return repr(value)


class _Refused:
    """The answer of a step that cannot happen."""

    def __repr__(self) -> str:
        return "REFUSED"


REFUSED: Final = _Refused()
"""A step's answer: in this state the operation cannot have had this result."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A step's answer where the data type may choose: the next state is one of these; refused if none."""

    states: tuple[Hashable, ...]

    @classmethod
    def of(cls, states: Iterable[Hashable]) -> OneOf:
        """One of any number of states."""
        return cls(tuple(states))


class Specification:
    """A sequential data type.  Subclass it, and say where it starts and what a step does:

        class Register(Specification):
            name = "register"
            functions = ("read", "write")

            def initial(self):
                return None

            def step(self, state, asked):
                if asked.function == "write":
                    return asked.argument
                return state if asked.returned(state) else REFUSED

    States are immutable and hashable.  A step depends on nothing but its arguments: it runs once per distinct
    state and operation, and the engine repeats it.  With the result UNKNOWN it must allow whatever it allows
    with any other result (`Asked.returned` sees to that).
    """

    name: ClassVar[str] = ""
    """As in `--model cas-register`."""
    functions: ClassVar[tuple[str, ...]] = ()
    """The functions it knows; a history with others is at fault."""
    pure: ClassVar[tuple[str, ...]] = ()
    """Those of them that never change the state: unreturned ones are left out of a search."""
    blind: ClassVar[tuple[str, ...]] = ()
    """Those of them that are always possible and lead to the same state from everywhere, as a plain write:
    they may take effect unseen, just before another one of them."""
    none_is_a_state: ClassVar[bool] = False
    """Whether a step may give None for a state, as it may where `initial` does.  Where it may not, None is
    taken for a `return` that was forgotten."""
    keyed: ClassVar[bool] = True
    """Whether keys are independent objects, so that each key is judged alone."""

    def initial(self) -> Hashable:
        """The state before the first operation."""
        raise NotImplementedError

    def step(self, state: Any, asked: Asked) -> Hashable | OneOf:
        """The next state, OneOf(...) several, or REFUSED."""
        raise NotImplementedError

    def fault(self, asked: Asked) -> str | None:
        """What is wrong with an operation that no recording should have, whatever the state: `cas needs [old,
        new], not 3`; None if nothing is.  It is asked before any step is."""
        del asked
        return None

    def is_pure(self, asked: Asked) -> bool:
        """Whether this operation changes no state whatever, so that its step gives back the same state or
        REFUSED: reads, and what was told to have had no effect, as a compare-and-set that compared unequal.
        The search is much faster where it knows; it checks what it is told here."""
        return asked.function in self.pure

    def is_blind(self, asked: Asked) -> bool:
        """Whether this operation is always possible, and always leads to the same state: what it does depends
        on nothing, and it says nothing.  The search is much faster where it knows; it checks what it is told
        here."""
        return asked.function in self.blind

    def describe(self, state: Any) -> str:
        """A state as people want to read it."""
        return repr(state)
