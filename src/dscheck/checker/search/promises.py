"""What was promised: the properties that a search judged, and where they are written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dscheck.checker.notation.properties import AIDS, PROMISES

if TYPE_CHECKING:
    from dscheck.checker.notation.marks import Declared
    from dscheck.checker.rules.system import System


@dataclass(frozen=True, slots=True)
class Promise:
    """A property that was judged, or one that says how a model may end."""

    name: str
    kind: str
    """always, refines, linearizable, sequentially_consistent, sometimes, or lemma if that was asked for."""
    file: str
    line: int
    """Where its method begins, decorators included."""


def promises(system: System, properties: Collection[str] | None) -> tuple[Promise, ...]:
    """The promises and goals of a model, or those that were asked for."""
    kinds = (*PROMISES, "sometimes", *(() if properties is None else AIDS))
    declared = [method for kind in kinds for method in system.model.declared(kind)]
    return tuple(
        Promise(method.name, method.kind, *_place(method))
        for method in declared
        if properties is None or method.name in properties
    )


def _place(method: Declared) -> tuple[str, int]:
    code = method.function.__code__
    return code.co_filename, code.co_firstlineno


def empty_promises(system: System, promised: Collection[Promise]) -> tuple[str, ...]:
    """Promises that hold because their parameters range over nothing."""
    checked = {instance.name for instance in system.instances}
    return tuple(p.name for p in promised if p.kind != "sometimes" and p.name not in checked)
