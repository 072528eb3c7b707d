"""The benchmarks still run, and compare like with like; nothing here is about time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from house import ROOT


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are run from the checkout, and not part of the package."""
    monkeypatch.syspath_prepend(ROOT)


def quiet(_: str) -> None:
    """Nobody needs to know how far it is."""


def test_promela_has_every_step_of_everyone() -> None:
    command = [sys.executable, "-m", "benchmarks.explore.promela", "5"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert text.count(":: d_step {") == 2 + 5 * 5
    assert text.count("assert(consistent)") == 3 * 5
    assert "rm[4]" in text
    assert "rm[5] = prepared" not in text
    assert text.count("{") == text.count("}")


def test_spin_and_dscheck_agree(tmp_path: Path) -> None:
    """Contestants that disagree are an error, so that the contest was held is the proof."""
    from benchmarks.explore import contest, report, spin, suite

    if reason := spin.missing():
        pytest.skip(reason)
    held = suite.two_phase_commit(3, tmp_path)
    standings = contest.hold(held, 1, quiet)
    assert [standing.name for standing in standings][:2] == [spin.NAME, suite.ONE]
    assert {standing.facts.states for standing in standings} == {288}
    assert {standing.facts.transitions for standing in standings} == {1_145}
    printed = list(report.lines(report.machine(), 1, [report.Outcome(held, standings)]))
    assert sum("288" in line for line in printed) == len(standings)


def test_the_command_is_read() -> None:
    from benchmarks.explore import contest, suite

    [standing] = contest.hold(suite.tiny(), 1, quiet)
    assert standing.facts.states == 288


def test_different_work_is_not_compared() -> None:
    from benchmarks.explore.contest import Contest, Contestant, Facts, hold
    from benchmarks.process import BenchmarkError

    def says(name: str, states: int) -> Contestant:
        command = [sys.executable, "-c", f"print({states})"]
        return Contestant(name, command, lambda printed: Facts(int(printed)))

    with pytest.raises(BenchmarkError, match="different numbers of states\n  us: 288\n  them: 287"):
        hold(Contest("race", "", [says("us", 288), says("them", 287)]), 1, quiet)
    with pytest.raises(BenchmarkError, match="as known: 288"):
        hold(Contest("race", "", [says("us", 287)], states=288), 1, quiet)


def test_targets_are_about_what_the_suite_measures() -> None:
    from benchmarks.explore.suite import DEEPEST, LARGEST
    from benchmarks.explore.targets import TARGETS

    measured = {f"two_phase_commit-{LARGEST}", f"raft-{DEEPEST}", "tiny"}
    assert {target.contest for target in TARGETS} == measured
    [paces] = [target for target in TARGETS if "states per CPU-second" in target.what]
    assert paces.is_met(1_000_001)
    assert not paces.is_met(999_999)
    assert not TARGETS[0].is_met(0.41)


def test_operations_are_measured() -> None:
    """And with the whole history in the state there are as many states as Stateright finds, and one."""
    command = [sys.executable, "-m", "benchmarks.explore.operations", "--quick"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    counts = [line.split()[1] for line in text.splitlines() if line.startswith("  history")]
    assert counts[0] == "4,244"


def test_recordings_are_judged_as_they_must(tmp_path: Path) -> None:
    """A job in a process of its own says what it cost; peers read the same recording."""
    command = [sys.executable, "-m", "benchmarks.verify.child", "register-1-20-1k"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    told = json.loads(printed)
    assert told["verdict"] == "holds"
    assert told["cpu"] > 0
    subprocess.run([*command, str(tmp_path / "rows")], cwd=ROOT, check=True)
    rows = (tmp_path / "rows").read_text("utf-8").splitlines()
    assert len(rows) == 1000
    assert all(len(row.split()) == 7 for row in rows)


def test_a_missed_target_is_said() -> None:
    from benchmarks.verify.jobs import JOBS
    from benchmarks.verify.report import Figure, lines

    assert len({job.name for job in JOBS}) == len(JOBS)
    slow = Figure(
        name="slow",
        what="something",
        verdict="holds",
        cpu=(2.0, 3.0, 4.0),
        megabytes=10.0,
        seconds=1.0,
        limit_megabytes=None,
        others={"them": "9 s (published)"},
        load=0.5,
    )
    about = {"dscheck": "1", "python": "3", "cores": 2, "system": "x", "peer": "none", "runs": 3}
    printed = "\n".join(lines(about, [slow]))
    assert slow.is_met is False
    assert "3.0000" in printed
    assert "MISSED" in printed
