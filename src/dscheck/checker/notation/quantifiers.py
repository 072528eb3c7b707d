"""What an annotation ranges over: the nodes of a class, an enum, bool, a Literal, or a declared domain."""

from __future__ import annotations

from enum import Enum
from itertools import product
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, NewType, Union, get_args, get_origin

from dscheck.checker.notation import values
from dscheck.checker.notation.nodes import Node

if TYPE_CHECKING:
    from dscheck.checker.notation.layout import Layout


def universe(annotation: Any, layout: Layout) -> tuple[Any, ...] | None:
    """Every value of the annotated type in canonical order, or None where there is no end of them."""
    if annotation in layout.domains:
        return layout.domains[annotation]
    if isinstance(annotation, type):
        return _of_class(annotation, layout)
    if get_origin(annotation) is not None:
        return _of_form(annotation, layout)
    if isinstance(annotation, NewType):
        return universe(annotation.__supertype__, layout)
    if hasattr(annotation, "__value__"):  # `type Ballot = ...`, from Python 3.12 on
        return universe(annotation.__value__, layout)
    return None


def _of_class(cls: type, layout: Layout) -> tuple[Any, ...] | None:
    if issubclass(cls, Node):
        return tuple(layout.all(cls))
    if issubclass(cls, Enum):
        return tuple(cls)
    return {bool: (False, True), NoneType: (None,)}.get(cls)


def _of_form(annotation: Any, layout: Layout) -> tuple[Any, ...] | None:
    """Of an annotation with arguments: Literal, Annotated, a union, a tuple of fixed length."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return arguments
    if origin is Annotated:
        return universe(arguments[0], layout)
    parts = [universe(argument, layout) for argument in arguments]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    if origin in (Union, UnionType):
        return tuple({values.key(value): value for part in known for value in part}.values())
    return tuple(product(*known)) if origin is tuple and arguments else None


def how_to_declare(annotation: Any) -> str:
    """The advice for an annotation without a universe."""
    name = getattr(annotation, "__name__", str(annotation))
    new = name.capitalize() if name.isidentifier() else "Ballot"
    return (
        f"`{name}` has no end of values; write a class of nodes, an enum, bool or Literal[...], or declare "
        f'a domain: {new} = NewType("{new}", int), with self.domain({new}, range(3)) in setup'
    )
