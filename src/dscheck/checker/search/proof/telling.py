"""A counterexample to induction as a trace, from a state that need not be reachable."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dscheck.checker.traces.evidence import arguments, broken, failure
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.tell import messages, tell, variables
from dscheck.checker.traces.trace import Flight, Trace

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.slot import State
    from dscheck.checker.rules.system import System
    from dscheck.checker.search.proof.induction import Escape
    from dscheck.checker.search.proof.learning import Knowledge


def trace_to(knowledge: Knowledge, escape: Escape, before: list[Numbers] | None = None) -> Trace:
    """The steps of a counterexample, with the last one unless it raised; `before`: a run that leads there.

    Without such a run the trace starts in a state in which everything may be as it never is.
    """
    system = knowledge.system
    path: list[Numbers] = list(before) if before is not None else [(-1, [], list(escape.states[0]))]
    following = [*escape.states[1:], *([target_of(system, escape)] if escape.broken else [])]
    for rule, state in zip(escape.rules, following, strict=False):
        path.append((rule.tree, list(rule.picks), list(state)))
    judged = ("always", escape.broken[0], list[int]()) if _is_plain(knowledge, escape) else None
    trace = tell(system, path, judged)
    return trace if before is not None else replace(trace, free=_unusual(system, escape.states[0]))


def _is_plain(knowledge: Knowledge, escape: Escape) -> bool:
    """Whether a property is false, not raised."""
    if not escape.broken:
        return False
    return knowledge.at(escape.broken[0], target_of(knowledge.system, escape)).rules[0].error is None


def target_of(system: System, escape: Escape) -> list[int]:
    """The state after the last step."""
    rule = escape.rules[-1]
    written = list((rule.writes or {}).items())
    return system.encoding.slots.apply(escape.states[-1], written, list(rule.operators))


def finding_of(knowledge: Knowledge, escape: Escape) -> Finding:
    """What is wrong after the last step, or what it raised."""
    system = knowledge.system
    if not escape.broken:
        rule = escape.rules[-1]
        assert rule.error is not None, "a step that breaks nothing has raised"
        return Finding("fault", system.instances[rule.tree].label(), failure=failure(rule.error))
    target = target_of(system, escape)
    instance = system.instances[escape.broken[0]]
    error = knowledge.at(escape.broken[0], target).rules[0].error
    if error is not None:
        return Finding("fault", instance.label(), arguments(instance), failure=failure(error))
    return broken(system, instance, target)


def in_flight(system: System, state: State) -> tuple[Flight, ...]:
    """The messages in flight in a state."""
    return tuple(messages(system, state).elements())


def _unusual(system: System, state: State) -> tuple[str, ...]:
    """The variables that are not as they are at the start."""
    start = variables(system, system.initial[0])
    return tuple(name for name, value in variables(system, state).items() if value != start[name])
