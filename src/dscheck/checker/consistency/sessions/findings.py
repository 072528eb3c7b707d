"""What was found out in one world, and what that says of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dscheck.checker.consistency.judgement import Anomaly
from dscheck.checker.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found in a world where every read has one source."""

    anomalies: tuple[Anomaly, ...] = ()
    """Violated if there are any."""
    stop: str | None = None
    """What cut the check short: time or memory."""
    doubt: str | None = None
    """Why nothing can be said though nothing cut it short: the method decides only some recordings."""
    measures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """Of this world."""
        if self.anomalies:
            return Verdict.VIOLATED
        return Verdict.UNDECIDED if self.stop or self.doubt else Verdict.HOLDS

    @property
    def reason(self) -> str:
        """Why it is undecided; empty if it is not."""
        if self.stop:
            return f"stopped by the limit of {self.stop}"
        return self.doubt or ""
