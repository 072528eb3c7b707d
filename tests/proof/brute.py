"""Induction by trying every state: slow, obvious, and with nothing of the prover's but the notation.

A state is one of the oracle's.  The domain of each piece of state grows from the initial values until no step
from a state that keeps the invariants leaves it, as the prover says of its own; then all states are all
combinations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, product
from math import prod
from typing import Any

from dscheck import Model
from dscheck.checker.errors import ModelError
from dscheck.checker.notation.run import Place
from dscheck.checker.notation.values import key
from oracle.judge import holds
from oracle.state import Network, State, default_state, initial_states
from oracle.steps import Step, steps

ROUNDS = 12
"""A number that always grows has no end of values."""


class TooMany(Exception):  # noqa: N818
    """There are more combinations than anybody wants to try."""


@dataclass(frozen=True)
class Escape:
    """A state that keeps all invariants, and a step that leads to one that does not, or raises."""

    before: State
    step: Step
    broken: tuple[str, ...]


Domains = dict[Any, dict[Any, Any]]
"""Of each piece of state, which is a place, a message or a channel, its values by their keys."""


def keeps(state: State, kinds: tuple[str, ...] = ("always", "lemma")) -> bool:
    """Whether all properties of these kinds hold; what raises does not."""
    return not broken_in(state, kinds)


def broken_in(state: State, kinds: tuple[str, ...] = ("always", "lemma")) -> tuple[str, ...]:
    model = state.model
    return tuple(
        declared.name
        for kind in kinds
        for declared in model.declared(kind)
        if not all(is_true(state, declared, args) for args in model.instances_of(declared))
    )


def is_true(state: State, declared: Any, args: tuple[Any, ...]) -> bool:
    try:
        return holds(state, declared, args)
    except Exception:
        return False


def pieces(state: State) -> dict[Any, Any]:
    """What a state consists of: its variables, and what there is of each message or in each channel."""
    places = dict.fromkeys([*state.model.layout.places, *state.changed])
    found: dict[Any, Any] = {place: state[place] for place in places}
    network = state.network
    if network.kind == "fifo":
        found |= {("channel", ends): tuple(queue) for ends, queue in network.channels().items()}
    for message in network.distinct() if network.kind != "fifo" else ():
        alike = [other for other in network.messages if key(other) == key(message)]
        found["message", key(message)] = tuple(alike)
    return found


def default_of(piece: Any, model: Model) -> Any:
    return model.layout.default(piece) if isinstance(piece, Place) else ()


def add(domains: Domains, state: State) -> None:
    """Let every piece of state have the value that it has in this one."""
    found = pieces(state)
    for piece in found.keys() - domains.keys():  # so far nobody knew of it, so it was as by default
        known = default_of(piece, state.model)
        domains[piece] = {key(known): known} if domains or not isinstance(piece, Place) else {}
    for piece, values in domains.items():
        value = found.get(piece, default_of(piece, state.model))
        values[key(value)] = value


def combinations(model: Model, domains: Domains, most: int) -> Iterator[State]:
    """Every state within the domains."""
    if prod(map(len, domains.values())) > most:
        raise TooMany
    start = default_state(model)
    for chosen in product(*(values.values() for values in domains.values())):
        values = dict(zip(domains, chosen, strict=True))
        places = {place: value for place, value in values.items() if isinstance(place, Place)}
        flying = [value for piece, value in values.items() if not isinstance(piece, Place)]
        yield start.updated(places, Network(model.network, tuple(chain.from_iterable(flying))))


def raising(state: State) -> Iterator[Step]:
    """The steps from a state; where the notation is misused, that is as bad as any exception."""
    try:
        yield from steps(state)
    except ModelError as error:
        yield Step("misuse", None, error)


def closed(model: Model, most: int) -> list[State] | Escape:
    """All states that keep the invariants, within domains that no step from them leaves."""
    domains: Domains = {}
    for state in initial_states(model):
        add(domains, state)
    for _ in range(ROUNDS):
        before = {piece: len(values) for piece, values in domains.items()}
        kept = [state for state in combinations(model, dict(domains), most) if keeps(state)]
        for state in filter(bounded, kept):
            for step in raising(state):
                if step.after is None:
                    return Escape(state, step, ())
                add(domains, step.after)
        if before == {piece: len(values) for piece, values in domains.items()}:
            return kept
    raise TooMany


def induction(model: Model, most: int, k: int = 1) -> Escape | None:
    """A counterexample to k-induction, without the base case; None if the invariants are k-inductive."""
    kept = closed(model, most)
    if isinstance(kept, Escape):
        return kept
    inside = {state.identity() for state in kept}
    possible = {state.identity(): state for state in kept if bounded(state)}
    for _ in range(k - 1):
        after = [step.after for state in possible.values() for step in steps(state)]
        targets = {state.identity(): state for state in after if state is not None}
        possible = {name: state for name, state in targets.items() if name in inside and bounded(state)}
    for state in possible.values():
        for step in steps(state):
            if step.after is not None and step.after.identity() not in inside:
                return Escape(state, step, broken_in(step.after))
    return None


class BoundRaises(Exception):  # noqa: N818
    """As bad as a step that raises."""


def bounded(state: State) -> bool:
    declared = state.model.declared("bound")
    try:
        return all(holds(state, each, args) for each in declared for args in state.model.instances_of(each))
    except Exception as error:
        raise BoundRaises from error


def is_inductive(model: Model, most: int, k: int = 1) -> bool:
    """Whether the invariants hold in the first k states of every run, and then in every next one."""
    try:
        return holds_at_first(model, k) and induction(model, most, k) is None
    except BoundRaises:
        return False


def holds_at_first(model: Model, k: int) -> bool:
    first = initial_states(model)
    for _ in range(k):
        if not all(keeps(state) for state in first):
            return False
        after = [step.after for state in filter(bounded, first) for step in raising(state)]
        first = list({state.identity(): state for state in after if state is not None}.values())
    return True
