"""The command: `python -m benchmarks.symbolic`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.process import BenchmarkError, machine
from benchmarks.symbolic.jobs import hold, suite
from benchmarks.symbolic.report import header, lines, to_json


def _arguments() -> argparse.Namespace:
    about = "How far do decision diagrams reach, and what do they cost?"
    parser = argparse.ArgumentParser(prog="python -m benchmarks.symbolic", description=about)
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each job [default: 3]")
    parser.add_argument("--limit", type=int, default=120, metavar="S", help="seconds a job may take [120]")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="raft, orders ...")
    parser.add_argument("--quick", action="store_true", help="smaller state spaces, each job once")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every run")
    given = parser.parse_args()
    given.runs = 1 if given.quick else given.runs
    if given.runs < 1 or given.limit < 1:
        parser.error("--runs and --limit must be at least 1")
    return given


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure contest by contest; no figure is printed beside work that was not the same."""
    given = _arguments()
    about = {**machine(), "runs": given.runs, "limit": given.limit}
    tables = []
    try:
        contests = suite(given.quick, given.only)
        print(*header(about), sep="\n", flush=True)
        for contest in contests:
            tables.append(hold(contest, given.runs, given.limit, _say))
            print(*lines(tables[-1], given.limit), sep="\n", flush=True)
    except BenchmarkError as error:
        sys.exit(str(error))
    if given.json is not None:
        given.json.write_text(json.dumps(to_json(about, tables), indent=1) + "\n")


if __name__ == "__main__":
    main()
