"""What must hold: the decorators of properties, and how one is judged."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.marks import Declared, declared_in, mark
from dscheck.checker.notation.run import Collection, Disabled, Place, Run

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model

Property = TypeVar("Property", bound=Callable[..., bool])
Mapping = TypeVar("Mapping", bound=Callable[..., None])
M = TypeVar("M", bound="Model")

_BREAKABLE = ("always", "sometimes", "refines")
_CHANGE_ELSEWHERE = "change it in a method marked @action or @receive, or compute with a local variable"


def always(function: Property) -> Property:
    """Must hold in every reachable state, for every choice of its annotated parameters."""
    return mark(function, "always")


def sometimes(function: Property) -> Property:
    """Must hold in some reachable state, for some choice of its annotated parameters."""
    return mark(function, "sometimes")


def bound(function: Property) -> Property:
    """Where it does not hold for every choice of its annotated parameters, the search goes no further."""
    return mark(function, "bound")


def ends(function: Property) -> Property:
    """Where it holds for every choice of its annotated parameters, it is fine that nothing can happen."""
    return mark(function, "ends")


def refines(spec: Callable[[Any], Model]) -> Callable[[Mapping], Mapping]:
    """Every step must be a step of the abstract model that `spec` makes, or change nothing there.

    The method assigns variables of the abstract model, its first parameter after `self`.  It is called for
    every choice of further parameters, and assigns some of the variables each time.
    """
    return lambda function: mark(function, "refines", spec=spec)


def mutant(of: type[Model], breaks: str) -> Callable[[type[M]], type[M]]:
    """A deliberately wrong variant of a model, and the property that must catch it, or "deadlock"."""

    def register(cls: type[M]) -> type[M]:
        if not (isinstance(cls, type) and issubclass(cls, of)):
            name = getattr(cls, "__name__", "Wrong")
            raise ModelError(f"@mutant(of={of.__name__}) on {name}: write `class {name}({of.__name__})`")
        properties = [declared.name for declared in declared_in(cls) if declared.kind in _BREAKABLE]
        if breaks not in (*properties, "deadlock"):
            raise ModelError(
                f"{cls.__name__} cannot break {breaks!r}, which is no property of {of.__name__}; "
                f"write one of {', '.join([*properties, 'deadlock'])}"
            )
        of.mutants.append(cls)
        cls.breaks = breaks
        return cls

    return register


def judge(declared: Declared, model: Model, args: Sequence[Any]) -> bool:
    """What a property says in the run under way."""
    try:
        verdict = declared.function(model, *args)
    except Disabled:
        raise ModelError(
            f"{declared}: require(...) is for actions; in a property, write `return not condition or ...`"
        ) from None
    if verdict is None:
        raise ModelError(f"{declared} returned None, but a property is True or False; is a `return` missing?")
    if not (hasattr(type(verdict), "__bool__") or hasattr(type(verdict), "__len__")):
        raise ModelError(
            f"{declared} returned a {type(verdict).__name__}, which always counts as true; "
            "write all(...) or any(...) around a generator, and () behind a method"
        )
    return bool(verdict)


class ReadOnly(Run):
    """A run that refuses to change anything; inherit it first: ``class Judging(ReadOnly, Recorder)``."""

    property: str
    """The name of what is running, for the errors."""

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise ModelError(f"{self.property} {what}, but a property only looks at the state; {instead}")

    def write(self, place: Place, value: Hashable) -> None:
        self._refuse(f"assigns {place}", _CHANGE_ELSEWHERE)

    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        self._refuse(f"changes {place}", _CHANGE_ELSEWHERE)

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        self._refuse(f"changes {collection.owner}.{collection.name}", _CHANGE_ELSEWHERE)

    def choose(self, options: Sequence[Any]) -> Any:
        self._refuse(
            "chooses",
            "write any(...) or all(...) over the options, or a parameter, as in `(self, s: Server)`",
        )

    def send(self, message: Message) -> None:
        self._refuse(f"sends {message!r}", "send it in a method marked @action or @receive")
