"""One search with dscheck, in a process of its own: `python -m benchmarks.explore.child '{...}'`."""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any, TypedDict

from benchmarks.explore.contest import Contestant, Facts


class Job(TypedDict):
    """What to explore, and how."""

    model: str
    """Module and class in the catalogue: "raft:Raft"."""
    params: dict[str, int]
    options: dict[str, Any]
    """Further arguments of `dscheck.explore`."""


def contestant(name: str, job: Job) -> Contestant:
    """The command for a job."""
    return Contestant(name, [sys.executable, "-m", "benchmarks.explore.child", json.dumps(job)], read)


def read(printed: str) -> Facts:
    """Understand what the child printed."""
    return Facts(**json.loads(printed))


def _search(job: Job) -> dict[str, int]:
    """Only the child imports dscheck; process.Cost says why."""
    from dscheck import Verdict, explore, models

    module, _, name = job["model"].partition(":")
    model = getattr(models.module(module), name)(**job["params"])
    before = _resident()
    result = explore(model, **job["options"])
    if result.verdict is not Verdict.HOLDS:
        sys.exit(f"this benchmark is not what it was: {result.sentence()}")
    return {
        "states": result.states,
        "transitions": result.transitions,
        "before": before,
        "python_calls": result.python_calls,
    }


def _resident() -> int:
    """Bytes that are resident now; where the system does not tell, the most so far, which is hardly more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(json.dumps(_search(json.loads(sys.argv[1]))))
