"""A compiled model: the rules that the engine knows, and the teacher who runs Python for the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from dscheck._engine import Contradiction, Rules
from dscheck.checker.errors import ModelError
from dscheck.checker.notation.properties import AIDS, PROPERTIES, WATCHED
from dscheck.checker.notation.run import Disabled, Place, Run, running
from dscheck.checker.notation.values import key, order
from dscheck.checker.rules.audit import audit, difference, hidden_state
from dscheck.checker.rules.encoding import Encoding, StateView
from dscheck.checker.rules.footprint import DISABLED, FIRST_FAULT, NOTHING, Footprint
from dscheck.checker.rules.happening import Happening
from dscheck.checker.rules.instances import (
    QUESTIONS,
    STEPS,
    Instance,
    deliveries,
    fixed_steps,
    mappings,
    questions,
    watching,
)
from dscheck.checker.rules.monitors.watch import watches
from dscheck.checker.rules.readers import Mapping, Reader
from dscheck.checker.rules.recorder import Ask, Diverged, Recorder, answers_of
from dscheck.checker.rules.slot import State

if TYPE_CHECKING:
    from dscheck.checker.notation.marks import Declared
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model

_TREES = {
    **dict.fromkeys(STEPS, "step"),
    **dict.fromkeys((*AIDS, *WATCHED), "always"),
    "refines": "map",
}


class System:
    """The rules of one model, learned on demand.

    All numbers depend on the order of the engine's questions alone, which is the same in every process.
    """

    def __init__(
        self,
        model: Model,
        *,
        properties: Collection[str] | None = None,
        seed: int = 0,
        only: Callable[[Instance], bool] | None = None,
    ) -> None:
        """`only` says which steps there are, for a search of a part of the model's behaviours."""
        self.model = model
        self._only = only
        self.rules = Rules()
        selected = _select(model, properties)
        watched = watches(model, selected)
        self.encoding = Encoding(model, self.rules, watched)
        self.initial = self.encoding.initial
        self.instances: list[Instance] = []
        """What each of the engine's trees stands for."""
        self.faults: list[Exception] = []
        """What the model raised, by the engine's numbers of faults."""
        self.python_calls = 0
        """How often Python ran to learn a footprint."""
        self.spec: System | None = None
        """The abstract model of @refines."""
        self._seed = seed
        self._deliverable: set[object] = set()
        self._assigned_by: dict[Place, int] = {}
        self._add(fixed_steps(model))
        self._add(question for question in questions(model) if question.name in selected)
        self._add(watching(watched))
        for declared in model.declared("refines"):
            if declared.name in selected:
                self._refine(declared)

    def _add(self, instances: Iterable[Instance]) -> None:
        for instance in instances:
            if self._only is not None and instance.kind in STEPS and not self._only(instance):
                continue
            tree = self.rules.add_tree(_TREES.get(instance.kind, instance.kind))
            assert tree == len(self.instances), "the engine counts trees from 0"
            self.instances.append(instance)
            if instance.delivery is not None:
                self.rules.learn(tree, [(instance.delivery.nothing.number, 0)], DISABLED)

    def _refine(self, declared: Declared) -> None:
        if self.spec is not None:
            raise ModelError(
                f"{declared}: only one abstract model can be checked at a time; select one by its name"
            )
        self.spec = System(declared.options["spec"](self.model), properties=(), seed=self._seed)
        if any(self.spec.encoding.default):
            raise ModelError(
                f"{declared}: a set of {self.spec.model} is declared with members, and a mapping starts from "
                "empty sets; declare it as set() there, and add the members in setup"
            )
        self._add(mappings(self.model, declared, self.spec.model))

    # -- the engine's teacher

    def learn(self, misses: list[tuple[int, list[int], list[int]]]) -> None:
        """Run Python on states that the rules do not cover, once for every way that open choices can go."""
        for tree, state, picks in misses:
            for footprint in self.runs(tree, state, picks):
                self.python_calls += 1
                self.remember(tree, footprint)

    def operate(self, gaps: list[tuple[int, int]]) -> None:
        """Extend the tables of blind updates."""
        for operator, group in groupby(gaps, key=itemgetter(0)):
            self.encoding.slots.define(operator, [before for _, before in group])

    def remember(self, tree: int, footprint: Footprint) -> None:
        """Teach the engine a footprint; one that contradicts an earlier one shows hidden state."""
        try:
            self.rules.learn(tree, footprint.path, footprint.leaf)
        except Contradiction as found:
            _, _, remembered, now = found.args
            what = difference(self.encoding.slots, remembered, now)
            raise hidden_state(self.instances[tree], what) from None

    # -- runs

    def trees(self, *kinds: str) -> list[int]:
        """The trees of the instances of some kinds that there are by now."""
        return [tree for tree, instance in enumerate(self.instances) if instance.kind in kinds]

    def runs(self, tree: int, state: State, picks: Sequence[int] = ()) -> Iterator[Footprint]:
        """Runs of an instance on a state: one for every way that choices can go after the first `picks`."""
        given: Sequence[int] | None = picks
        while given is not None:
            footprint = self.run(tree, answers_of(state), given)
            yield footprint
            given = footprint.next_picks(len(picks))

    def run(self, tree: int, ask: Ask, picks: Sequence[int]) -> Footprint:
        """Run an instance on whatever state answers its observations."""
        instance = self.instances[tree]
        run = self._new_run(instance, ask, picks)
        record = run.concrete if isinstance(run, Mapping) else run
        result, error, leaf, effects = None, None, DISABLED, NOTHING
        try:
            with running(run):
                result = instance.perform(record)
        except Disabled:
            pass
        except Diverged as diverged:
            raise hidden_state(instance, str(diverged)) from None
        except ModelError:
            raise
        except Exception as raised:
            error, leaf = raised, self._fault(raised)
        else:
            effects = run.effects()
            leaf = int(result) if instance.kind in QUESTIONS else self.rules.add_outcome(*effects)
        if len(record.picks) < len(picks):
            raise hidden_state(
                instance, f"it made {len(record.picks)} choices where it made {len(picks)} before"
            )
        if isinstance(run, Mapping):
            self._claim(tree, run.abstract.touched())
        elif leaf >= 0:
            self._announce(run.sent)
        return Footprint(record.path, leaf, effects, record, result, error)

    def _new_run(self, instance: Instance, ask: Ask, picks: Sequence[int]) -> Recorder | Mapping:
        if instance.kind in QUESTIONS:
            return Reader(self.encoding, ask, instance.name)
        if instance.kind == "refines":
            return Mapping(Reader(self.encoding, ask, instance.name), self._refined.encoding)
        return Recorder(self.encoding, ask, picks)

    @property
    def _refined(self) -> System:
        assert self.spec is not None, "only a model with a mapping has an abstract one"
        return self.spec

    def _claim(self, tree: int, places: Iterable[Place]) -> None:
        """Parts of a mapping are learned one by one, so none may depend on which comes last."""
        for place in places:
            other = self._assigned_by.setdefault(place, tree)
            if other != tree:
                both = f"{self.instances[other].label()} and {self.instances[tree].label()}"
                raise ModelError(f"{both} assign {place} of the abstract model; assign it in one of them")

    def _announce(self, sent: Iterable[Message]) -> None:
        """Add the steps that messages make possible when they are sent for the first time."""
        for message in sorted(sent, key=order):
            delivery = self.encoding.network.delivery(message)
            if delivery.identity not in self._deliverable:
                self._deliverable.add(delivery.identity)
                self._add(deliveries(self.model, delivery))

    def _fault(self, raised: Exception) -> int:
        alike = (type(raised), str(raised))
        for number, known in enumerate(self.faults):
            if (type(known), str(known)) == alike:
                return FIRST_FAULT - number
        self.faults.append(raised)
        return FIRST_FAULT - (len(self.faults) - 1)

    # -- for traces

    def view(self, state: State) -> StateView:
        """What `state` means."""
        return StateView(self.encoding, state)

    def rerun(self, tree: int, state: State, picks: Sequence[int]) -> Happening:
        """What a step did, or what a property says, by running it again."""
        return self.after(tree, state, picks)[1]

    def after(self, tree: int, state: State, picks: Sequence[int]) -> tuple[list[int], Happening]:
        """The state after a step, and what the step did."""
        footprint = self.run(tree, answers_of(state), picks)
        run, after = footprint.run, list(state)
        if self.instances[tree].kind != "refines":
            after = self.encoding.slots.apply(state, *footprint.effects)
        before, now = self.view(state), self.view(after)
        changed = [place for place, value in now.variables() if key(value) != key(before.value(place))]
        return after, Happening(
            instance=self.instances[tree],
            enabled=footprint.leaf != DISABLED,
            chosen=tuple(run.chosen),
            sent=tuple(run.sent),
            recorded=tuple(run.recorded),
            gone=tuple(run.gone),
            delivered=run.delivered,
            writes=tuple((place, before.value(place), now.value(place)) for place in changed),
            result=footprint.result,
            exception=footprint.error,
        )

    def reading(self, state: State) -> AbstractContextManager[Run]:
        """Inside it, the model's methods read `state`."""
        return running(Reader(self.encoding, answers_of(state), "an explanation"))

    def abstract(self, state: State) -> list[int]:
        """The state of the abstract model that `state` stands for."""
        abstract = self._refined.encoding.default
        for tree in self.trees("refines"):
            footprint = self.run(tree, answers_of(state), ())
            abstract = self._refined.encoding.slots.apply(abstract, *footprint.effects)
        return abstract

    def audit(self, sample: int | None = None, seconds: float | None = None) -> int:
        """Re-run remembered footprints, all or some, and see that they are the same; how many were re-run."""
        abstract = self.spec.audit(sample, seconds) if self.spec else 0
        return abstract + audit(self, sample, seconds, self._seed)

    def is_same_leaf(self, one: int, other: int) -> bool:
        """Whether two runs ended alike; the text of an exception may hold an address."""
        if one <= FIRST_FAULT and other <= FIRST_FAULT:
            one_raised, other_raised = self.faults[FIRST_FAULT - one], self.faults[FIRST_FAULT - other]
            return type(one_raised) is type(other_raised)
        return one == other


def _select(model: Model, properties: Collection[str] | None) -> set[str]:
    """The names of the properties to check, and of bounds and proper ends, which are part of the model."""
    always_asked = {declared.name for kind in ("bound", "ends") for declared in model.declared(kind)}
    known = [declared.name for kind in PROPERTIES for declared in model.declared(kind)]
    if properties is None:
        return always_asked.union(known)
    known += [declared.name for kind in AIDS for declared in model.declared(kind)]
    for name in properties:
        if name not in known:
            raise ModelError(f"{model} has no property {name!r}; it has {', '.join(known) or 'none'}")
    return always_asked.union(properties)
