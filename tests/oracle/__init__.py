"""The oracle: a slow, obvious reference search that the engine is compared with.

It shares nothing with the engine but the notation.  A state is a dictionary, the network a tuple of messages,
and every method runs in Python in every state: no footprints, no ids, no cleverness.  Where the two disagree,
one of them is wrong, and this one can be read in ten minutes.

    state.py      what a state is
    execution.py  running a method on a state, once for every way its choices can go
    steps.py      what can happen next: actions, deliveries, faults
    judge.py      properties and refinement
    operations.py promises about operations
    search.py     breadth first
"""

from __future__ import annotations

from oracle.search import Answer, Finding, search

__all__ = ["Answer", "Finding", "search"]
