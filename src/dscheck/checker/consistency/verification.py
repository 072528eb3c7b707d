"""What `verify` found out about a history: the verdict, a judgement per promise, and the evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from dscheck.checker.consistency import wording
from dscheck.checker.consistency.judgement import Judgement
from dscheck.checker.consistency.promises import implied
from dscheck.checker.verdict import Verdict
from dscheck.checker.version import version
from dscheck.histories.history import History

SCHEMA: Final = "dscheck.verification/1"
"""The version of what `to_json` gives; a change that would mislead old readers gets a new number."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Verification:
    """The outcome of `verify`."""

    history: History = field(compare=False)
    datatype: str
    """What the operations were taken for: cas-register, queue, list-append, ..."""
    asked: tuple[str, ...]
    """The promises that the verdict is about."""
    judgements: tuple[Judgement, ...]
    """One per promise, also those that were judged on the way; strongest first where they are levels."""
    strongest_kept: tuple[str, ...] = ()
    """Of the promises judged: those kept that no other kept one implies."""
    weakest_broken: tuple[str, ...] = ()
    """Of the promises judged: those broken that imply no other broken one."""
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """Violated if a promise that was asked for is broken; holds only if all of them are kept."""
        found = {judgement.verdict for judgement in self.judgements if judgement.promise in self.asked}
        for worst in (Verdict.AT_FAULT, Verdict.VIOLATED, Verdict.UNDECIDED):
            if worst in found:
                return worst
        return Verdict.HOLDS if found else Verdict.UNDECIDED

    @property
    def exit_code(self) -> int:
        """The exit status of a command that ends with this result."""
        return self.verdict.exit_code

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the verdicts weaker than they look, each once."""
        return tuple(dict.fromkeys(text for judged in self.judgements for text in judged.warnings))

    @property
    def open_kept(self) -> tuple[str, ...]:
        """The undecided promises that would change `strongest_kept` if they are kept."""
        follows = {weaker for name in self.strongest_kept for weaker in implied(name)}
        return tuple(name for name in self._undecided() if name not in follows)

    @property
    def open_broken(self) -> tuple[str, ...]:
        """The undecided promises that would change `weakest_broken` if they are broken."""
        broken = set(self.weakest_broken)
        return tuple(name for name in self._undecided() if not implied(name) & broken)

    def _undecided(self) -> list[str]:
        names = (judged.promise for judged in self.of(Verdict.UNDECIDED))
        return [name for name in names if name not in wording.MEASURES]

    def judgement(self, promise: str) -> Judgement:
        """What was found out about one promise.  Raises KeyError for one that was not judged."""
        for judged in self.judgements:
            if judged.promise == promise:
                return judged
        raise KeyError(promise)

    def of(self, verdict: Verdict) -> Iterator[Judgement]:
        """The judgements that ended in this verdict."""
        return (judged for judged in self.judgements if judged.verdict is verdict)

    def sentence(self) -> str:
        """The verdict in one line."""
        return wording.sentence(self)

    def __repr__(self) -> str:
        return f"<{self.sentence()}>"

    def __str__(self) -> str:
        return "\n".join(line.text for line in wording.lines(self))

    def to_json(self) -> dict[str, Any]:
        """As plain data, ready for `json.dump`; see docs/reference/verification-json.md."""
        return {
            "schema": SCHEMA,
            "dscheck": version(),
            "history": {
                "name": self.history.name,
                "format": self.history.format,
                "operations": len(self.history),
                "datatype": self.datatype,
            },
            "asked": list(self.asked),
            "verdict": str(self.verdict),
            "exit_code": self.exit_code,
            "sentence": self.sentence(),
            "warnings": list(self.warnings),
            "strongest_kept": list(self.strongest_kept),
            "weakest_broken": list(self.weakest_broken),
            "open_kept": list(self.open_kept),
            "open_broken": list(self.open_broken),
            "judgements": [judged.to_json() for judged in self.judgements],
            "operations": {
                str(row): _plain(self.history.operation(row)._asdict()) for row in self._shown_rows()
            },
            "seconds": round(self.seconds, 3),
        }

    def _shown_rows(self) -> list[int]:
        """The operations that any witness names."""
        witnesses = (anomaly.witness for judged in self.judgements for anomaly in judged.anomalies)
        rows: set[int] = set()
        for witness in witnesses:
            rows.update(witness.operations, witness.order, witness.stuck)
        return sorted(rows)


def _plain(value: Any) -> Any:
    """As JSON has it: maps with keys of any kind become lists of pairs, sets become lists."""
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: _plain(inside) for key, inside in value.items()}
        return [[_plain(key), _plain(inside)] for key, inside in value.items()]
    if isinstance(value, frozenset):
        return sorted((_plain(item) for item in value), key=repr)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else value
