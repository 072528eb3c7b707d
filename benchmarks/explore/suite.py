"""Which searches are measured."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.explore import spin
from benchmarks.explore.child import Job, contestant
from benchmarks.explore.contest import Contest, Contestant, Facts
from benchmarks.process import BenchmarkError

LARGEST: Final = 9
DEEPEST: Final = 16
"""The sizes that the targets are about."""

ONE: Final = "dscheck, 1 worker"
TWO: Final = "dscheck, 2 workers"
REFINING: Final = "dscheck, 1 worker, with the refinement"
COMMAND: Final = "dscheck explore"


def suite(quick: bool, only: Sequence[str], folder: Path) -> Iterator[Contest]:
    """The contests whose names start with one of `only`; checkers of peers are built in `folder`."""
    sizes = [7, 8] if quick else [7, 8, LARGEST]
    depth = 12 if quick else DEEPEST
    known: dict[str, Callable[[], Contest]] = {
        **{f"two_phase_commit-{nodes}": partial(two_phase_commit, nodes, folder) for nodes in sizes},
        f"raft-{depth}": partial(raft, depth),
        "tiny": tiny,
    }
    for wanted in only:
        if not any(name.startswith(wanted) for name in known):
            raise BenchmarkError(f"there is no {wanted}; there are {', '.join(known)}")
    return (make() for name, make in known.items() if not only or name.startswith(tuple(only)))


def two_phase_commit(nodes: int, folder: Path) -> Contest:
    """All states of two-phase commit, beside SPIN where there is one."""
    states = two_phase_commit_states(nodes)
    absent = spin.missing()
    peers = [] if absent else [spin.two_phase_commit(nodes, states, folder)]

    def ours(name: str, workers: int, *properties: str) -> Contestant:
        options = {"workers": workers, "properties": properties}
        return contestant(
            name, Job(model="two_phase_commit:TwoPhaseCommit", params={"nodes": nodes}, options=options)
        )

    contestants = [
        *peers,
        ours(ONE, 1, "consistent"),
        ours(TWO, 2, "consistent"),
        ours(REFINING, 1, "consistent", "transaction_commit"),
    ]
    job = f"{nodes} resource managers: every state, and the invariant `consistent`"
    return Contest(f"two_phase_commit-{nodes}", job, contestants, states, absent)


def two_phase_commit_states(nodes: int) -> int:
    """How many there are, in closed form; TLC and Stateright count the same."""
    states: int = 6**nodes + 4**nodes + 2**nodes
    return states


def raft(depth: int) -> Contest:
    """Raft and all its properties, up to a depth."""
    params = {"nodes": 3, "terms": 2, "requests": 1, "crashes": 0, "losses": 0}
    contestants = [
        contestant(name, Job(model="raft:Raft", params=params, options={"workers": workers, "depth": depth}))
        for name, workers in ((ONE, 1), (TWO, 2))
    ]
    given = ", ".join(f"{name} {value}" for name, value in params.items())
    return Contest(f"raft-{depth}", f"{given}: all properties, {depth} steps deep", contestants)


def tiny() -> Contest:
    """How long a user waits for the verdict on a small model."""
    start = "from dscheck.cli import main; main()"  # what the installed script does
    command = [sys.executable, "-c", start, "explore", "two_phase_commit", "--nodes", "3"]

    def read(printed: str) -> Facts:
        found = re.search(r"in all its ([\d,]+) states", printed)
        return Facts(int(found[1].replace(",", "")) if found else 0)

    job = "dscheck explore two_phase_commit --nodes 3, as a fresh process"
    return Contest("tiny", job, [Contestant(COMMAND, command, read)], two_phase_commit_states(3))
