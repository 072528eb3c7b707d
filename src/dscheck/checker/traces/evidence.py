"""From what the engine found to what is wrong, for whom, and why."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dscheck.checker.notation.properties import WATCHED
from dscheck.checker.notation.values import show
from dscheck.checker.rules.recorder import answers_of
from dscheck.checker.traces.explain import MOST, explain
from dscheck.checker.traces.finding import Failure, Finding, Named, Reason
from dscheck.checker.traces.tell import variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.instances import Instance
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System
    from dscheck.checker.traces.slicing import Judged

_OURS = Path(__file__).parent.parent


def find(system: System, path: Sequence[Numbers], judged: Judged) -> Finding:
    """What is wrong in the last state, or with the last step, of a path."""
    kind, tree, picks = judged
    _, _, state = path[-1]
    if kind == "deadlock":
        return Finding(kind, "deadlock", reasons=tuple(_no_proper_end(system, state)))
    if kind == "initial":
        return Finding(kind, refinement(system).name)
    if kind == "refines":
        _, _, before = path[-2]
        return Finding(kind, refinement(system).name, reasons=(abstract_step(system, before, state),))
    instance = system.instances[tree]
    if kind == "fault":
        raised = system.rerun(tree, state, picks).exception
        return Finding(kind, instance.label(), failure=failure(raised) if raised else None)
    return broken(system, instance, state)


def _no_proper_end(system: System, state: State) -> Iterator[Reason]:
    """The parts of every @ends that are false in a state."""
    for tree in system.trees("ends"):
        instance = system.instances[tree]
        if not system.run(tree, answers_of(state), ()).result:
            with system.reading(state):
                parts = explain(instance.source, system.model, *instance.args)
            whom = ", ".join(f"{name} = {value}" for name, value in arguments(instance))
            yield Reason(f"{instance.name} is false" + (f" for {whom}" if whom else "") + ":")
            yield from parts


def broken(system: System, instance: Instance, state: State) -> Finding:
    """A property that is false in a state."""
    if instance.kind in WATCHED:  # what is wrong is in the trace, not in the method
        return Finding(instance.kind, instance.name, arguments(instance))
    with system.reading(state):
        reasons = explain(instance.source, system.model, *instance.args)
    return Finding(instance.kind, instance.name, arguments(instance), reasons)


def arguments(instance: Instance) -> Named:
    """The names and values of a method's parameters."""
    _, *parameters = inspect.signature(instance.source).parameters
    return tuple(zip(parameters, map(show, instance.args), strict=True))


def refinement(system: System) -> Instance:
    """One instance of the mapping to the abstract model."""
    return next(instance for instance in system.instances if instance.kind == "refines")


def abstract_step(system: System, before: State, after: State) -> Reason:
    """What a step would have done in the abstract model, which does not allow it."""
    assert system.spec is not None
    old, new = (variables(system.spec, system.abstract(state)) for state in (before, after))
    changed = {name: f"{old[name]} => {value}" for name, value in new.items() if old[name] != value}
    values = new | changed if len(new) <= MOST else changed
    return Reason(f"no step of {system.spec.model} does this:", tuple(values.items()))


def failure(raised: Exception) -> Failure:
    """What the model raised, and where in the model."""
    kind, error = type(raised).__name__, "".join(traceback.format_exception_only(raised)).strip()
    frames = traceback.extract_tb(raised.__traceback__)
    theirs = [frame for frame in frames if _OURS not in Path(frame.filename).parents]
    if not theirs:
        return Failure(kind, error)
    frame = theirs[-1]
    return Failure(kind, error, f"{frame.filename}, line {frame.lineno}, in {frame.name}", frame.line or "")
