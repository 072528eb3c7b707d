"""What is said about a state, and about a step: properties and refinement."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.marks import Declared
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.properties import WATCHED, judge
from dscheck.checker.notation.run import Collection, Place, running
from oracle.execution import Execution, Inspection
from oracle.operations import keeps
from oracle.state import State, default_state, initial_states
from oracle.steps import steps


def holds(state: State, declared: Declared, args: tuple[Any, ...]) -> bool:
    """What one instance of a property says about a state."""
    if declared.kind in WATCHED:
        return keeps(state.model, declared, args, state.history)
    run = Inspection(state)
    run.property = declared.name
    with running(run):
        return judge(declared, state.model, args)


class Mapping(Execution):
    """The execution of a refinement mapping: reads the model's state, writes the specification's."""

    def __init__(self, state: State, spec: Model):
        super().__init__(state)
        self.spec = spec

    def write(self, place: Place, value: Hashable) -> None:
        if not self.is_abstract(place):
            raise ModelError("a refinement assigns variables of the specification only")
        super().write(place, value)

    def member_place(self, collection: Collection, element: Hashable) -> Place:
        model = self.spec if self.is_abstract(collection) else self.state.model
        return model.layout.member_place(collection, element)

    def is_abstract(self, what: Place | Collection) -> bool:
        """Whether this belongs to the specification, not to the model."""
        return what.owner is self.spec or what.owner in self.spec.layout.nodes


class Refinement:
    """Every step of the model is a step of the specification, or changes nothing there."""

    def __init__(self, model: Model, declared: Declared):
        self.model, self.declared = model, declared
        self.spec: Model = declared.options["spec"](model)
        self.starts = {start.identity() for start in initial_states(self.spec)}
        self.reachable_from: dict[Hashable, set[Hashable]] = {}

    def image(self, state: State) -> State:
        """The specification's state that this state stands for."""
        assigned: dict[Place, Any] = {}
        for args in self.model.instances_of(self.declared):
            run = Mapping(state, self.spec)
            with running(run):
                self.declared.function(self.model, self.spec, *args)
            if assigned.keys() & run.written.keys():
                raise ModelError("two instances of a refinement assign the same variable")
            assigned |= run.written
        return default_state(self.spec).updated(assigned)

    def may_start(self, state: State) -> bool:
        return self.image(state).identity() in self.starts

    def allows(self, before: State, after: State) -> bool:
        """Whether the specification has this step, too."""
        source, target = self.image(before), self.image(after).identity()
        allowed = self.reachable_from.get(source.identity())
        if allowed is None:
            allowed = {step.after.identity() for step in steps(source) if step.after} | {source.identity()}
            self.reachable_from[source.identity()] = allowed
        return target in allowed
