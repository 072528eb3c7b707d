"""Drawings for the site: what dscheck draws, in the colours of the site."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dscheck import Model, explore
from dscheck.checker.pictures.document import asset, colours
from dscheck.checker.search.pictures.svg import svg
from dscheck.checker.traces.pictures.sequence import draw


@dataclass(frozen=True)
class Counterexample:
    """How a mutant is caught."""

    sentence: str
    drawing: str
    """The bare diagram."""
    page: str
    """One to step through, self-contained."""


def counterexample(mutant: type[Model]) -> Counterexample:
    """The shortest one, for the parameters at which the mutant is known to be caught."""
    assert mutant.caught is not None
    result = explore(mutant(**mutant.caught.params))
    if result.trace is None:
        raise AssertionError(f"{mutant.__name__} has no counterexample to draw: {result.sentence()}")
    drawing = re.sub(r"<style>.*?</style>", "", draw(result.trace, result.finding), flags=re.DOTALL)
    return Counterexample(result.sentence(), drawing, result.to_html())


def graph(model: Model) -> str:
    """The drawn state graph of a small model."""
    return svg(explore(model, properties=(), deadlock=False).to_networkx())


def styles() -> Mapping[str, str]:
    """The style sheets of dscheck's own drawings, for drawings within a page of the site."""
    style = asset("dscheck.checker.traces.pictures", "sequence.css")
    return {"assets/drawings.css": f"/* Generated. */\n.drawing {{\n{_by_scheme(colours())}\n{style}\n}}\n"}


def _by_scheme(text: str) -> str:
    """Colours by the scheme of the site, which the reader may have chosen, and not by that of the system."""
    light, dark, night = text.partition("@media (prefers-color-scheme: dark) { :root {")
    if not dark or ":root {" not in light:
        raise AssertionError("colours.css is no longer what it was: see how it becomes a part of the site")
    night = night.rstrip().removesuffix("}")
    return f"{light.replace(':root {', '& {')}[data-md-color-scheme=slate] & {{{night}"
