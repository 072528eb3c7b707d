"""Messages: frozen records that nodes send to each other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from inspect import get_annotations
from typing import Any, dataclass_transform

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.annotations import remember_names
from dscheck.checker.notation.values import show
from dscheck.checker.notation.variables import Variable


@dataclass_transform(frozen_default=True, kw_only_default=True)
class _Record:
    """Tells type checkers and editors that every subclass has a constructor with its own fields."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Message(_Record):
    """A message: subclass it and annotate its fields, ``class Vote(Message): term: int``."""

    src: Any = None
    """The node that sent it."""
    dst: Any = None
    """The node that it goes to."""

    def __init_subclass__(cls) -> None:
        remember_names(cls)
        for name in {"src", "dst"} & get_annotations(cls).keys():
            raise ModelError(
                f"{cls.__name__}.{name}: every message has its own `{name}`; choose another name"
            )
        for name, value in vars(cls).items():
            if isinstance(value, Variable):
                raise ModelError(
                    f"{cls.__name__}.{name}: a message has fields, not variables; write `{name}: int`"
                )
        try:
            dataclass(frozen=True, kw_only=True, repr=False)(cls)
        except ValueError as error:  # a mutable default
            raise ModelError(f"{cls.__name__}: {error}; write a tuple or a frozenset instead") from error

    def __repr__(self) -> str:
        names = [field.name for field in fields(self) if field.name not in ("src", "dst")]
        body = f"{type(self).__name__}({', '.join(f'{name}={show(getattr(self, name))}' for name in names)})"
        return body if self.src is None and self.dst is None else f"{body} {self.src}->{self.dst}"
