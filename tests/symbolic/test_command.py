"""`dscheck explore --engine`: options, output, exit codes."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

import climbing
from command import dscheck, popen

FILE = Path(climbing.__file__)
SYMBOLIC = ("--engine", "symbolic")


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (0, ["two_phase_commit", *SYMBOLIC]),
        (0, ["two_phase_commit", *SYMBOLIC, "--layers", "--coverage"]),
        (0, ["two_phase_commit", *SYMBOLIC, "--no-layers"]),
        (0, ["two_phase_commit", "--engine", "auto"]),
        (0, [f"{FILE}:Ladder", *SYMBOLIC, "--depth", "2"]),
        (1, [f"{FILE}:Overshoots", *SYMBOLIC]),
        (1, [f"{FILE}:Unreached", *SYMBOLIC]),
        (1, ["two_phase_commit", "--mutant", "CommitsOnMajority", *SYMBOLIC, "--no-layers"]),
        (1, [f"{FILE}:Stuck", "--engine", "auto"]),
        (0, [f"{FILE}:Stuck", *SYMBOLIC, "--no-deadlock"]),
        (1, [f"{FILE}:NotOneByOne", *SYMBOLIC]),
        (2, ["raft", "--engine", "magic"]),
        (2, ["raft", "--layers"]),
        (2, ["raft", "--no-layers", "--engine", "explicit"]),
        (2, ["raft", *SYMBOLIC, "--walks", "3"]),
        (2, ["raft", "--engine", "auto", "--walks", "3"]),
        (2, ["raft", *SYMBOLIC, "--no-layers", "--depth", "3"]),
        (3, ["raft", *SYMBOLIC, "--states", "100"]),
        (3, ["raft", "--nodes", "5", *SYMBOLIC, "--time", "1"]),
        (4, [f"{FILE}:Raises", *SYMBOLIC]),
    ],
)
def test_exit_codes(code: int, args: list[object]) -> None:
    result = dscheck("explore", *args)
    assert result.exit_code == code, result.output


@pytest.mark.parametrize(
    ("args", "advice"),
    [
        (["--layers"], "--layers and --no-layers go with --engine symbolic or auto"),
        ([*SYMBOLIC, "--walks", "3"], "--walks are explicit: leave out --engine symbolic"),
        ([*SYMBOLIC, "--no-layers", "--depth", "3"], "--depth needs layers: leave out --no-layers"),
    ],
)
def test_usage(args: list[str], advice: str) -> None:
    assert advice in dscheck("explore", "raft", *args).output


def test_layers_say_what_an_explicit_search_says() -> None:
    explicit, symbolic = (
        dscheck("explore", "two_phase_commit", "--property", "consistent", *more).output.splitlines()
        for more in ([], [*SYMBOLIC, "--layers"])
    )
    assert [line for line in symbolic if "  cost  " not in line] == [
        line for line in explicit if "  cost  " not in line
    ]
    [cost] = [line for line in symbolic if "  cost  " in line]
    assert "a diagram of " in cost


def test_without_layers_there_is_no_depth() -> None:
    output = dscheck("explore", "two_phase_commit", *SYMBOLIC, "--no-layers").output
    [covered] = [line for line in output.splitlines() if line.startswith("  covered")]
    assert " states" in covered
    assert "deep" not in covered


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    assert dscheck("explore", "two_phase_commit", *SYMBOLIC, "--json", file).exit_code == 0
    data = json.loads(file.read_text("utf-8"))
    assert (data["engine"], data["request"]["engine"], data["race"]) == ("symbolic", "symbolic", "")
    assert data["covered"]["depth"] is None
    assert data["cost"]["nodes"] > 2


def test_a_symbolic_counterexample_replays(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    assert dscheck("explore", f"{FILE}:Overshoots", *SYMBOLIC, "--json", file).exit_code == 1
    replayed = dscheck("replay", file)
    assert "never_above is still broken at its end" in replayed.output


def test_who_was_first() -> None:
    output = dscheck("explore", "two_phase_commit", "--engine", "auto").output
    [engines] = [line for line in output.splitlines() if line.startswith("  engines")]
    assert " was first; " in engines


def test_progress_goes_to_standard_error() -> None:
    args = ("explore", "raft", "--nodes", "5", *SYMBOLIC, "--time", "3")
    assert " nodes" in dscheck(*args, "--progress").stderr
    assert dscheck(*args).stderr == ""


@pytest.mark.parametrize(
    "options", [[*SYMBOLIC, "--layers"], [*SYMBOLIC, "--no-layers"], ["--engine", "auto"]], ids=" ".join
)
def test_ctrl_c(options: list[str]) -> None:
    process = popen("explore", "raft", "--nodes", 5, *options, "--progress")
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=100)
    assert process.returncode == 3
    assert "Raft is undecided: no violation" in output
    assert "then it was interrupted" in output
