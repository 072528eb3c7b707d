"""A counterexample as one self-contained page: the diagram, the state after any step, and what failed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from dscheck.checker.amounts import plural
from dscheck.checker.pictures.document import document
from dscheck.checker.traces.pictures import sequence
from dscheck.checker.traces.pictures.arrows import waiting_at

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Trace


T = TypeVar("T")

_SIDE_BY_SIDE: Final = 3
"""Nodes in one table of the state."""


@dataclass(frozen=True, kw_only=True)
class Story:
    """What a page tells: an outcome in words, and the evidence, if there is any."""

    title: str
    """The verdict in one line."""
    kind: str
    """kept, broken or unknown."""
    facts: tuple[str, ...] = ()
    """Parameters, and what was covered, a line each."""
    warnings: tuple[str, ...] = ()
    finding: Finding | None = None
    trace: Trace | None = None


def page(story: Story) -> str:
    """The page, ready to be written to a file."""
    parts = [*_head(story)]
    if story.finding is not None:
        parts += _failed(story.finding)
    if story.trace is not None and story.trace.steps:
        parts += _diagram(story.trace, story.finding)
    data = None if story.trace is None else _states(story.trace)
    return document(story.title, parts, __package__, data=data or {"start": [], "steps": []})


def _head(story: Story) -> Iterator[str]:
    yield f'<header class="{story.kind}"><h1>{escape(story.title)}</h1>'
    yield from (f"<p>{escape(fact)}</p>" for fact in story.facts)
    yield "</header>"
    yield from (f'<p class="warning">{escape(text)}</p>' for text in story.warnings)


def _failed(finding: Finding) -> Iterator[str]:
    """The part of the promise that failed with its values, or what the model raised."""
    whom = f" <small>for {escape(finding.whom)}</small>" if finding.whom else ""
    yield f"<section><h2>{escape(finding.name)}{whom}</h2>"
    for reason in finding.reasons:
        yield f'<p class="sentence"><code>{escape(reason.condition)}</code></p>'
        if reason.values:
            rows = (
                f"<tr><th>{escape(name)}<td><code>{escape(value)}</code></tr>"
                for name, value in reason.values
            )
            yield f"<table class='values'>{''.join(rows)}</table>"
    if finding.failure is not None:
        yield f'<p class="sentence"><code>{escape(finding.failure.error)}</code></p>'
        yield f"<p><code>{escape(finding.failure.where)}\n  {escape(finding.failure.line)}</code></p>"
    yield "</section>"


def _diagram(trace: Trace, finding: Finding | None) -> Iterator[str]:
    count = len(trace.steps)
    left_out = f", the last {sequence.MOST} of them drawn" if count > sequence.MOST else ""
    yield f'<section class="story"><div class="wide"><h2>{plural(count, "step")}{left_out}</h2>'
    spent = ", ".join(_spent(trace))
    aside = any(step.beside is None or step.beside for step in trace.steps)
    key = [spent and f"Faults: {spent}.", "What is pale, the end does not depend on." if aside else ""]
    yield f'<p class="note">{escape(" ".join(filter(None, key)))}</p>' if any(key) else ""
    yield sequence.draw(trace, finding) + "</div>"
    yield '<aside><h2 id="when"></h2><p class="note hint">Point at a step, or press ↑ and ↓.</p>'
    yield '<div id="state"></div></aside></section>'


def _spent(trace: Trace) -> Iterator[str]:
    """How much of each budget of faults the trace spends."""
    *_, last = trace.states()
    for name in trace.budgets:
        before, after = int(trace.start[name]), int(last[name])
        if before != after:
            yield f"{name} {before - after} of {before}"


def _states(trace: Trace) -> dict[str, Any]:
    """What the script needs to show the state after any step."""
    return {
        "start": list(_tables(trace.start.items())),
        "steps": [
            {"label": step.label, "changes": [[c.variable, c.after] for c in step.changes]}
            for step in trace.steps
        ],
        "waiting": list(waiting_at(trace)),
    }


def _tables(variables: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The variables as tables: nodes with the same ones side by side, those of the model by themselves."""
    owned: dict[str, dict[str, str]] = {}
    for name, value in variables:
        owner, dot, _ = name.partition("[")[0].partition(".")  # a key may contain anything
        own = name.removeprefix(f"{owner}.") if dot else name
        owned.setdefault(owner if dot else "", {})[own] = value
    for names, group in groupby(owned.items(), lambda of: (bool(of[0]), *of[1])):
        for several in _batched(group, _SIDE_BY_SIDE):
            rows = [[name, [values[name] for _, values in several]] for name in names[1:]]
            yield {"owners": [owner for owner, _ in several], "rows": rows}


def _batched(items: Iterable[T], most: int) -> Iterator[list[T]]:
    """The items in lists of at most so many."""
    rest = iter(items)
    while found := list(islice(rest, most)):
        yield found
