"""One promise about operations: which events it sees, and the place where its monitor is kept."""

from __future__ import annotations

from collections.abc import Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import ModelError, UnpairedOperation
from dscheck.checker.notation.operations import Event
from dscheck.checker.notation.properties import WATCHED, specification_of
from dscheck.checker.notation.run import Place, Run
from dscheck.checker.notation.values import key, show
from dscheck.checker.rules import faults
from dscheck.checker.rules.monitors.linearizability import Linearizability
from dscheck.checker.rules.monitors.monitor import Monitor, Recorded
from dscheck.checker.rules.monitors.sequential import SequentialConsistency
from dscheck.checker.rules.monitors.steps import Steps

if TYPE_CHECKING:
    from dscheck.checker.notation.marks import Declared
    from dscheck.checker.notation.model import Model

_MONITORS: dict[str, type[Monitor]] = {
    "linearizable": Linearizability,
    "sequentially_consistent": SequentialConsistency,
}


class Watch:
    """A promise about the operations on one object."""

    def __init__(self, model: Model, declared: Declared, args: tuple[Any, ...]) -> None:
        self.declared, self.args = declared, args
        may_crash = faults.can_happen(model.layout, "crash")
        self.monitor = _MONITORS[declared.kind](Steps(specification_of(declared, model)), may_crash)
        self._on = args[0] if args else None
        self.place = Place(model, declared.name, self._on)
        """Holds the monitor's value."""

    def sees(self, event: Event) -> bool:
        """Whether the promise is about this event."""
        return key(event.on) == key(self._on)

    def record(self, run: Run, event: Event) -> None:
        """Update the monitor, without observing it."""
        self.monitor.check(event)
        run.operate(self.place, event.identity(), Recorded(self.monitor, event))

    def judge(self, run: Run) -> bool:
        """Whether the operations so far keep the promise: all that is observed of them."""
        verdict = run.view(self.place, "kept", attrgetter("verdict"))
        if isinstance(verdict, str):
            raise UnpairedOperation(verdict)
        return bool(verdict)


def watches(model: Model, selected: Iterable[str]) -> list[Watch]:
    """The promises about operations, of those with these names."""
    names = set(selected)
    return [
        Watch(model, declared, args)
        for kind in WATCHED
        for declared in model.declared(kind)
        if declared.name in names
        for args in model.instances_of(declared)
    ]


def check_watched(model: Model, event: Event) -> None:
    """Refuse an event that none of the model's promises about operations is about."""
    declared = [found for kind in WATCHED for found in model.declared(kind)]
    objects = [args[0] if args else None for found in declared for args in model.instances_of(found)]
    if declared and key(event.on) not in map(key, objects):
        known = ", ".join(sorted({show(on) for on in objects if on is not None}))
        raise ModelError(
            f"{event}, and no promise is about that; "
            + (
                f"write on=... with one of {known}"
                if known
                else "leave out on=..., or give the promise a parameter"
            )
        )
