"""A walk along a trace in the terminal: a step at a key, forwards and backwards, the state on demand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from dscheck.checker.line import Line
from dscheck.checker.traces.pictures.arrows import waiting_at
from dscheck.checker.traces.text import finding_lines, step_lines
from dscheck.cli.console import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dscheck.checker.traces.replay import Replay
    from dscheck.checker.traces.trace import Trace

_KEYS: Final = {
    **dict.fromkeys(("", "\r", "\n", " ", "n", "\x1b[C", "\x1b[B"), 1),
    **dict.fromkeys(("b", "p", "\x7f", "\x1b[D", "\x1b[A"), -1),
}
"""By how many steps a key goes on."""
_HELP: Final = "Enter: next step   b: back   s: the state here   q: quit"


def walk(outcome: Replay) -> None:
    """Show one step after the other, as keys are pressed, or as lines come in where there is no terminal."""
    trace = outcome.trace
    show([Line("note", _HELP)])
    at = 0
    while (key := _key()) not in ("q", None):
        if key == "s":
            show(_state(trace, at))
        elif way := _KEYS.get(key):
            was_at, at = at, min(max(at + way, 0), len(trace.steps))
            show(_step(trace, at) if at != was_at or way < 0 else _end(outcome))
        else:
            show([Line("note", _HELP)])


def _key() -> str | None:
    """The next key, or line; None at the end of the input."""
    if sys.stdin.isatty():
        return click.getchar()
    line = sys.stdin.readline()
    return line.strip() if line else None


def _step(trace: Trace, at: int) -> Iterator[Line]:
    if at == 0:
        yield Line("step", "  0  the start")
        return
    step = trace.steps[at - 1]
    yield Line("step", f"{at:3}  {step.label}")
    yield from step_lines(step)


def _end(outcome: Replay) -> Iterator[Line]:
    """What is wrong behind the last step, or why there is no further one."""
    yield Line("bad" if outcome.finding is not None else "warning", outcome.sentence())
    if outcome.obstacle is not None:
        yield Line("note", f"  step {len(outcome.trace.steps) + 1}: {outcome.obstacle}")
    if outcome.finding is not None:
        yield from finding_lines(outcome.finding)


def _state(trace: Trace, at: int) -> Iterator[Line]:
    """Every variable, and what is in flight, after so many steps."""
    state = list(trace.states())[at]
    width = max(map(len, state), default=0)
    yield from (Line("plain", f"       {name:<{width}}  {value}") for name, value in state.items())
    yield from (Line("sent", f"       {message}") for message in list(waiting_at(trace))[at])
