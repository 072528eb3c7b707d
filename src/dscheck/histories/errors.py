"""What is wrong with a recording, where, and what to do about it."""

from __future__ import annotations

from pathlib import Path

from dscheck.checker.errors import DscheckError


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
        """What the user can do."""
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
        return f"{text}; {self.fix}" if self.fix else text
