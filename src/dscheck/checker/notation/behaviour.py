"""What a model does: its actions, handlers and properties, and what their parameters range over."""

from __future__ import annotations

import re
from inspect import Parameter, signature
from itertools import product
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.annotations import resolve
from dscheck.checker.notation.marks import Declared, declared_in
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.properties import WATCHED
from dscheck.checker.notation.quantifiers import how_to_declare, universe

if TYPE_CHECKING:
    from dscheck.checker.notation.layout import Layout


class Behaviour:
    """The marked methods of one model, their annotations understood."""

    def __init__(self, model: type, layout: Layout) -> None:
        self._model = model
        self._layout = layout
        self._declared = declared_in(model)
        self._ranges: dict[str, list[tuple[Any, ...]]] = {}
        self._handlers: dict[tuple[type[Message], type[Node]], Declared] = {}
        for declared in self._declared:
            annotations = self._annotations(declared)
            if declared.kind == "receive":
                self._add_handler(declared, list(annotations.values()))
            else:
                self._ranges[declared.name] = [self._range(declared, *item) for item in annotations.items()]
                if declared.kind in WATCHED and len(annotations) > 1:
                    raise ModelError(
                        f"{declared}: a promise about operations has at most one parameter, the object that "
                        "they are on; write a tuple of several as one domain"
                    )
        if not self.declared("action") and not self.declared("receive"):
            raise ModelError(
                f"{model.__name__} has no actions, so nothing can happen; "
                "write `@action` above a method such as `def timeout(self, s: Server) -> None`"
            )

    def declared(self, kind: str) -> list[Declared]:
        """The methods of one kind, those of base classes first."""
        return [declared for declared in self._declared if declared.kind == kind]

    def instances_of(self, declared: Declared) -> list[tuple[Any, ...]]:
        """Every combination of arguments, in canonical order."""
        return list(product(*self._ranges[declared.name]))

    def handler(self, message: Message) -> Declared:
        """The method for the nearest class of the message and, among those, of its destination."""
        for message_class in type(message).__mro__:
            for node_class in type(message.dst).__mro__:
                if (declared := self._handlers.get((message_class, node_class))) is not None:
                    return declared
        raise ModelError(self._nobody_receives(message))

    def _nobody_receives(self, message: Message) -> str:
        name, kind = type(message).__name__, type(message.dst).__name__
        receivers = sorted(
            {node.__name__ for accepted, node in self._handlers if isinstance(message, accepted)}
        )
        write = f"write `@receive` above `def on_{_snake(name)}(self, node: {kind}, m: {name}) -> None`"
        if receivers:
            only = " or ".join(receivers)
            return (
                f"{message!r}: {message.dst} is a {kind}, but {name} is for {only}; send it there, or {write}"
            )
        return f"{message!r}: no method of {self._model.__name__} receives {name}; {write}"

    # -- annotations

    def _annotations(self, declared: Declared) -> dict[str, Any]:
        """What the parameters after `self` are annotated with; without the abstract model of a refinement."""
        parameters = list(signature(declared.function).parameters.values())[1:]
        if declared.kind == "refines":
            if not parameters:
                raise ModelError(
                    f"{declared}: the method assigns variables of the abstract model; "
                    f"write `def {declared.name}(self, spec: TheSpec)`"
                )
            del parameters[0]
        return {parameter.name: self._annotation(declared, parameter) for parameter in parameters}

    def _annotation(self, declared: Declared, parameter: Parameter) -> Any:
        if parameter.default is not Parameter.empty or parameter.kind is not Parameter.POSITIONAL_OR_KEYWORD:
            raise ModelError(
                f"{declared}: the parameter `{parameter.name}` is a quantifier, without stars and defaults; "
                f"write `{parameter.name}: Server`"
            )
        if parameter.annotation is Parameter.empty:
            kinds = [type(node).__name__ for node in self._layout.nodes] or ["Server"]
            node = f"write `{parameter.name}: {kinds[0]}`, or another class of nodes, enum or domain"
            last = list(signature(declared.function).parameters)[-1]
            is_message = declared.kind == "receive" and parameter.name == last
            message = f"write the class of the messages that it receives, `{parameter.name}: Vote`, say"
            raise ModelError(
                f"{declared}: the parameter `{parameter.name}` has no annotation to say what it ranges over; "
                f"{message if is_message else node}"
            )
        return resolve(parameter.annotation, declared.owner, _where(declared, parameter.name), self._model)

    def _range(self, declared: Declared, name: str, annotation: Any) -> tuple[Any, ...]:
        where = _where(declared, name)
        if isinstance(annotation, type) and issubclass(annotation, Message):
            raise ModelError(f"{where} is a message; write `@receive` instead of `@{declared.kind}`")
        members = universe(annotation, self._layout)
        if members is None:
            raise ModelError(f"{where}: {how_to_declare(annotation)}")
        return members

    def _add_handler(self, declared: Declared, annotations: list[Any]) -> None:
        classes = [_classes(annotation) for annotation in annotations]
        kinds = [
            all(issubclass(cls, kind) for cls in found)
            for found, kind in zip(classes, (Node, Message), strict=False)
        ]
        if len(classes) != 2 or not all(kinds):
            raise ModelError(
                f"{declared}: a handler has two parameters, the node that receives and the message; "
                f"write `def {declared.name}(self, s: Server, m: Vote) -> None`"
            )
        for node, message in product(*classes):
            other = self._handlers.setdefault((message, node), declared)
            if other is not declared:
                raise ModelError(
                    f"{declared} and {other} both receive {message.__name__} at {node.__name__}; "
                    "write one handler, with `if` or choose(...) in it"
                )


def _where(declared: Declared, parameter: str) -> str:
    return f"{declared}, parameter `{parameter}`"


def _classes(annotation: Any) -> tuple[type[Any], ...]:
    """The classes of an annotation that is a class or a union of classes."""
    parts = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    return tuple(part if isinstance(part, type) else object for part in parts)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
