"""A trace as text, line by line, each line with its role so that a terminal can colour it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.trace import Step, Trace


class Line(NamedTuple):
    """One line of text and what it is: heading, step, change, sent, gone, note, good, bad, or plain."""

    role: str
    text: str


def trace_lines(trace: Trace) -> Iterator[Line]:
    """Step by step, only what changed; an initial state only where set-up could choose."""
    for name in trace.free:
        yield Line("change", f"     {name} = {trace.start[name]}")
    for number, step in enumerate(trace.steps, 1):
        yield Line("step", f"{number:3}  {step.label}")
        yield from step_lines(step)


def step_lines(step: Step) -> Iterator[Line]:
    """What a step chose, changed, sent and consumed."""
    if step.chosen:
        yield Line("note", f"       chose {', '.join(step.chosen)}")
    for change in step.changes:
        yield Line("change", f"       {change}")
    for message in step.gone:
        yield Line("gone", f"     - {message}")
    for message in step.sent:
        yield Line("sent", f"     + {message}")


def finding_lines(finding: Finding) -> Iterator[Line]:
    """For whom it failed, which part of it, and for which values."""
    for reason in finding.reasons:
        yield Line("plain", f"     {reason.condition}")
        yield from (Line("change", f"       {name} = {value}") for name, value in reason.values)
    if failure := finding.failure:
        yield Line("bad", f"     {failure.error}")
        if failure.where:
            yield Line("note", f"       {failure.where}")
        if failure.line:
            yield Line("note", f"         {failure.line}")


def to_text(trace: Trace) -> str:
    """The whole trace without colours."""
    return "\n".join(line.text for line in trace_lines(trace))
