"""A trace as a space-time diagram of Graphviz: the steps of each node one after the other, and messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dscheck.checker.traces.pictures.arrows import Fate, arrows

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Step, Trace


def dot(trace: Trace, finding: Finding | None = None) -> str:
    """The graph as text: `dot -Tsvg` draws it, Lamport's happened-before from top to bottom."""
    return "\n".join(["digraph trace {", *(f"  {line}" for line in _lines(trace, finding)), "}"]) + "\n"


def _lines(trace: Trace, finding: Finding | None) -> Iterator[str]:
    yield 'node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace", fontsize=10];'
    yield 'edge [fontname="monospace", fontsize=9];'
    if finding is not None:
        whom = f" for {finding.whom}" if finding.whom else ""
        yield f"label={_quoted(f'{finding.name}{whom}')}; labelloc=t;"
    for name in dict.fromkeys(step.actor for step in trace.steps):
        mine = [number for number, step in enumerate(trace.steps, 1) if step.actor == name]
        yield f"subgraph {_quoted(f'cluster {name}')} {{ label={_quoted(name)}; color=gray;"
        yield from (f"  {number} [{_looks(number, trace.steps[number - 1])}];" for number in mine)
        yield f"  {' -> '.join(map(str, mine))} [color=gray, arrowhead=none, weight=9];" if mine[1:] else ""
        yield "}"
    for arrow in arrows(trace):
        if arrow.sent is not None and arrow.arrived is not None:
            lost = ", color=red, arrowhead=tee" if arrow.fate is Fate.LOST else ""
            yield f"{arrow.sent} -> {arrow.arrived} [label={_quoted(arrow.message.body)}{lost}];"


def _looks(number: int, step: Step) -> str:
    call = step.label if step.message is None else step.label.removesuffix(f" {step.message}")
    label = "\n".join([f"{number}. {call}", *map(str, step.operations), *map(str, step.changes)])
    colour = ', fillcolor="#fbe3e0"' if step.kind == "fault" else ""
    return f"label={_quoted(label)}{colour}{'' if step.is_needed else ', fontcolor=gray'}"


def _quoted(words: str) -> str:
    """A string of Graphviz; lines end at the left."""
    return json.dumps(words, ensure_ascii=False).replace("\\n", "\\l")
