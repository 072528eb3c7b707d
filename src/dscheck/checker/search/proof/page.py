"""A proof as a page: the verdict, and the drawn step that breaks an invariant."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dscheck.checker.search.proof import wording
from dscheck.checker.traces.pictures import page
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.proof.proof import Proof

_KINDS: Final = {Verdict.HOLDS: "kept", Verdict.UNDECIDED: "unknown"}
_HEIGHT: Final = 500
"""Of the frame in a notebook, in px."""


def html(proof: Proof) -> str:
    """The page, ready to be written to a file; it fetches nothing."""
    gap = proof.gap
    return page.page(
        page.Story(
            title=proof.sentence(),
            kind=_KINDS.get(proof.verdict, "broken"),
            facts=tuple(wording.facts(proof)),
            warnings=proof.warnings,
            finding=proof.finding if gap is None else gap.finding,
            trace=proof.trace if gap is None else gap.trace,
        )
    )


def framed(proof: Proof) -> str:
    """The page in a frame of its own, for notebooks, whose style it then neither suffers nor changes."""
    style = f"width:100%;height:{_HEIGHT}px;border:0"
    return f'<iframe style="{style}" sandbox="allow-scripts" srcdoc="{escape(html(proof))}"></iframe>'
