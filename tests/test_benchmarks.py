"""The benchmarks still run, and compare like with like; nothing here is about time."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dscheck import explore, require
from house import ROOT


@pytest.fixture(autouse=True)
def _benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are run from the checkout, and not part of the package."""
    monkeypatch.syspath_prepend(ROOT)


def quiet(_: str) -> None:
    """Nobody needs to know how far it is."""


def test_promela_has_every_step_of_everyone() -> None:
    command = [sys.executable, "-m", "benchmarks.explore.promela", "two_phase_commit", "5"]
    text = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert text.count(":: d_step {") == 2 + 5 * 5
    assert text.count("assert(consistent)") == 3 * 5
    assert "rm[4]" in text
    assert "rm[5] = prepared" not in text
    assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("protocol", "sizes", "states", "transitions"),
    [
        ("two_phase_commit", (3,), 288, 1_145),
        ("ring_election", (4,), 116, 281),
        ("philosophers", (4,), 34, 88),
        ("small_raft", (2, 1), 47_821, 328_534),
        ("single_copy_register", (2,), 49, 78),
        ("kept_history", (3,), 4_243, 6_777),
    ],
)
def test_contestants_agree(
    protocol: str, sizes: tuple[int, ...], states: int, transitions: int, tmp_path: Path
) -> None:
    """We and SPIN, where there is one; that a contest was held is the proof, for to disagree is an error."""
    from benchmarks.explore import contest, report, spaces, suite
    from benchmarks.explore.peers.spin import Spin

    peers = [Spin(tmp_path)]
    held = suite.visit(getattr(spaces, protocol)(*sizes), peers)
    standings = contest.hold(held, 1, quiet)
    names = [standing.name for standing in standings]
    assert suite.ONE in names
    assert ("SPIN" in names) != any(line.startswith("SPIN takes no part") for line in held.absent)
    assert {standing.facts.states for standing in standings} == {states}
    assert {standing.facts.transitions for standing in standings} == {transitions}
    printed = list(report.lines(report.machine(peers), 1, [report.Outcome(held, standings)]))
    assert sum(f" {states:,} " in line for line in printed) == len(standings)


def test_the_properties_of_our_models_are_awake() -> None:
    from benchmarks.explore.models.philosophers import Philosopher, Philosophers
    from benchmarks.explore.models.ring_election import Bid, RingElection, Station
    from benchmarks.explore.models.small_raft import Request, Server, SmallRaft

    class Grabs(Philosophers):
        def take_right(self, p: Philosopher) -> None:
            require(p.does == "wait")
            p.does = "eat"

    class Hasty(RingElection):
        def on_bid(self, s: Station, m: Bid) -> None:
            s.leader = s

    class VotesTwice(SmallRaft):
        def on_request(self, s: Server, m: Request) -> None:
            s.voted_for = None
            super().on_request(s, m)

    class VotesForAnyone(SmallRaft):
        def on_request(self, s: Server, m: Request) -> None:
            entry, s.entry = s.entry, 0
            super().on_request(s, m)
            s.entry = entry

    wrong = (Grabs(), Hasty(), VotesTwice(), VotesForAnyone())
    names = [explore(model).finding for model in wrong]
    assert [finding and finding.name for finding in names] == [
        "nobody_shares",
        "one_leader",
        "election_safety",
        "state_machine_safety",
    ]


def test_unequal_counts_are_said_and_still_known() -> None:
    from benchmarks.explore import contest, report, spaces, suite
    from benchmarks.explore.contest import Contest, Contestant, Facts
    from benchmarks.process import BenchmarkError

    held = suite.visit(spaces.checked_history(2), [])
    standings = contest.hold(held, 1, quiet)
    assert {standing.facts.states for standing in standings} == {67}
    printed = "\n".join(report.lines(report.machine([]), 1, [report.Outcome(held, standings)]))
    assert "not equal: Stateright keeps the whole history" in printed
    assert report.to_json({}, 1, [report.Outcome(held, standings)])["contests"][0]["unequal"]

    command = [sys.executable, "-c", "print(6)"]
    wrong = Contestant("us", command, lambda printed: Facts(int(printed)), states=7)
    with pytest.raises(BenchmarkError, match="as known: 7\n  us: 6"):
        contest.hold(Contest("race", "", [wrong], unequal="for a reason"), 1, quiet)


def test_who_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.explore import contest, report, spaces, suite
    from benchmarks.explore.peers.spin import Spin
    from benchmarks.explore.peers.stateright import Stateright
    from benchmarks.explore.peers.tlc import Tlc

    monkeypatch.setenv("PATH", str(tmp_path))
    peers = [Spin(tmp_path), Stateright(), Tlc(tmp_path, None)]
    held = suite.visit(spaces.two_phase_commit(3), peers)
    assert [one.name for one in held.contestants] == [suite.ONE, suite.TWO, suite.REFINING]
    assert held.absent == [
        "SPIN takes no part: no spin and no cc on the PATH",
        "Stateright takes no part: no cargo on the PATH",
        "TLC takes no part: no jar was given: --tlc tla2tools.jar",
    ]
    assert Tlc(tmp_path, tmp_path / "a.jar").missing() == "no java on the PATH"
    outcome = report.Outcome(held, contest.hold(held, 1, quiet))
    printed = list(report.lines(report.machine(peers), 1, [outcome]))
    assert "TLC: is missing: no jar was given: --tlc tla2tools.jar" in printed
    assert f"  {held.absent[0]}" in printed


