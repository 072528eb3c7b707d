"""A result in words: the verdict first, then the few numbers that matter, warnings, the trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dscheck.checker.amounts import duration, plural, size
from dscheck.checker.line import Line
from dscheck.checker.traces.text import finding_lines, trace_lines
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.coverage import Coverage
    from dscheck.checker.search.result import Result


_FEW: Final = 8
"""Values of a variable that are listed."""
_PLAIN = {"linearizable": "linearizable", "sequentially_consistent": "sequentially consistent"}


def sentence(result: Result) -> str:
    """The verdict in one line, with how much it covers."""
    match result.verdict:
        case Verdict.HOLDS:
            return f"{result.model} holds{_scope(result)}"
        case Verdict.UNDECIDED:
            seen = f"in {_sample(result)}" if _is_judged(result) else f"seen; {_found(result)}"
            return f"{result.model} is undecided: no violation {seen}"
        case _:
            return _wrong(result)


def lines(result: Result) -> Iterator[Line]:
    """The whole result, line by line."""
    yield Line("good" if result.verdict is Verdict.HOLDS else "bad", sentence(result))
    if result.params:
        yield Line("note", f"  {_parameters(result)}")
    yield Line("plain", "")
    yield from (Line("plain", f"  {title:<9} {text}") for title, text in _numbers(result))
    yield from (Line("warning", f"  {'warning':<9} {text}") for text in warnings(result))
    if result.trace is not None and result.finding is not None:
        yield Line("plain", "")
        yield from trace_lines(result.trace)
        yield from finding_lines(result.finding)
    if result.coverage is not None:
        yield from coverage_lines(result.coverage)


def facts(result: Result) -> Iterator[str]:
    """For whom the verdict is, and what it rests on, a line each."""
    if result.params:
        yield _parameters(result)
    yield from (f"{title} {text}" for title, text in _numbers(result))


def _parameters(result: Result) -> str:
    return ", ".join(f"{name} {value}" for name, value in result.params.items())


def warnings(result: Result) -> Iterator[str]:
    """What makes the verdict weaker than it looks."""
    if result.verdict in (Verdict.HOLDS, Verdict.UNDECIDED):
        within = _within(result)
        yield from (f"{goal} was not reached{within}" for goal in result.unreached)
        if result.never_enabled:
            yield f"never happened{within}: {', '.join(result.never_enabled)}"
        yield from (f"{name} says nothing: its parameters range over nothing" for name in result.empty)
    if result.request.audit == "all" and not result.audit_is_complete:
        yield f"the audit was cut short after {plural(result.audited, 'run')}"


def coverage_lines(coverage: Coverage) -> Iterator[Line]:
    """How often each action was possible and taken, the values of each variable, and the way to each goal."""
    yield Line("plain", "")
    width = max((len(action.name) for action in coverage.actions), default=0)
    yield Line("heading", f"  {'action':<{width}}  {'enabled':>13}  {'taken':>13}")
    for action in coverage.actions:
        enabled = "" if action.enabled is None else f"{action.enabled:,}"
        taken = "" if action.taken is None else f"{action.taken:,}"
        role = "warning" if action.taken == 0 else "plain"
        yield Line(role, f"  {action.name:<{width}}  {enabled:>13}  {taken:>13}")
    if coverage.values:
        width = max(map(len, coverage.values))
        yield Line("plain", "")
        yield Line("heading", f"  {'variable':<{width}}  values")
        yield from (
            Line("plain", f"  {name:<{width}}  {_few(values)}") for name, values in coverage.values.items()
        )
    for name, trace in coverage.goals.items():
        yield Line("plain", "")
        yield Line("heading", f"  the way to {name}")
        yield from (Line("plain", f"{number:5}  {step.label}") for number, step in enumerate(trace.steps, 1))


def _few(values: tuple[str, ...]) -> str:
    """The values, or the first of many."""
    shown = ", ".join(values[:_FEW])
    return shown if len(values) <= _FEW else f"{shown}, ... {len(values):,} in all"


def _scope(result: Result) -> str:
    """Of "holds": how far."""
    if result.stop == "depth":
        frontier = plural(result.frontier, "state")
        return f" up to depth {result.depth}: what follows {frontier} there is not covered"
    if result.pruned:
        return f" within its bound, in all {plural(result.states, 'state')} up to there"
    return f" in all its {plural(result.states, 'state')}"


def _is_judged(result: Result) -> bool:
    """Whether every state that was covered was judged: what saturation adds last may not be, if it is cut."""
    return result.engine == "explicit" or result.depth is not None


def _found(result: Result) -> str:
    """Of such a search: what was found, and why not more."""
    return f"of the {plural(result.states, 'state')} found not all were judged, {_cut(result)}"


def _sample(result: Result) -> str:
    """Of "undecided": what was looked at, and why not more."""
    states = plural(result.states, "state")
    if result.stop == "walks":
        walks = plural(result.request.walks or 0, "random walk")
        return f"{states} on {walks} of up to {plural(result.request.length, 'step')}"
    return f"{states}, {_cut(result)}"


def _cut(result: Result) -> str:
    request = result.request
    match result.stop:
        case "time":
            return f"then the time of {duration(request.time or 0)} was over"
        case "memory":
            return f"then the memory limit of {size(request.memory or 0)} was reached"
        case "states":
            return "as many as " + ("were asked for" if request.states else "can be stored")
        case _:
            return "then it was interrupted"


def _wrong(result: Result) -> str:
    """Of "violated" and "at fault": what and for whom."""
    finding, model = result.finding, result.model
    assert finding is not None
    steps = len(result.trace.steps) if result.trace is not None else 0
    after = f"after {plural(steps, 'step')}" if steps else "at the start"
    match finding.kind:
        case "always" | "lemma":
            whom = f" for {finding.whom}" if finding.whom else ""
            return f"{model} violates {finding.name}{whom}, {after}"
        case "linearizable" | "sequentially_consistent":
            whom = f" for {finding.whom}" if finding.whom else ""
            return f"{model} violates {finding.name}{whom}: not {_PLAIN[finding.kind]}, {after}"
        case "sometimes":
            return f"{model} never reaches {' and '.join(result.unreached)}{_within(result)}"
        case "deadlock":
            return f"{model} is stuck {after}: nothing can happen, and it is no proper end"
        case "initial":
            return f"{model} breaks {finding.name}: it starts as the abstract model does not"
        case "refines":
            return f"{model} breaks {finding.name}: its last step is not allowed, {after}"
        case _:
            raised = finding.failure.kind if finding.failure else "an exception"
            return f"{model} is at fault: the model raised {raised} in {finding.name}, {after}"


def _within(result: Result) -> str:
    """Where something was not seen."""
    match result.stop:
        case "depth":
            return f" up to depth {result.depth}"
        case "exhausted":
            return f" in any of {plural(result.states, 'state')}" + (
                " within its bound" if result.pruned else ""
            )
        case _:
            return " in what was covered"


def _numbers(result: Result) -> Iterator[tuple[str, str]]:
    covered = [plural(result.states, "state")]
    if result.transitions is not None:
        covered.append(plural(result.transitions, "transition"))
    if result.stop in ("exhausted", "depth") and result.depth is not None:
        covered.append(f"{plural(result.depth, 'step')} deep")
    yield "covered", ", ".join(covered)
    beyond = []
    if result.frontier and result.stop != "depth":
        beyond.append(f"{plural(result.frontier, 'state')} not yet expanded")
    if result.pruned:
        beyond.append(f"{plural(result.pruned, 'state')} at the bound")
    if beyond and result.verdict in (Verdict.HOLDS, Verdict.UNDECIDED):
        yield "beyond", f"what follows {' and '.join(beyond)}"
    reached = [
        goal.name if goal.depth is None else f"{goal.name} after {plural(goal.depth, 'step')}"
        for goal in result.goals
        if goal.reached
    ]
    if reached and result.verdict in (Verdict.HOLDS, Verdict.UNDECIDED):
        yield "reached", ", ".join(reached)
    cost = f"{duration(result.seconds)}, {plural(result.python_calls, 'Python call')}"
    if result.nodes is None:
        yield "cost", f"{cost}, {result.bytes_per_state:.1f} bytes per state"
    else:
        yield "cost", f"{cost}, a diagram of {plural(result.nodes, 'node')} for all states"
    if result.race:
        yield "engines", result.race
