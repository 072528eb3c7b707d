"""One search with dscheck, in a process of its own: `python -m benchmarks.explore.child '{...}'`."""

from __future__ import annotations

import json
import os
import re
import resource
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict

from benchmarks.explore.contest import Contestant, Facts


class Job(TypedDict):
    """What to explore, and how."""

    model: str
    """Module and class: "raft:Raft" in the catalogue, or "benchmarks.explore.models.small_raft:SmallRaft"."""
    params: dict[str, int]
    options: dict[str, Any]
    """Further arguments of `dscheck.explore`."""


def contestant(name: str, job: Job, uncounted: int = 0, states: int | None = None) -> Contestant:
    """The command for a job.

    States at the start that only our model has, and a transition from each, are not counted.
    """

    def read(printed: str) -> Facts:
        facts = Facts(**json.loads(printed))
        transitions = None if facts.transitions is None else facts.transitions - uncounted
        return replace(facts, states=facts.states - uncounted, transitions=transitions)

    command = [sys.executable, "-m", "benchmarks.explore.child", json.dumps(job)]
    return Contestant(name, command, read, states)


def _search(job: Job) -> dict[str, int | None]:
    """Only the child imports dscheck; process.Cost says why."""
    from dscheck import Verdict, explore, models

    place, _, name = job["model"].partition(":")
    module = import_module(place) if "." in place else models.module(place)
    model = getattr(module, name)(**job["params"])
    before = _resident()
    result = explore(model, **job["options"])
    if result.verdict is not Verdict.HOLDS:
        sys.exit(f"this benchmark is not what it was: {result.sentence()}")
    return {
        "states": result.states,
        "transitions": result.transitions,
        "before": before,
        "python_calls": result.python_calls,
        "peak": _peak(),
    }


def _resident() -> int:
    """Bytes that are resident now; where the system does not tell, the most so far, which is hardly more."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _peak() -> int | None:
    """Bytes that were resident at most, in this program alone; None where the system does not tell."""
    status = Path("/proc/self/status")
    told = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(told[1]) * 1024 if told else None


if __name__ == "__main__":
    print(json.dumps(_search(json.loads(sys.argv[1]))))
