"""The protocols of the contests in Promela, for SPIN: `python -m benchmarks.explore.promela ring_election 3`.

Written from the protocols, as a user of SPIN would.  Each option of the loop is one action for one process
or one message, unrolled, and a d_step: one step of the protocol is one transition, and there are no states
between them.
"""

from __future__ import annotations

from importlib import import_module


def text(protocol: str, *sizes: int) -> str:
    """One of the texts, at one size."""
    written: str = import_module(f"{__name__}.{protocol}").text(*sizes)
    return written
