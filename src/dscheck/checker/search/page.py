"""A result as a page: the drawn counterexample, or what was covered."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dscheck.checker.search import wording
from dscheck.checker.traces.pictures import page
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.result import Result

_KINDS: Final = {Verdict.HOLDS: "kept", Verdict.UNDECIDED: "unknown"}
_ROW: Final = 42
"""About how high a step is drawn, in px."""


def html(result: Result) -> str:
    """The page, ready to be written to a file; it fetches nothing."""
    return page.page(
        page.Story(
            title=result.sentence(),
            kind=_KINDS.get(result.verdict, "broken"),
            facts=tuple(wording.facts(result)),
            warnings=result.warnings,
            finding=result.finding,
            trace=result.trace,
        )
    )


def framed(result: Result) -> str:
    """The page in a frame of its own, for notebooks, whose style it then neither suffers nor changes."""
    steps = len(result.trace.steps) if result.trace is not None else 0
    height = min(900, 260 + _ROW * steps)
    style = f"width:100%;height:{height}px;border:0"
    return f'<iframe style="{style}" sandbox="allow-scripts" srcdoc="{escape(html(result))}"></iframe>'
