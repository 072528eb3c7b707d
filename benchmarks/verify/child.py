"""One job in a process of its own: `python -m benchmarks.verify.child NAME [FILE]`; the cost as JSON.

Only the check is measured, not the making of the recording.  With FILE the recording is written there
instead, for peers to read.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.verify.jobs import JOBS, rows


def _resident() -> int:
    """Bytes that are resident now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize()


def _peak() -> int:
    """Bytes that were resident at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    """Judge, and say what it cost."""
    job = next(job for job in JOBS if job.name == sys.argv[1])
    history, check = job.prepare()
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text("\n".join(rows(history)) + "\n", "utf-8")
        return
    before = _resident()
    cpu, wall = process_time(), perf_counter()
    verdict = check()
    spent = {"cpu": process_time() - cpu, "wall": perf_counter() - wall}
    print(json.dumps({"verdict": verdict, **spent, "bytes": max(_peak() - before, 0), "peak": _peak()}))


if __name__ == "__main__":
    main()
