"""What a step may do: the decorators of actions and handlers, guards and choices."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.marks import mark
from dscheck.checker.notation.run import Disabled, run_for
from dscheck.checker.notation.values import in_order

T = TypeVar("T")
Step = TypeVar("Step", bound=Callable[..., None])


def action(function: Step) -> Step:
    """A step that may happen at any time; its annotated parameters mean "for some"."""
    return mark(function, "action")


def receive(function: Step) -> Step:
    """What a node does on a message: ``def on_vote(self, s: Server, m: Vote)``."""
    return mark(function, "receive")


def require(condition: object) -> None:
    """The guard of a step: it happens only in states where this holds."""
    if not condition:
        raise Disabled


def choose(options: Iterable[T]) -> T:
    """Any one of the options: the checker tries them all."""
    run = run_for("choose(...)")
    if isinstance(options, str) or not isinstance(options, Iterable):
        raise ModelError(f"choose({options!r}): write the options as a tuple, such as choose((1, 2, 3))")
    return cast(T, run.choose(tuple(in_order(options))))
