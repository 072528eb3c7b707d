"""What must hold: the decorators of properties, and how one is judged."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.counted import Caught
from dscheck.checker.notation.marks import Declared, declared_in, mark
from dscheck.checker.notation.run import Collection, Disabled, Place, Run
from dscheck.checker.specifications.specification import Specification

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.notation.operations import Event

Property = TypeVar("Property", bound=Callable[..., bool])
Abstraction = TypeVar("Abstraction", bound=Callable[..., None])
Promise = TypeVar("Promise", bound=Callable[..., None])
M = TypeVar("M", bound="Model")
Params = Mapping[str, Any]

WATCHED = ("linearizable", "sequentially_consistent")
"""The kinds of promises about the operations that clients record."""
PROPERTIES = ("always", "sometimes", "refines", *WATCHED)
"""The kinds of promises and goals."""
PROMISES = ("always", "refines", *WATCHED)
"""The kinds of promises."""
AIDS = ("lemma",)
"""The kinds that are no promises: a search judges them only where they are asked for by name."""
_CHANGE_ELSEWHERE = "change it in a method marked @action or @receive, or compute with a local variable"


def always(function: Property) -> Property:
    """Must hold in every reachable state, for every choice of its annotated parameters."""
    return mark(function, "always")


def lemma(function: Property) -> Property:
    """Helps a proof: it should hold in every reachable state, and with it a promise is kept by every step.

    `prove` uses all lemmas, and proves them as well; `explore` judges one only if asked for it by name.
    """
    return mark(function, "lemma")


def sometimes(function: Property) -> Property:
    """Must hold in some reachable state, for some choice of its annotated parameters."""
    return mark(function, "sometimes")


def bound(function: Property) -> Property:
    """Where it does not hold for every choice of its annotated parameters, the search goes no further."""
    return mark(function, "bound")


def ends(function: Property) -> Property:
    """Where it holds for every choice of its annotated parameters, it is fine that nothing can happen."""
    return mark(function, "ends")


def refines(spec: Callable[[Any], Model]) -> Callable[[Abstraction], Abstraction]:
    """Every step must be a step of the abstract model that `spec` makes, or change nothing there.

    The method assigns variables of the abstract model, its first parameter after `self`.  It is called for
    every choice of further parameters, and assigns some of the variables each time.
    """
    return lambda function: mark(function, "refines", spec=spec)


Spec = Specification | type[Specification] | Callable[[Any], Specification]
"""A specification, a class of which to make one, or a function that makes one for a model."""


def linearizable(spec: Spec) -> Callable[[Promise], Promise]:
    """The operations that clients record look as if each took effect at one moment while it was under way.

    The method has a name and a text, and nothing to do.  If it has a parameter, the promise is made for each
    object among its values, about the operations `on` it; if not, about those on no object.
    """
    return lambda function: mark(function, "linearizable", spec=spec)


def sequentially_consistent(spec: Spec) -> Callable[[Promise], Promise]:
    """The operations that clients record have an order that keeps each client's own; otherwise as above."""
    return lambda function: mark(function, "sequentially_consistent", spec=spec)


def specification_of(declared: Declared, model: Model) -> Specification:
    """The specification that a promise about operations names."""
    spec: Any = declared.options["spec"]
    made = spec() if isinstance(spec, type) else spec
    if not isinstance(made, Specification) and callable(made):
        made = made(model)
    if not isinstance(made, Specification):
        raise ModelError(
            f"{declared}: {made!r} is not a specification; write @{declared.kind}(Register()), say, "
            "or a function of the model that returns one"
        )
    return made


def mutant(
    of: type[Model], breaks: str, *, steps: int | None = None, params: Params | None = None
) -> Callable[[type[M]], type[M]]:
    """A deliberately wrong variant of a model, and the property that must catch it, or "deadlock".

    `steps` is the length of a shortest counterexample, `params` are parameters for which that is so, where
    they are not the defaults.
    """

    def register(cls: type[M]) -> type[M]:
        if not (isinstance(cls, type) and issubclass(cls, of)):
            name = getattr(cls, "__name__", "Wrong")
            raise ModelError(f"@mutant(of={of.__name__}) on {name}: write `class {name}({of.__name__})`")
        properties = [declared.name for declared in declared_in(cls) if declared.kind in PROPERTIES]
        if breaks not in (*properties, "deadlock"):
            raise ModelError(
                f"{cls.__name__} cannot break {breaks!r}, which is no property of {of.__name__}; "
                f"write one of {', '.join([*properties, 'deadlock'])}"
            )
        of.mutants.append(cls)
        cls.breaks, cls.caught = breaks, Caught(params or {}, steps)
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

    def record(self, event: Event) -> None:
        self._refuse(f"records that {event}", "record it in a method marked @action or @receive")