def tool(folder: Path, name: str, script: str) -> None:
    """A program that stands in for one that this machine need not have."""
    (folder / name).write_text(f"#!{sys.executable}\nimport json, pathlib, sys\n{script}")
    (folder / name).chmod(0o755)


def test_tlc_is_asked_and_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.explore import contest, spaces, suite
    from benchmarks.explore.peers.tlc import Tlc
    from benchmarks.process import BenchmarkError

    jar = tmp_path / "tla2tools.jar"
    with zipfile.ZipFile(jar, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nBuild-TimeStamp: today\n")
    says = "Model checking completed. No error has been found."
    tool(
        tmp_path,
        "java",
        f"""
assert {str(jar)!r} in sys.argv and pathlib.Path(sys.argv[-1]).is_file()
config = pathlib.Path(sys.argv[sys.argv.index("-config") + 1]).read_text().splitlines()
assert config == ["SPECIFICATION Spec", "INVARIANT Holds", "CONSTANT nodes = 3"], config
print({says!r})
print("Progress(7): 1,000 states generated, 280 distinct states found, 12 states left on queue.")
print("1146 states generated, 288 distinct states found, 0 states left on queue.")
""",
    )
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    tlc = Tlc(tmp_path, jar)
    assert tlc.version().startswith("built today, java ")
    standings = contest.hold(suite.visit(spaces.two_phase_commit(3), [tlc]), 1, quiet)
    assert [standing.name for standing in standings][:2] == ["TLC, 1 worker", "TLC, 2 workers"]
    assert {standing.facts.transitions for standing in standings} == {1_145}
    tool(tmp_path, "java", "print('Error: Invariant Holds is violated.')")
    with pytest.raises(BenchmarkError, match="Holds is violated"):
        contest.hold(suite.visit(spaces.philosophers(4), [tlc]), 1, quiet)


def test_stateright_is_built_and_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from benchmarks.explore import contest, spaces, suite
    from benchmarks.explore.peers.stateright import Stateright

    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path))
    tool(tmp_path, "cargo", "sys.exit('no way to the crates')")
    assert Stateright().missing() == "cargo could not build it: no way to the crates"

    release = tmp_path / "release"
    release.mkdir()
    tool(release, "contest", "print(json.dumps({'states': 34, 'transitions': 88, 'before': 0}))")
    tool(tmp_path, "cargo", "assert '--locked' in sys.argv")
    stateright = Stateright()
    assert not stateright.missing()
    held = suite.visit(spaces.philosophers(4), [stateright])
    assert held.contestants[1].command[1:] == ["philosophers", "bfs", "2", "4"]
    assert {standing.facts.states for standing in contest.hold(held, 1, quiet)} == {34}


def test_the_texts_of_the_peers_are_there() -> None:
    """Every contest of the suite has a module for TLC, and a protocol in our program on Stateright."""
    from benchmarks.explore import spaces, suite

    crate = ROOT / "benchmarks" / "explore" / "stateright"
    [wanted] = re.findall(r'stateright = "=(.+)"', (crate / "Cargo.toml").read_text("utf-8"))
    assert f'name = "stateright"\nversion = "{wanted}"' in (crate / "Cargo.lock").read_text("utf-8")
    program = (crate / "src" / "main.rs").read_text("utf-8")
    for space in (*suite.FULL, *suite.QUICK):
        assert f'"{space.stateright[0]}" =>' in program
        if isinstance(space.tla, spaces.Tla):
            module = (ROOT / "benchmarks" / "explore" / "tla" / f"{space.tla.module}.tla").read_text("utf-8")
            assert f" MODULE {space.tla.module} " in module
            assert re.search(rf"^CONSTANTS? {', '.join(space.tla.constants)}$", module, re.MULTILINE)
            assert re.search(r"^Spec == .*^Holds ==", module, re.MULTILINE | re.DOTALL)


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


def test_sets_of_states_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way, order and peer finds the same states; that a contest was held is the proof."""
    from benchmarks.symbolic import jobs, report

    contests = jobs.suite(quick=True, only=("two_phase_commit", "orders lost_update", "oxidd"))
    tables = [jobs.hold(contest, 1, 60, quiet) for contest in contests]
    assert {standing.median.states for standing in tables[0].standings} == {jobs.commit_states(5)}
    printed = "\n".join(line for table in tables for line in report.lines(table, 60))
    assert "clusters (ours)" in printed
    assert ("oxidd BDDs" in printed) != ("oxidd takes no part: it is not installed" in printed)
    monkeypatch.setattr(jobs, "find_spec", lambda name: None)
    without = jobs.peer("lost_update:LostUpdate", {"clients": 2})
    assert list(without.ways) == ["dscheck, saturation"]
    assert without.absent == ("oxidd takes no part: it is not installed (pip install oxidd)",)


def test_different_sets_are_not_compared() -> None:
    from benchmarks.process import BenchmarkError
    from benchmarks.symbolic.jobs import Contest, hold

    ways = {"it": {"work": "search", "engine": "symbolic", "properties": []}}
    wrong = Contest("wrong", "two_phase_commit:TwoPhaseCommit", {"nodes": 3}, ways, states=287)
    with pytest.raises(BenchmarkError, match="as known: 287\n  it: 288"):
        hold(wrong, 1, 60, quiet)


def test_force_brings_together_what_belongs_together() -> None:
    from benchmarks.symbolic.orders import force

    edges = [(0, 3), (3, 6), (1, 4), (4, 7), (2, 5)]
    order = force(edges, range(8))
    spans = [abs(order.index(a) - order.index(b)) for a, b in edges]
    assert sorted(order) == list(range(8))
    assert sum(spans) < 3 * len(edges)
