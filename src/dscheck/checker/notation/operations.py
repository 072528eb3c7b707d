"""Operations of clients: what a model's actions record for @linearizable and @sequentially_consistent."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.run import run_for
from dscheck.checker.notation.values import freeze_check, key, show


@dataclass(frozen=True, slots=True)
class Invoked:
    """A process begins an operation."""

    process: Node
    on: Hashable
    """The object that is operated on; None where there is only one."""
    function: str
    argument: Hashable

    def identity(self) -> Hashable:
        """Equal for events that no promise can tell apart."""
        return "invoke", self.process, self.function, key(self.argument)

    def __str__(self) -> str:
        argument = "" if self.argument is None else show(self.argument)
        return f"{self.process} invokes {self.function}({argument}){_object(self.on)}"


@dataclass(frozen=True, slots=True)
class Responded:
    """A process is told the result of its operation."""

    process: Node
    on: Hashable
    result: Hashable

    def identity(self) -> Hashable:
        """Equal for events that no promise can tell apart."""
        return "respond", self.process, key(self.result)

    def __str__(self) -> str:
        return f"{self.process} is told {show(self.result)}{_object(self.on)}"


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A process no longer waits for its operation, which may take effect at any time or never."""

    process: Node
    on: Hashable

    def identity(self) -> Hashable:
        """Equal for events that no promise can tell apart."""
        return "abandon", self.process

    def __str__(self) -> str:
        return f"{self.process} gives up{_object(self.on)}"


Event = Invoked | Responded | Abandoned


def invoke(process: Node, function: str, argument: Hashable = None, *, on: Hashable = None) -> None:
    """A client begins an operation: ``invoke(c, "write", 1)``, ``invoke(c, "read")``."""
    where = f"invoke({process!r}, {function!r}, ...)"
    if not isinstance(function, str):
        raise ModelError(f'{where}: a function has a name; write invoke(c, "read"), say')
    freeze_check(argument, where)
    _record(Invoked(process, on, function, argument), where)


def respond(process: Node, result: Hashable = None, *, on: Hashable = None) -> None:
    """A client is told the result of the operation that it has begun: ``respond(c, 1)``."""
    where = f"respond({process!r}, ...)"
    freeze_check(result, where)
    _record(Responded(process, on, result), where)


def abandon(process: Node, *, on: Hashable = None) -> None:
    """A client stops waiting: its operation may take effect at any time from now on, or never."""
    _record(Abandoned(process, on), f"abandon({process!r})")


def _record(event: Event, where: str) -> None:
    run = run_for(where)
    if not isinstance(event.process, Node):
        raise ModelError(f"{where}: {event.process!r} is not a node; write the client that operates")
    freeze_check(event.on, where)
    run.record(event)


def _object(on: Hashable) -> str:
    return "" if on is None else f" on {show(on)}"
