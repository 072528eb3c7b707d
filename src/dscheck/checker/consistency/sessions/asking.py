"""Promises with parameters, as people write them: `bounded-staleness:k=2,t=100ms`, `eventual(t=5s)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dscheck.checker.errors import DscheckError

_UNITS: Final = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}
_LONGEST: Final = 2**62
"""Nanoseconds that clocks and sums of them can hold."""
_SHORT: Final = {
    "cc": "causal-consistency",
    "ccv": "causal-convergence",
    "cm": "causal-memory",
    "eventual-consistency": "eventual",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A promise and its bounds."""

    name: str
    """Without parameters."""
    versions: int | None = None
    """k: a read returns one of the k versions written last."""
    time: int | None = None
    """t in nanoseconds: a read returns what was current at some time within the last t."""

    def __str__(self) -> str:
        bounds = [f"k={self.versions}"] * (self.versions is not None)
        bounds += [f"t={_exact(self.time)}"] if self.time is not None else []
        return f"{self.name}:{','.join(bounds)}" if bounds else self.name


def plain(promise: str) -> str:
    """The name of a promise without its bounds, in full."""
    name = re.split(r"[:(]", promise.strip(), maxsplit=1)[0]
    return _SHORT.get(name, name)


def asked(promise: str) -> Asked:
    """Reads a promise.  Raises DscheckError for bounds that are none."""
    shape = re.fullmatch(r"([\w-]+)(?::(.*)|\((.*)\))?", promise.strip())
    if not shape:
        raise DscheckError(f"{promise!r} is no promise: write a name, or `bounded-staleness:k=2,t=100ms`")
    versions = time = None
    for part in filter(None, re.split(r"[,;\s]+", shape[2] or shape[3] or "")):
        name, _, value = part.partition("=")
        if {"k": versions, "t": time}.get(name) is not None:
            raise DscheckError(f"{promise}: {name} is given twice")
        if name == "k" and re.fullmatch(r"\d{1,12}", value) and int(value) > 0:
            versions = int(value)
        elif name == "t" and (found := re.fullmatch(r"(\d{1,19}(?:\.\d{1,9})?)(ns|us|ms|s|min|h)", value)):
            exact = Fraction(found[1]) * _UNITS[found[2]]
            if exact.denominator != 1:
                raise DscheckError(f"{promise}: {part} is no whole number of nanoseconds")
            if exact >= _LONGEST:
                raise DscheckError(f"{promise}: {part} is longer than any recording")
            time = int(exact)
        else:
            raise DscheckError(
                f"{promise}: {part!r} is no bound: k=2 is versions (1 is the newest), t=100ms is time "
                f"(with {', '.join(_UNITS)})"
            )
    full = plain(promise)
    if versions is not None and full in ("eventual", "cosmos-eventual"):
        raise DscheckError(f"{promise}: {full} takes t, how long it may take, but no k")
    return Asked(full, versions, time)


def _exact(nanoseconds: int) -> str:
    """As `span` has it if that is exact, else in nanoseconds."""
    short = span(nanoseconds)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([a-z]+)", short)
    exact = found is not None and Fraction(found[1]) * _UNITS[found[2]] == nanoseconds
    return short if exact else f"{nanoseconds}ns"


def span(nanoseconds: int) -> str:
    """Nanoseconds as `asked` reads them, and people: `100ms`, `2.5s`."""
    for unit in ("min", "s", "ms", "us"):
        if nanoseconds >= _UNITS[unit] or (unit == "us" and nanoseconds > 0 and nanoseconds % 1000 == 0):
            return f"{nanoseconds / _UNITS[unit]:.6g}{unit}"
    return f"{nanoseconds}ns"
