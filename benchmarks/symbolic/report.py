"""What was measured, as a table to read and as data to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from benchmarks.symbolic.jobs import Standing, Table

SCHEMA: Final = "dscheck.benchmarks.symbolic/1"

_COLUMNS: Final = ("", "states", "CPU s", "nodes", "all nodes", "Python calls")
_WIDTHS: Final = (46, 18, 9, 9, 12, 14)
_LONG: Final = 10**15


def header(about: Mapping[str, Any]) -> Iterator[str]:
    """On what it was measured, and what the columns mean."""
    yield f"dscheck {about['dscheck']}, Python {about['python']}, {about['cores']} cores, {about['system']}"
    yield f"Medians; runs of each, in turn: {about['runs']}."
    yield "CPU s: of the search alone, without Python's start."
    yield "nodes: of the set of all states.  all nodes: what had been made by the end, in use or not."
    yield ""
    yield _row(_COLUMNS)


def lines(table: Table, limit: float) -> Iterator[str]:
    """What one contest came to."""
    yield ""
    yield table.contest.name
    yield from (_row(_cells(standing, limit)) for standing in table.standings)
    yield from (f"  {who}" for who in table.contest.absent)
    if table.contest.unequal:
        yield f"  not equal: {table.contest.unequal}"


def to_json(about: Mapping[str, Any], tables: Sequence[Table]) -> dict[str, Any]:
    """Every figure of every run, as plain data."""
    return {
        "schema": SCHEMA,
        "machine": dict(about),
        "contests": [
            {
                "name": table.contest.name,
                "absent": list(table.contest.absent),
                "standings": [asdict(standing) for standing in table.standings],
            }
            for table in tables
        ],
    }


def _cells(standing: Standing, limit: float) -> tuple[str, ...]:
    found = standing.median
    if not found.is_done:
        return (
            f"  {standing.way}",
            "not all",
            f"> {limit:.0f}",
            "",
            _number(found.made),
            _number(found.python_calls),
        )
    return (
        f"  {standing.way}",
        _number(found.states),
        f"{found.cpu:.2f}",
        _number(found.nodes),
        _number(found.made),
        _number(found.python_calls),
    )


def _number(number: int | None) -> str:
    if number is None:
        return ""
    return f"{number:,}" if number < _LONG else f"{number:.4e}"


def _row(cells: Sequence[str]) -> str:
    name, *numbers = cells
    row = "".join(f"{cell:>{width}}" for cell, width in zip(numbers, _WIDTHS[1:], strict=True))
    return f"{name:<{_WIDTHS[0]}}{row}".rstrip()
