"""One line of what dscheck tells."""

from __future__ import annotations

from typing import NamedTuple


class Line(NamedTuple):
    """One line of text and what it is: heading, step, change, sent, gone, note, good, bad, or plain."""

    role: str
    text: str
