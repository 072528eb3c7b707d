"""The benchmarks still run, and compare like with like; nothing here is about time."""

from __future__ import annotations

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
    from benchmarks.explore.process import BenchmarkError

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
