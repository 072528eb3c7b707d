"""The command: `python -m benchmarks.verify`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from benchmarks.process import ROOT, BenchmarkError, machine, measure
from benchmarks.verify import peers, report
from benchmarks.verify.jobs import JOBS, Job

LOGS: Final = ROOT.parent / "shared" / "corpus" / "porcupine" / "test_data" / "jepsen"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.verify", description="How fast is dscheck verify?"
    )
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each job [default: 3]")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="jobs that start with it")
    parser.add_argument(
        "--logs", type=Path, default=LOGS, metavar="DIR", help="the logs of etcd, if elsewhere"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure of every run")
    return parser.parse_args()


def _run(job: Job, runs: int, program: Path | None, folder: Path) -> report.Figure:
    """One job, its runs in turn with the peer's."""
    others = {name: f"{seconds:g} s (published)" for name, seconds in job.others.items()}
    file = folder / f"{job.name}.rows"
    if program is not None and job.porcupine:
        peers.export(job.name, file)
    done: list[dict[str, Any]] = []
    theirs: list[str] = []
    for _ in range(runs):
        printed, _cost = measure([sys.executable, "-m", "benchmarks.verify.child", job.name])
        done.append(json.loads(printed))
        if done[-1]["verdict"] != job.expected:
            raise BenchmarkError(
                f"{job.name}: {done[-1]['verdict']}, not {job.expected}: there is nothing to compare"
            )
        if file.exists() and len(theirs) < 1:
            told = peers.judge(program, "rows", [file]) if program else {}
            theirs.append(f"{told['cpu']:.3f} s, {next(iter(told['verdicts'].values()))}")
    if theirs:
        others["Porcupine"] = theirs[0]
    return report.Figure(
        name=job.name,
        what=job.what,
        verdict=job.expected,
        cpu=tuple(each["cpu"] for each in done),
        megabytes=max(each["bytes"] for each in done) / 1e6,
        seconds=job.seconds,
        limit_megabytes=job.megabytes,
        others=others,
        load=os.getloadavg()[0],
    )


def _logs(folder: Path, runs: int, program: Path | None) -> report.Figure | None:
    """The logs of etcd; half of Porcupine's time is wanted."""
    files = sorted(folder.glob("etcd_*.log"))
    if not files:
        return None
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    for _ in range(runs):
        printed, _cost = measure([sys.executable, "-m", "benchmarks.verify.etcd", *map(str, files)])
        ours.append(json.loads(printed))
        if program is not None:
            theirs.append(peers.judge(program, "etcd", files))
    if theirs:
        accepted = {path: verdict == "Ok" for path, verdict in theirs[0]["verdicts"].items()}
        if accepted != {path: verdict == "holds" for path, verdict in ours[0]["verdicts"].items()}:
            raise BenchmarkError("Porcupine and dscheck disagree about the logs of etcd")
    middle = sorted(theirs, key=lambda each: float(each["cpu"]))[len(theirs) // 2] if theirs else None
    told = f"{middle['cpu']:.3f} s, median log {middle['median'] * 1000:.2f} ms" if middle else ""
    median = sorted(each["median"] for each in ours)[len(ours) // 2]
    return report.Figure(
        name=f"etcd-{len(files)}-logs",
        what=f"{len(files)} logs of etcd, one after the other; median log {median * 1000:.2f} ms",
        verdict="as Porcupine says" if middle else "not compared",
        cpu=tuple(each["cpu"] for each in ours),
        megabytes=0.0,
        seconds=middle["cpu"] / 2 if middle else None,
        limit_megabytes=None,
        others={"Porcupine": told} if middle else {},
        load=os.getloadavg()[0],
    )


def main() -> None:
    """Measure everything, then print it; a job with another verdict than expected ends it."""
    given = _arguments()
    jobs = [job for job in JOBS if not given.only or job.name.startswith(tuple(given.only))]
    figures = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            program = peers.build(Path(folder))
            if not given.only or "etcd" in given.only:
                figures += filter(None, [_logs(given.logs, given.runs, program)])
            for job in jobs:
                print(job.name, file=sys.stderr, flush=True)
                figures.append(_run(job, given.runs, program, Path(folder)))
    except BenchmarkError as error:
        sys.exit(str(error))
    about = {**_machine(program), "runs": given.runs}
    if given.json is not None:
        given.json.write_text(json.dumps(report.to_json(about, figures), indent=1) + "\n", "utf-8")
    print(*report.lines(about, figures), sep="\n")


def _machine(program: Path | None) -> dict[str, Any]:
    peer = (
        "Porcupine on its library 1.3.1" if program else "without Porcupine: no Go, or no way to its library"
    )
    return {**machine(), "peer": peer}


if __name__ == "__main__":
    main()
