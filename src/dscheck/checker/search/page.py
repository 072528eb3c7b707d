"""A result as a piece of HTML, for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dscheck.checker.search import wording

if TYPE_CHECKING:
    from dscheck.checker.line import Line
    from dscheck.checker.search.result import Result

_COLOURS: Final = {
    "good": "#2e7d32",
    "bad": "#c62828",
    "warning": "#b26a00",
    "sent": "#2e7d32",
    "gone": "#8a8a8a",
    "note": "#8a8a8a",
}
_STYLES: Final = {"good": "font-size:1.1em", "bad": "font-size:1.1em", "step": "font-weight:600"}


def html(result: Result) -> str:
    """The text of the result, with its roles as colours; needs no style sheet and no network."""
    text = "\n".join(map(_line, wording.lines(result)))
    return f'<pre style="line-height:1.35">{text}</pre>'


def _line(line: Line) -> str:
    styles = [_STYLES.get(line.role), f"color:{_COLOURS[line.role]}" if line.role in _COLOURS else None]
    style = ";".join(filter(None, styles))
    return f'<span style="{style}">{escape(line.text)}</span>' if style else escape(line.text)
