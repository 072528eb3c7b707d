"""What was measured, as a table to read and as data to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from benchmarks import process
from benchmarks.explore.contest import Contest, Standing
from benchmarks.explore.peers.peer import Peer
from benchmarks.explore.targets import TARGETS, Target

SCHEMA: Final = "dscheck.benchmarks.explore/2"

_COLUMNS: Final = (
    *("", "states", "CPU s", "spread", "x first", "wall s", "states/CPU s"),
    *("peak MB", "B/state", "Python calls", "load"),
)
_WIDTHS: Final = (40, 11, 7, 7, 8, 7, 13, 8, 8, 13, 6)


@dataclass(frozen=True)
class Outcome:
    """A contest that was held."""

    contest: Contest
    standings: Sequence[Standing]


def machine(peers: Sequence[Peer]) -> dict[str, Any]:
    """On what the figures were measured, and with what."""
    missing = {peer.name: peer.missing() for peer in peers}
    told = {peer.name: f"is missing: {missing[peer.name]}" for peer in peers if missing[peer.name]}
    return {
        **process.machine(),
        "peers": {peer.name: told.get(peer.name) or peer.version() for peer in peers},
    }


def lines(about: Mapping[str, Any], runs: int, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The whole report."""
    yield f"dscheck {about['dscheck']}, Python {about['python']}, {about['cores']} cores, {about['system']}"
    yield from (f"{name}: {told}" for name, told in about["peers"].items())
    yield f"Medians; runs of each, in turn: {runs}.  x first: CPU time, in that of the contest's first line."
    yield ""
    yield _row(_COLUMNS)
    for outcome in outcomes:
        yield ""
        yield f"{outcome.contest.name}: {outcome.contest.job}"
        first = outcome.standings[0]
        yield from (_row(_cells(standing, first)) for standing in outcome.standings)
        if outcome.contest.unequal:
            yield f"  not equal: {outcome.contest.unequal}"
        yield from (f"  {who}" for who in outcome.contest.absent)
    yield ""
    yield from _target_lines(outcomes)


def to_json(about: Mapping[str, Any], runs: int, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Every figure of every run, as plain data."""
    results = _by_name(outcomes)
    return {
        "schema": SCHEMA,
        "machine": dict(about),
        "runs": runs,
        "contests": [_contest_to_json(outcome) for outcome in outcomes],
        "targets": [_target_to_json(target, target.measured(results)) for target in TARGETS],
    }


def _contest_to_json(outcome: Outcome) -> dict[str, Any]:
    contest = outcome.contest
    standings = [{**asdict(standing), "medians": _medians(standing)} for standing in outcome.standings]
    return {
        "name": contest.name,
        "job": contest.job,
        "absent": list(contest.absent),
        "unequal": contest.unequal,
        "standings": standings,
    }


def _medians(standing: Standing) -> dict[str, float | None]:
    return {
        "cpu": standing.cpu,
        "wall": standing.wall,
        "peak": standing.peak,
        "bytes_per_state": standing.bytes_per_state,
        "load": standing.load,
    }


def _target_to_json(target: Target, figure: float | None) -> dict[str, Any]:
    met = None if figure is None else target.is_met(figure)
    return {
        "contest": target.contest,
        "what": target.what,
        "limit": target.limit,
        "figure": figure,
        "met": met,
    }


def _cells(standing: Standing, first: Standing) -> tuple[str, ...]:
    facts, spread, bytes_per_state = standing.facts, standing.spread, standing.bytes_per_state
    return (
        f"  {standing.name}",
        f"{facts.states:,}",
        f"{standing.cpu:.2f}",
        "" if spread is None else f"{spread:.0%}",
        f"{standing.cpu / first.cpu:.2f}",
        f"{standing.wall:.2f}",
        f"{standing.pace:,.0f}",
        f"{standing.peak / 1e6:,.0f}",
        "" if bytes_per_state is None else f"{bytes_per_state:.1f}",
        "" if facts.python_calls is None else f"{facts.python_calls:,}",
        f"{standing.load:.1f}",
    )


def _row(cells: Sequence[str]) -> str:
    name, *numbers = (
        f"{cell:{'<' if at == 0 else '>'}{width}}"
        for at, (cell, width) in enumerate(zip(cells, _WIDTHS, strict=True))
    )
    return "".join([name, *numbers]).rstrip()


def _by_name(outcomes: Sequence[Outcome]) -> dict[str, dict[str, Standing]]:
    return {
        outcome.contest.name: {standing.name: standing for standing in outcome.standings}
        for outcome in outcomes
    }


def _target_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    results = _by_name(outcomes)
    yield f"{'targets':<58}{'wanted':>22}{'measured':>16}"
    for target in TARGETS:
        figure = target.measured(results)
        measured = "not measured" if figure is None else target.form.format(figure)
        verdict = "" if figure is None else "met" if target.is_met(figure) else "MISSED"
        row = f"  {target.contest + ': ' + target.what:<56}{target.wanted:>22}{measured:>16}  {verdict}"
        yield row.rstrip()
