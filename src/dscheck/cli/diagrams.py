"""Counterexamples as pages and diagrams: what `explore` and `replay` can both write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.traces.pictures.dot import dot
from dscheck.checker.traces.pictures.mermaid import mermaid
from dscheck.checker.traces.pictures.sequence import draw
from dscheck.cli.outputs import Output

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Trace


def _of_trace(draw: Callable[[Trace, Finding | None], str]) -> Callable[[Any], str | None]:
    """From an outcome with a trace to its diagram."""
    return lambda outcome: None if outcome.trace is None else draw(outcome.trace, outcome.finding)


DIAGRAMS: Final = (
    Output("html", "Write a page with a sequence diagram.", lambda outcome: outcome.to_html()),
    Output("svg", "Write the diagram alone.", _of_trace(partial(draw, alone=True))),
    Output("mermaid", "Write the diagram for Mermaid.", _of_trace(mermaid)),
    Output("dot", "Write the diagram for Graphviz.", _of_trace(dot)),
)
