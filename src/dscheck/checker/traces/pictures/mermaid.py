"""A trace as a sequence diagram of Mermaid, for documents that draw it: a README on GitHub, say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from dscheck.checker.traces.pictures.arrows import Arrow, Fate, arrows

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Step, Trace

_ARROWS: Final = {Fate.RECEIVED: "->>", Fate.LOST: "-x", Fate.WAITING: "--)"}


def mermaid(trace: Trace, finding: Finding | None = None) -> str:
    """The diagram as text; a message is drawn in the step in which it arrives."""
    return "\n".join(["sequenceDiagram", *(f"    {line}" for line in _lines(trace, finding))]) + "\n"


def _lines(trace: Trace, finding: Finding | None) -> Iterator[str]:
    lanes = {name: f"n{at}" for at, name in enumerate(trace.nodes)}  # a name may be a word of Mermaid's
    yield from (f"participant {lane} as {_plain(name)}" for name, lane in lanes.items())
    ways = arrows(trace)
    arriving = {arrow.arrived: arrow for arrow in ways if arrow.arrived is not None}
    for number, step in enumerate(trace.steps, 1):
        if number in arriving:
            yield _message(arriving[number], lanes)
        yield f"Note over {lanes.get(step.actor) or _all(lanes)}: {number}. {_plain(_told(step))}"
    yield from (_message(arrow, lanes) for arrow in ways if arrow.fate is Fate.WAITING)
    if finding is not None:
        whom = f" for {finding.whom}" if finding.whom else ""
        yield f"Note over {_all(lanes)}: ✕ {_plain(finding.name + whom)}"


def _told(step: Step) -> str:
    """What happens in a step and what it changes; the message has an arrow of its own."""
    call = step.label if step.message is None else step.label.removesuffix(f" {step.message}")
    return "<br/>".join([call, *map(str, step.operations), *map(str, step.changes)])


def _message(arrow: Arrow, lanes: dict[str, str]) -> str:
    ends = (lanes.get(end, end) for end in (arrow.message.src, arrow.message.dst))
    return f"{_ARROWS[arrow.fate].join(ends)}: {_plain(arrow.message.body)}"


def _all(lanes: dict[str, str]) -> str:
    first, *_, last = [*lanes.values(), *lanes.values()]
    return first if first == last else f"{first},{last}"


def _plain(words: str) -> str:
    """Without what Mermaid would take for the end of a statement, or for an entity."""
    return "".join({"#": "#35;", ";": "#59;"}.get(character, character) for character in words)
