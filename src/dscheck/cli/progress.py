"""The line that says how far a search is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dscheck.checker.amounts import duration, size

if TYPE_CHECKING:
    from rich.live import Live

Told = Callable[[Mapping[str, float]], None]


@contextmanager
def progress_line(
    wanted: bool | None, text: Callable[[Mapping[str, float]], str] | None = None
) -> Iterator[Told | None]:
    """What to tell the progress to, while the line is on the terminal; None: nobody wants to know.

    `text` says what the line is made of; by default, that of a search.
    """
    if not (sys.stderr.isatty() if wanted is None else wanted):
        yield None
        return
    line = _Line(text or _text)
    try:
        yield line.told
    finally:
        line.remove()


class _Line:
    """Standard error, written by rich: one line that changes, or line after line where it is no terminal."""

    def __init__(self, text: Callable[[Mapping[str, float]], str]) -> None:
        self._text = text
        self._live: Live | None = None

    def told(self, numbers: Mapping[str, float]) -> None:
        """Show the numbers."""
        from rich.console import Console  # most searches are over before anyone needs it
        from rich.live import Live
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=Console(stderr=True), auto_refresh=False, transient=True)
            self._live.start()
        text = Text(self._text(numbers), style="dim", no_wrap=True, overflow="ellipsis")
        if self._live.console.is_terminal:
            self._live.update(text, refresh=True)
        else:
            self._live.console.print(text, soft_wrap=True)

    def remove(self) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()


def _text(numbers: Mapping[str, float]) -> str:
    seconds = max(numbers["seconds"], 1e-9)
    parts = []
    if "states" in numbers:
        parts += [
            f"depth {numbers['depth']:.0f}",
            f"{_short(numbers['states'])} states",
            f"{_short(numbers['frontier'])} ahead",
            f"{_short(numbers['states'] / seconds)}/s",
        ]
    if "nodes" in numbers:
        parts.append(f"diagrams of {_short(numbers['nodes'])} nodes")
    parts.append(f"{numbers['python_calls']:,.0f} Python calls")
    if "bytes" in numbers:
        parts.append(size(numbers["bytes"]))
    return "  ".join([*parts, duration(seconds)])


def _short(count: float) -> str:
    """1,234, 12 k, 1.2 M: enough to see it move."""
    if count < 10_000:
        return f"{count:,.0f}"
    return f"{count / 1e3:.0f} k" if count < 1e6 else f"{count / 1e6:.1f} M"
