"""The one kind of answer that everything gives that judges."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Verdict(Enum):
    """What a check found out; never a bare "ok", and never HOLDS after a search that was cut short."""

    HOLDS = "holds"
    """Everything that was to be covered was covered, and no promise is broken."""
    VIOLATED = "violated"
    """A promise is broken, and there is evidence."""
    UNDECIDED = "undecided"
    """The search was cut short, or was a sample; nothing wrong was found in what it covered."""
    AT_FAULT = "at fault"
    """The model, or the input, is itself wrong: there is nothing to judge."""

    def __str__(self) -> str:
        return self.value

    @property
    def exit_code(self) -> int:
        """The exit status of a command that ends in this verdict."""
        return _EXIT_CODES[self]


_EXIT_CODES: Final = {Verdict.HOLDS: 0, Verdict.VIOLATED: 1, Verdict.UNDECIDED: 3, Verdict.AT_FAULT: 4}

EXIT_USAGE: Final = 2
"""The command line was misused (click's own exit status)."""
EXIT_BUG: Final = 70
"""A bug of dscheck itself (EX_SOFTWARE in sysexits.h)."""
