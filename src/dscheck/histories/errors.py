"""What is wrong with a recording, where, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dscheck.checker.errors import DscheckError

_OPTION: Final = re.compile(r"\{(\w+)=([^{}]*)\}")

Spelling = Callable[[str, str], str]
"""How an option and its value are written where the message is read; the value may be empty."""


def in_python(name: str, value: str) -> str:
    """An option as an argument of a function: `order="time"`, `truncated=True`, `columns`."""
    if not value:
        return name
    return f"{name}={value}" if value == "True" else f'{name}="{value}"'


class HistoryError(DscheckError):
    """A file that is no history, or one that no recording can contain: where it is wrong, and what to do."""

    def __init__(
        self,
        what: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        byte: int | None = None,
        fix: str | None = None,
    ):
        self.what = what
        self.file = None if file is None else str(file)
        self.line = line
        """From 1; of binary formats the number of the record."""
        self.byte = byte
        """From 0; of binary formats."""
        self.fix = fix
        """What the user can do; an option is `{order=time}`, as its spelling depends on who reads it."""
        self.spelling: Spelling = in_python
        super().__init__(what)

    def at(self, file: str | Path) -> HistoryError:
        """The same error, with the file's name if it has none yet."""
        self.file = self.file or str(file)
        return self

    def __str__(self) -> str:
        place = [] if self.file is None else [self.file]
        place += [] if self.line is None else [f"line {self.line:,}"]
        place += [] if self.byte is None else [f"byte {self.byte:,}"]
        text = f"{', '.join(place)}: {self.what}" if place else self.what
        if not self.fix:
            return text
        return f"{text}; {_OPTION.sub(lambda found: self.spelling(found[1], found[2]), self.fix)}"


class WrongOption(HistoryError):  # noqa: N818 - about what was asked for rather than about the recording
    """An option that the format does not take, or that means nothing."""
