"""How much of the limits is left."""

from __future__ import annotations

import math
import time

from dscheck.checker.consistency.judgement import Limits


class Clock:
    """Started with a check; tells how much time its parts may take."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._start = time.monotonic()

    def passed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    def left(self, at_most: float | None = None) -> Limits:
        """What is left of the limits, and of the time no more than `at_most` seconds."""
        seconds = self._limits.seconds
        left = None if seconds is None or math.isinf(seconds) else max(seconds - self.passed(), 0.0)
        times = [seconds for seconds in (left, at_most) if seconds is not None]
        return Limits(seconds=min(times, default=None), memory=self._limits.memory)
