"""A proof in words: the verdict first, then what it rests on, and the step that breaks an invariant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dscheck.checker.amounts import duration, plural
from dscheck.checker.line import Line
from dscheck.checker.traces.text import finding_lines, step_lines, trace_lines
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.proof.proof import Gap, Proof


def sentence(proof: Proof) -> str:
    """The verdict in one line."""
    if proof.verdict is Verdict.HOLDS:
        what = f"{_named(proof.properties)} {_verb(proof)} in every state"
        return f"{proof.model} is proved: {what}{_scope(proof)}"
    if proof.gap is not None:
        return f"{proof.model} is not proved: {_spoiled(proof.gap)}"
    if proof.finding is not None:
        return _wrong(proof)
    return f"{proof.model} is undecided: {_cut(proof)}"


def lines(proof: Proof) -> Iterator[Line]:
    """The whole outcome, line by line."""
    yield Line("good" if proof.verdict is Verdict.HOLDS else "bad", sentence(proof))
    if proof.params:
        yield Line("note", f"  {_parameters(proof)}")
    yield Line("plain", "")
    yield from (Line("plain", f"  {title:<9} {text}") for title, text in _numbers(proof))
    yield from (Line("warning", f"  {'warning':<9} {text}") for text in warnings(proof))
    if proof.gap is not None:
        yield Line("plain", "")
        yield from _gap_lines(proof.gap)
        yield from finding_lines(proof.gap.finding)
    elif proof.trace is not None and proof.finding is not None:
        yield Line("plain", "")
        yield from trace_lines(proof.trace)
        yield from finding_lines(proof.finding)


def facts(proof: Proof) -> Iterator[str]:
    """For whom the verdict is, and what it rests on, a line each."""
    if proof.params:
        yield _parameters(proof)
    yield from (f"{title} {text}" for title, text in _numbers(proof))
    if proof.gap is not None and proof.gap.in_flight:
        yield f"in flight before the first step: {', '.join(map(str, proof.gap.in_flight))}"


def warnings(proof: Proof) -> Iterator[str]:
    """What makes the verdict weaker than it looks."""
    if not proof.is_closed:
        yield (
            "steps from states with other values than the search has seen are left out: "
            "bound what grows with a @lemma or a @bound"
        )


def _parameters(proof: Proof) -> str:
    return ", ".join(f"{name} {value}" for name, value in proof.params.items())


def _named(names: tuple[str, ...]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _verb(proof: Proof) -> str:
    return "holds" if len(proof.properties) == 1 else "hold"


def _scope(proof: Proof) -> str:
    return " within its bound" if proof.is_bounded else ""


def _spoiled(gap: Gap) -> str:
    finding = gap.finding
    whom = f" for {finding.whom}" if finding.whom else ""
    if finding.kind == "fault":
        raised = finding.failure.kind if finding.failure else "an exception"
        return f"in a state that keeps all invariants, {gap.label} leads to {raised} in {finding.name}"
    kind = "lemma " if finding.kind == "lemma" else ""
    return f"a step breaks {kind}{finding.name}{whom}"


def _wrong(proof: Proof) -> str:
    finding, trace = proof.finding, proof.trace
    assert finding is not None
    steps = len(trace.steps) if trace is not None else 0
    after = f"after {plural(steps, 'step')}" if steps else "at the start"
    if finding.kind == "fault":
        raised = finding.failure.kind if finding.failure else "an exception"
        return f"{proof.model} is at fault: the model raised {raised} in {finding.name}, {after}"
    kind = "lemma " if finding.kind == "lemma" else ""
    whom = f" for {finding.whom}" if finding.whom else ""
    return f"{proof.model} violates {kind}{finding.name}{whom}, {after}"


def _cut(proof: Proof) -> str:
    match proof.stop:
        case "domains":
            assert proof.reach is not None, "domains come from a search"
            seen = f"the values seen in {plural(proof.reach.states, 'state')}"
            return f"steps write ever new values; from {seen}, no step breaks {_named(proof.properties)}"
        case "time":
            return f"the time of {duration(proof.request.time or 0)} was over"
        case "memory":
            return "the memory was used up"
        case "interrupted":
            return "it was interrupted"
    return f"Z3 gave up: {proof.stop}"


def _numbers(proof: Proof) -> Iterator[tuple[str, str]]:
    if proof.lemmas:
        yield "with", f"lemma{'s' if len(proof.lemmas) > 1 else ''} {', '.join(proof.lemmas)}"
    if proof.dropped:
        yield "dropped", f"{', '.join(proof.dropped)}: not inductive"
    covered = proof.covered
    if not covered.footprints and proof.reach is not None:  # the base case was enough
        yield "searched", f"{plural(proof.reach.states, 'state')}, no proof begun"
    of = "" if proof.verdict is Verdict.HOLDS else f"{covered.checked:,} of "
    rules = f"{of}{plural(covered.rules, 'rule')}"
    rules += f" by {proof.request.k}-induction" if proof.request.k > 1 else ""
    places = f"{plural(covered.slots, 'place')} with {plural(covered.values, 'value')}"
    if covered.footprints:
        yield "covered", f"{plural(covered.footprints, 'footprint')}, {rules}; {places}"
    if proof.gap is not None:
        yield "reachable", _reachable(proof)
    if proof.unseen:
        yield "not in it", ", ".join(f"{name} ({kind})" for name, kind in proof.unseen)
    cost = f"{duration(proof.seconds)}, {plural(proof.python_calls, 'Python call')}"
    yield "cost", f"{cost}, {plural(proof.questions, 'question')} to Z3"


def _reachable(proof: Proof) -> str:
    """Of the state in which a counterexample to induction begins."""
    reach = proof.reach
    assert reach is not None, "there is no gap without a base case"
    states = plural(reach.states, "state")
    if reach.is_complete:
        return f"no: the state before is none of all {states}"
    return f"unknown: the state before is not among {states}, up to {plural(reach.depth, 'step')} away"


def _gap_lines(gap: Gap) -> Iterator[Line]:
    yield Line("step", "     before")
    yield from (Line("change", f"       {name} = {gap.trace.start[name]}") for name in gap.trace.free)
    yield from (Line("sent", f"       in flight: {message}") for message in gap.in_flight)
    for number, step in enumerate(gap.trace.steps, 1):
        yield Line("step" if step.is_needed else "note", f"{number:3}  {step.label}")
        yield from step_lines(step)
    if gap.finding.kind == "fault":
        yield Line("step", f"{len(gap.trace.steps) + 1:3}  {gap.label}")
