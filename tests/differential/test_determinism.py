"""Same search, same result: in every process, whatever Python's hashes are, for any number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

TESTS = Path(__file__).parent.parent

SEARCHES = """
import json
from differential.agreement import timeless
from dscheck import explore
from dscheck.models.registers.quorum_register import ForgetsWhatItSaw
from dscheck.models.consensus.raft import ForgetsItsVote, Raft
from dscheck.models.registers.single_copy_register import SingleCopyRegister
from dscheck.models.commit.two_phase_commit import CommitsOnMajority, TwoPhaseCommit

for model, limits in [
    (TwoPhaseCommit(nodes=5), {}),
    (CommitsOnMajority(), {}),
    (Raft(crashes=1, losses=1), {"depth": 8}),
    (Raft(), {"states": 5_000}),
    (Raft(), {"walks": 20, "seed": 7}),
    (ForgetsItsVote(), {}),
    (SingleCopyRegister(clients=3), {}),
    (ForgetsWhatItSaw(), {}),
]:
    print(json.dumps(timeless(explore(model, workers=WORKERS, **limits))))
"""


def run(process: tuple[int, int]) -> list[str]:
    """What a new process prints, with this hash seed and so many threads."""
    seed, workers = process
    path = os.pathsep.join([str(TESTS), *filter(None, [os.environ.get("PYTHONPATH")])])
    env = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": path}
    code = SEARCHES.replace("WORKERS", str(workers))
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_results_do_not_depend_on_hashes_or_threads() -> None:
    with ThreadPoolExecutor(2) as pool:
        first, *others = pool.map(run, [(0, 1), (1, 1), (2, 2), (3, 4), (4, 4)])
    assert len(first) == 8
    for other in others:
        assert other == first
