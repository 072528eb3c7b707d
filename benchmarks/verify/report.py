"""What was measured, as a table to read and as data to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

SCHEMA: Final = "dscheck.benchmarks.verify/1"
_WIDTHS: Final = (30, 10, 9, 9, 9, 8, 30)


@dataclass(frozen=True)
class Figure:
    """One job, run several times, with what others need for it."""

    name: str
    what: str
    verdict: str
    cpu: tuple[float, ...]
    """Seconds of the check alone."""
    megabytes: float
    """Most memory over what was resident before the check, of all runs."""
    seconds: float | None
    """The CPU time that it may take, and the memory."""
    limit_megabytes: float | None
    others: Mapping[str, str]
    """What other tools needed, with where that is from."""
    load: float

    @property
    def is_met(self) -> bool | None:
        """Whether the targets are met; None where there are none."""
        if self.seconds is None and self.limit_megabytes is None:
            return None
        in_time = self.seconds is None or median(self.cpu) <= self.seconds
        return in_time and (self.limit_megabytes is None or self.megabytes <= self.limit_megabytes)


def lines(about: Mapping[str, Any], figures: Sequence[Figure]) -> Iterator[str]:
    """The whole report."""
    yield f"dscheck {about['dscheck']}, Python {about['python']}, {about['cores']} cores, {about['system']}"
    yield f"{about['peer']}; CPU seconds of the check alone, medians of {about['runs']}"
    yield ""
    yield _row("", "CPU s", "spread", "wanted", "MB more", "load", "others")
    for figure in figures:
        spread = (max(figure.cpu) - min(figure.cpu)) / max(median(figure.cpu), 1e-9)
        mark = {True: "", False: "  MISSED", None: ""}[figure.is_met]
        yield _row(
            figure.name,
            f"{median(figure.cpu):.4f}",
            f"{spread:.0%}",
            "" if figure.seconds is None else f"{figure.seconds:g}",
            f"{figure.megabytes:.0f}",
            f"{figure.load:.1f}",
            "; ".join(f"{name} {told}" for name, told in figure.others.items()) + mark,
        )
        yield f"    {figure.what}: {figure.verdict}"


def to_json(about: Mapping[str, Any], figures: Sequence[Figure]) -> dict[str, Any]:
    """The same as data."""
    return {
        "schema": SCHEMA,
        **about,
        "figures": [
            {**{name: getattr(figure, name) for name in figure.__dataclass_fields__}, "met": figure.is_met}
            for figure in figures
        ],
    }


def _row(*cells: str) -> str:
    first, *middle, last = cells
    parts = [f"{first:<{_WIDTHS[0]}}"]
    parts += [f"{cell:>{width}}" for cell, width in zip(middle, _WIDTHS[1:-1], strict=True)]
    return " ".join([*parts, f" {last}"]).rstrip()
