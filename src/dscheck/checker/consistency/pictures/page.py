"""A verification as one self-contained page: nothing is fetched, and its size is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from dscheck.checker.amounts import plural
from dscheck.checker.consistency.judgement import Anomaly, Judgement
from dscheck.checker.consistency.pictures import cycle, lanes, lattice
from dscheck.checker.consistency.pictures.surroundings import shown
from dscheck.checker.consistency.promises import IMPLICATIONS
from dscheck.checker.consistency.sessions.picture import draw
from dscheck.checker.consistency.sessions.staleness import lines
from dscheck.checker.consistency.verification import Verification
from dscheck.checker.consistency.wording import counted, distinct_anomalies, folded, measures, plain, told
from dscheck.checker.pictures.document import document
from dscheck.checker.verdict import Verdict

_ANOMALIES: Final = 8
"""Anomalies that get a picture; the others are named."""
_CLASSES: Final = {Verdict.HOLDS: "kept", Verdict.VIOLATED: "broken", Verdict.UNDECIDED: "unknown"}


def page(result: Verification) -> str:
    """The page, ready to be written to a file."""
    anomalies = distinct_anomalies(result.judgements)
    parts = [
        *_head(result),
        *(part for anomaly in anomalies[:_ANOMALIES] for part in _anomaly(result, anomaly)),
        *_further(anomalies[_ANOMALIES:]),
        *_levels(result),
        *(part for judged in result.judgements for part in _staleness(judged)),
    ]
    return document(result.sentence(), parts, __package__)


def _head(result: Verification) -> Iterator[str]:
    history = result.history
    kind = _CLASSES.get(result.verdict, "broken")
    yield f'<header class="{kind}"><h1>{escape(result.sentence())}</h1>'
    yield (
        f"<p>{counted(history)} · {escape(result.datatype)} · read as {escape(history.format)}</p></header>"
    )
    yield from (f'<p class="warning">{escape(text)}</p>' for text in result.warnings)


def _levels(result: Verification) -> Iterator[str]:
    verdicts = {judged.promise: judged.verdict for judged in result.judgements if not measures(judged)}
    if len(verdicts) > 2:
        drawn = lattice.draw(verdicts, IMPLICATIONS)
        yield f'<section><h2>Levels</h2><div class="wide">{drawn}</div>'
        yield '<p class="key"><i class="kept"></i> kept <i class="broken"></i> broken '
        yield '<i class="unknown"></i> not decided; lines lead down to what a level implies</p></section>'
        yield "<section><details><summary>Each level, and how it was judged</summary>"
    else:
        yield "<section><details open><summary>How it was judged</summary>"
    yield "<table><thead><tr><th>promise<th>verdict<th>covered<th>how</tr></thead><tbody>"
    yield from map(_level, result.judgements)
    yield "</tbody></table></details></section>"


def _level(judged: Judgement) -> str:
    how = f"follows from {judged.implied_by}" if judged.implied_by else judged.algorithm
    kind = "measured" if measures(judged) else _CLASSES.get(judged.verdict, "broken")
    found = "measured" if measures(judged) else str(judged.verdict)
    return (
        f'<tr class="{kind}"><th>{escape(judged.promise)}'
        f"<td>{found}<td>{escape(judged.covered)}<td>{escape(how)}</tr>"
    )


def _staleness(judged: Judgement) -> Iterator[str]:
    if told := list(lines(judged.measures)):
        yield f"<section><h2>How stale reads were</h2><p>{'<br>'.join(map(escape, told))}</p>"
        charts = filter(None, (draw(judged.measures, by) for by in ("versions", "time")))
        yield from (f'<div class="wide">{chart}</div>' for chart in charts)
        yield "</section>"


def _anomaly(result: Verification, anomaly: Anomaly) -> Iterator[str]:
    history, witness = result.history, anomaly.witness
    key = "" if anomaly.key is None else f" on key {escape(plain(anomaly.key))}"
    everyday = f" <small>{escape(anomaly.everyday)}</small>" if anomaly.everyday else ""
    yield f"<section><h2>{escape(anomaly.name)}{everyday}{key}</h2>"
    yield f'<p class="sentence">{escape(witness.sentence)}</p>'
    yield from (f"<p>{escape(text)}</p>" for text in witness.details)
    if drawn := cycle.draw(history, witness):
        yield f'<div class="wide">{drawn}</div>'
    if witness.edges:
        yield "<ol>"
        for number, edge in folded(list(enumerate(witness.edges))):
            if edge is None:
                yield f'<li class="fold">… {number:,} more …'
                continue
            both = "".join(
                f"<li><code>{escape(told(history.operation(row), history))}</code>"
                for row in (edge.source, edge.target)
            )
            yield (
                f'<li data-for="{number}" value="{number + 1}"><details><summary>'
                f'<b class="{escape(edge.kind)}">{escape(edge.kind)}</b> '
                f"{escape(edge.sentence)}</summary><ul>{both}</ul></details>"
            )
        yield "</ol>"
    rows = shown(history, witness)
    yield f'<div class="wide centred">{lanes.draw(history, witness, rows)}</div>'
    if missing := len({*witness.operations, *witness.stuck} - set(rows)):
        yield f'<p class="note">{plural(missing, "operation")} of the proof are not drawn.</p>'
    if witness.states:
        yield f"<p>Possible before the operation that does not fit: {escape(', '.join(witness.states))}</p>"
    count = f" {anomaly.count:,} such were found; this is one of the smallest." if anomaly.count > 1 else ""
    least = "Leaving out any of its operations would leave no violation." if witness.minimal else ""
    yield f'<p class="note">{least}{count}</p></section>'


def _further(anomalies: list[Anomaly]) -> Iterator[str]:
    if anomalies:
        yield f"<section><h2>And {len(anomalies):,} more</h2><ul>"
        yield from (
            f"<li>{escape(found.name)}: {escape(found.witness.sentence)}" for found in anomalies[:200]
        )
        yield "</ul></section>"
