"""Evidence as text, line by line, each line with its role so that a terminal can colour it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dscheck.checker.line import Line

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.replay import Replay
    from dscheck.checker.traces.trace import Step, Trace


def trace_lines(trace: Trace) -> Iterator[Line]:
    """Step by step, only what changed; an initial state only where set-up could choose."""
    if trace.free:
        yield Line("step", "  0  set-up")
        yield from (Line("change", f"       {name} = {trace.start[name]}") for name in trace.free)
    for number, step in enumerate(trace.steps, 1):
        yield Line("step" if step.is_needed else "note", f"{number:3}  {step.label}")
        yield from step_lines(step)


def step_lines(step: Step) -> Iterator[Line]:
    """What a step chose, changed, lost and sent; a message in the label is not named again.

    What the end of the trace does not depend on is a note.
    """

    def role(of: object, usual: str) -> str:
        return "note" if step.is_beside(str(of)) else usual

    if step.chosen:
        yield Line("note", f"       chose {', '.join(step.chosen)}")
    for operated in step.operations:
        yield Line("note", f"       {operated}")
    for change in step.changes:
        yield Line(role(change.variable, "change"), f"       {change}")
    for message in step.gone:
        if message != step.message:
            yield Line(role(message, "gone"), f"     - {message}")
    for message in step.sent:
        yield Line(role(message, "sent"), f"     + {message}")


def finding_lines(finding: Finding) -> Iterator[Line]:
    """Which part of the promise failed, and for which values; or what the model raised."""
    if finding.reasons or finding.failure:
        yield Line("plain", "")
    for reason in finding.reasons:
        yield Line("plain", f"     {reason.condition}")
        yield from (Line("change", f"       {name} = {value}") for name, value in reason.values)
    if failure := finding.failure:
        yield Line("bad", f"     {failure.error}")
        if failure.where:
            yield Line("note", f"       {failure.where}")
        if failure.line:
            yield Line("note", f"         {failure.line}")


def replay_lines(outcome: Replay) -> Iterator[Line]:
    """How far a saved trace still applies, what differs, and what it shows now."""
    yield Line("bad" if outcome.finding is not None else "warning", outcome.sentence())
    yield from (Line("note", f"  {difference}") for difference in outcome.differences)
    if outcome.obstacle is not None:
        yield Line("note", f"  step {len(outcome.trace.steps) + 1}: {outcome.obstacle}")
    yield Line("plain", "")
    yield from trace_lines(outcome.trace)
    if outcome.finding is not None:
        yield from finding_lines(outcome.finding)
