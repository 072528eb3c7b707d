"""A command as a process of its own, and what it cost by the system's account."""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
"""Where `python -m benchmarks...` finds this package."""

_RSS_UNIT: Final = 1 if sys.platform == "darwin" else 1024


class BenchmarkError(Exception):
    """There is nothing to compare: a process failed, or contestants did different work."""


@dataclass(frozen=True)
class Cost:
    """What a process used from its start to its end."""

    cpu: float
    """Seconds of all its threads, user and system."""
    wall: float
    peak: int
    """Bytes that were resident at most.

    Linux counts what the parent had when it started the process, too.  Hence this process never imports
    dscheck: it stays smaller than whatever it measures.
    """
    load: float
    """Processes that wanted a core, in the minute before."""
    floor: int
    """What this process had: less than that cannot be seen."""


def machine() -> dict[str, Any]:
    """On what the figures are measured."""
    try:
        ours = version("dscheck")
    except PackageNotFoundError:
        ours = "from a checkout"
    return {
        "dscheck": ours,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }


def call(command: Sequence[str], folder: Path | None = None) -> str:
    """What a command printed that nobody measures."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def measure(command: Sequence[str]) -> tuple[str, Cost]:
    """What a command printed, and what it cost."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryFile() as output:  # a pipe could fill up, as nobody reads before the end
        start = perf_counter()
        process = subprocess.Popen(command, stdout=output, cwd=ROOT)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        wall = perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode()
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)}: exit code {process.returncode}\n{printed[-2000:]}")
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _RSS_UNIT, load, floor * _RSS_UNIT)
    return printed, cost
