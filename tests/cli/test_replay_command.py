"""`dscheck replay`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import climbing
from command import dscheck, popen

FILE = Path(climbing.__file__)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A counterexample for a copy of the models, which may change."""
    (tmp_path / "ladder.py").write_text(FILE.read_text("utf-8"), "utf-8")
    file = tmp_path / "saved.json"
    assert dscheck("explore", f"{tmp_path / 'ladder.py'}:Overshoots", "--json", file).exit_code == 1
    return file


def test_unchanged(saved: Path) -> None:
    result = dscheck("replay", saved)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "The trace still applies, and never_above is still broken at its end"
    assert lines[2] == "  1  climb(c1)"
    assert lines[-1] == "       c.height = 4"


def test_changed(saved: Path) -> None:
    model = saved.with_name("ladder.py")
    model.write_text(model.read_text("utf-8").replace("choose((1, 2))", "1"), "utf-8")
    result = dscheck("replay", saved)
    assert result.exit_code == 3
    lines = result.output.splitlines()
    assert lines[0] == "The trace no longer applies at step 1 of 2"
    assert lines[1] == "  step 1: climb(c1) can no longer choose 2"


def test_moved(saved: Path) -> None:
    saved.with_name("ladder.py").rename(saved.with_name("moved.py"))
    assert dscheck("replay", saved).exit_code == 4
    assert dscheck("replay", saved, "--model", saved.with_name("moved.py")).exit_code == 1
    assert dscheck("replay", saved, "--model", f"{FILE}:Ladder").exit_code == 4


def test_as_a_test(saved: Path) -> None:
    """It fails as long as the model does it, and passes when it no longer does."""
    done = dscheck("replay", saved, "--as-test")
    assert done.exit_code == 0
    assert '        ("climb(c1)", 1),\n' in done.output
    file = saved.with_name("test_ladder.py")
    file.write_text(done.output, "utf-8")
    run = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(file)]
    fails = subprocess.run(run, capture_output=True, text=True, cwd=saved.parent)
    assert fails.returncode == 1, fails.stdout + fails.stderr
    assert "never_above is still broken at its end" in fails.stdout
    model = saved.with_name("ladder.py")
    model.write_text(model.read_text("utf-8").replace("choose((1, 2))", "1"), "utf-8")
    assert subprocess.run(run, capture_output=True, cwd=saved.parent).returncode == 0
    assert dscheck("replay", saved, "--as-test").exit_code == 4, "a test of nothing is no test"


def test_step_by_step(saved: Path) -> None:
    done = popen("replay", saved, "--step", stdin=subprocess.PIPE)
    output, _ = done.communicate("\ns\nwhat\n\n\nb\nb\n")
    assert done.returncode == 1
    lines = output.splitlines()
    assert lines[1:4] == ["  1  climb(c1)", "       chose 2", "       c1.height: 0 => 2"]
    assert set(lines[4:6]) == {"       c1.height   2", "       c1.greeted  {}"}
    assert lines[6].startswith("Enter: next step")
    assert lines[7] == "  2  climb(c1)"
    assert lines.count("The trace still applies, and never_above is still broken at its end") == 1
    assert lines[-1] == "  0  the start"
    assert dscheck("replay", saved, "--step", "--as-test").exit_code == 2


def test_pictures(saved: Path) -> None:
    files = {name: saved.with_suffix(f".{name}") for name in ("html", "mermaid", "dot")}
    options = [part for name, file in files.items() for part in (f"--{name}", file)]
    assert dscheck("replay", saved, *options).exit_code == 1
    assert "<svg" in files["html"].read_text("utf-8")
    assert files["mermaid"].read_text("utf-8").startswith("sequenceDiagram")
    assert files["dot"].read_text("utf-8").startswith("digraph")
    assert dscheck("replay", saved, "--html", saved.parent / "nowhere" / "page.html").exit_code == 2


def test_a_mutant_of_the_catalogue(tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    dscheck("explore", "two_phase_commit", "--mutant", "CommitsOnMajority", "--json", file)
    assert dscheck("replay", file).exit_code == 1
    result = dscheck("replay", file, "--model", "two_phase_commit:TwoPhaseCommit")
    assert result.exit_code == 3
    assert "  step 5: commit(tm1) cannot happen here" in result.output


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"schema": "other/1"}, "its schema is 'other/1'"),
        ({"model": {}}, "it does not say which model it is about"),
        ({"finding": None, "trace": None}, "the saved result has no counterexample"),
        ({"trace": {"start": {}}}, "the saved counterexample is damaged"),
    ],
)
def test_files_that_cannot_be_replayed(saved: Path, change: dict[str, Any], message: str) -> None:
    saved.write_text(json.dumps(json.loads(saved.read_text("utf-8")) | change), "utf-8")
    result = dscheck("replay", saved)
    assert result.exit_code == 4
    assert message in result.output


def test_no_file_and_no_json(tmp_path: Path) -> None:
    assert dscheck("replay", tmp_path / "nothing").exit_code == 4
    (tmp_path / "text").write_text("hello", "utf-8")
    result = dscheck("replay", tmp_path / "text")
    assert result.exit_code == 4
    assert "is not a saved result" in result.output
