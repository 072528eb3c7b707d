"""The command: `python -m benchmarks.explore`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.explore import report
from benchmarks.explore.contest import hold
from benchmarks.explore.peers.peer import Peer
from benchmarks.explore.peers.spin import Spin
from benchmarks.explore.peers.stateright import Stateright
from benchmarks.explore.peers.tlc import Tlc
from benchmarks.explore.suite import suite
from benchmarks.process import BenchmarkError


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explore", description="How fast is dscheck?")
    parser.add_argument("--runs", type=int, metavar="N", help="runs of each search [default: 3; --quick: 1]")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="raft, two_phase_commit-9 ..."
    )
    parser.add_argument("--quick", action="store_true", help="smaller searches; few targets are about them")
    parser.add_argument("--tlc", type=Path, metavar="JAR", help="tla2tools.jar, so that TLC takes part; slow")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every run")
    given = parser.parse_args()
    given.runs = given.runs if given.runs is not None else 1 if given.quick else 3
    if given.runs < 1:
        parser.error("--runs must be at least 1")
    if given.json is not None and not given.json.absolute().parent.is_dir():
        parser.error(f"--json: there is no folder {given.json.parent}")
    if given.tlc is not None and not given.tlc.is_file():
        parser.error(f"--tlc: there is no file {given.tlc}")
    return given


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Measure everything, then print it: a figure never stands beside work that was not the same."""
    given = _arguments()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            peers: list[Peer] = [Spin(folder), Stateright(), Tlc(folder, given.tlc and given.tlc.absolute())]
            _say("looking for the other checkers; the first time, Cargo takes minutes to build Stateright")
            about = report.machine(peers)
            contests = suite(given.quick, given.only, peers)
            outcomes = [report.Outcome(contest, hold(contest, given.runs, _say)) for contest in contests]
    except BenchmarkError as error:
        sys.exit(str(error))
    if given.json is not None:
        given.json.write_text(json.dumps(report.to_json(about, given.runs, outcomes), indent=1) + "\n")
    print(*report.lines(about, given.runs, outcomes), sep="\n")


if __name__ == "__main__":
    main()
