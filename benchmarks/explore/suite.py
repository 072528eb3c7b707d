"""Which searches are measured."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from benchmarks.explore import spaces
from benchmarks.explore.child import Job, contestant
from benchmarks.explore.contest import Contest, Contestant, Facts
from benchmarks.explore.peers.peer import Peer
from benchmarks.process import BenchmarkError

LARGEST: Final = 9
DEEPEST: Final = 16
"""The sizes that the targets are about."""

ONE: Final = "dscheck, 1 worker"
TWO: Final = "dscheck, 2 workers"
REFINING: Final = "dscheck, 1 worker, with the refinement"
COMMAND: Final = "dscheck explore"

FULL: Final = (
    *(spaces.two_phase_commit(nodes) for nodes in (7, 8, LARGEST)),
    spaces.ring_election(10),
    spaces.philosophers(16),
    spaces.small_raft(2, 2),
    spaces.single_copy_register(6),
    spaces.kept_history(4),
    spaces.checked_history(4),
)
QUICK: Final = (
    *(spaces.two_phase_commit(nodes) for nodes in (7, 8)),
    spaces.ring_election(8),
    spaces.philosophers(12),
    spaces.small_raft(2, 1),
    spaces.single_copy_register(5),
    spaces.kept_history(3),
    spaces.checked_history(3),
)


def suite(quick: bool, only: Sequence[str], peers: Sequence[Peer]) -> Iterator[Contest]:
    """The contests whose names start with one of `only`; checkers are built when their contest begins."""
    depth = 12 if quick else DEEPEST
    known: dict[str, Callable[[], Contest]] = {
        **{space.name: partial(visit, space, peers) for space in (QUICK if quick else FULL)},
        f"raft-{depth}": partial(raft, depth),
        "tiny": tiny,
    }
    for wanted in only:
        if not any(name.startswith(wanted) for name in known):
            raise BenchmarkError(f"there is no {wanted}; there are {', '.join(known)}")
    return (make() for name, make in known.items() if not only or name.startswith(tuple(only)))


def visit(space: spaces.Space, peers: Sequence[Peer]) -> Contest:
    """Everyone who can visits all states of a space."""
    absent = {peer.name: peer.missing() or peer.declines(space) for peer in peers}
    theirs = [one for peer in peers if not absent[peer.name] for one in peer.contestants(space)]
    return Contest(
        space.name,
        space.job,
        [*theirs, *_ours(space)],
        None if space.unequal else space.states,
        [f"{name} takes no part: {why}" for name, why in absent.items() if why],
        space.unequal,
    )


def _ours(space: spaces.Space) -> Iterator[Contestant]:
    def search(name: str, workers: int, *more: str) -> Contestant:
        options = space.ours["options"]
        job: Job = {
            **space.ours,
            "options": {"workers": workers, "properties": [*options["properties"], *more]},
        }
        return contestant(name, job, space.uncounted, space.our_states)

    yield search(ONE, 1)
    yield search(TWO, 2)
    if space.name.startswith("two_phase_commit"):
        yield search(REFINING, 1, "transaction_commit")


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
    states = spaces.two_phase_commit_states(3)
    return Contest("tiny", job, [Contestant(COMMAND, command, read)], states)
