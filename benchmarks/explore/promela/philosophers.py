"""Dining philosophers, after Dijkstra (1971)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_TEXT: Final = """\
/* {nodes} philosophers, each with a fork to the left of the same number. */

mtype = {{ think, wait, eat }};

mtype does[{nodes}] = think;
bool taken[{nodes}];

active proctype table() {{
end:
    do
{options}
    od
}}
"""

_OPTIONS: Final = (
    "does[{p}] == think && !taken[{left}] -> does[{p}] = wait; taken[{left}] = true",
    "does[{p}] == wait && !taken[{right}] -> does[{p}] = eat; taken[{right}] = true; "
    "assert(does[{before}] != eat && does[{after}] != eat)",
    "does[{p}] == eat -> does[{p}] = think; taken[{left}] = false; taken[{right}] = false",
)


def text(nodes: int) -> str:
    """A table with so many philosophers."""
    return _TEXT.format(nodes=nodes, options="\n".join(_options(nodes)))


def _options(nodes: int) -> Iterator[str]:
    for p in range(nodes):
        before, after = (p - 1) % nodes, (p + 1) % nodes
        for option in _OPTIONS:
            filled = option.format(p=p, left=p, right=before, before=before, after=after)
            yield f"    :: d_step {{ {filled} }}"
