"""Ctrl-C, heard wherever it finds the program."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread

from dscheck._engine import KeepInterrupts


@contextmanager
def interrupts_kept() -> Iterator[None]:
    """Within, no Ctrl-C is lost; also a decorator.

    Python raises KeyboardInterrupt in whatever runs at the moment.  Where that is a callback of a weak
    reference or of the garbage collector, or a `__del__`, nobody can catch it, and Python forgets it after a
    message: a search would go on as if nothing had been said.  Here it is raised again right after.
    """
    if current_thread() is not main_thread():  # others are never interrupted
        yield
        return
    before = sys.unraisablehook
    sys.unraisablehook = KeepInterrupts(before)
    try:
        yield
    finally:
        sys.unraisablehook = before
