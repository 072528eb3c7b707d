"""`dscheck explore`: options, output, exit codes."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import click
import pytest

import climbing
from command import dscheck, popen
from dscheck.checker.rules.system import System
from dscheck.cli.options import number, seconds, size

FILE = Path(climbing.__file__)
HIDDEN = """
from itertools import count
from dscheck import Model, Node, action, require, var

numbers = count()

class Cell(Node):
    x: int = var(0)

class Hidden(Model):
    def setup(self) -> None:
        self.make(Cell, 1, "c")

    @action
    def grow(self, c: Cell) -> None:
        require(c.x < 5)
        c.x += 1 + (next(numbers) > 3)
"""


@pytest.mark.parametrize(
    ("code", "args"),
    [
        (0, ["two_phase_commit"]),
        (0, ["two-phase-commit", "--nodes", "2", "--workers", 1]),
        (0, ["--nodes=2", "two_phase_commit:TransactionCommit"]),
        (0, [f"{FILE}:Ladder", "--climbers", "2", "--depth", "3"]),
        (1, [f"{FILE}:Overshoots"]),
        (1, [f"{FILE}:Unreached"]),
        (1, ["two_phase_commit", "--mutant", "CommitsOnMajority"]),
        (1, [f"{FILE}:Stuck"]),
        (0, [f"{FILE}:Stuck", "--no-deadlock"]),
        (1, [f"{FILE}:Ladder", "--deadlock"]),
        (0, [f"{FILE}:Overshoots", "--property", "stays_near", "--property", "arrives"]),
        (2, []),
        (2, ["raft", "--nodes", "none"]),
        (2, ["raft", "--nodes", "0"]),
        (2, ["raft", "--nonsense"]),
        (2, ["raft", "--time", "5x"]),
        (2, ["raft", "--memory", "0G"]),
        (2, ["raft", "--walks", "2", "--depth", "2"]),
        (2, ["raft", "--property", "nonsense"]),
        (2, ["raft", "--mutant", "Nonsense"]),
        (2, ["nonsense"]),
        (3, ["raft", "--states", "100"]),
        (3, ["raft", "--walks", "3", "--length", "5", "--seed", "7"]),
        (4, [f"{FILE}:Raises"]),
        (4, ["nonsense.py"]),
    ],
)
def test_exit_codes(code: int, args: list[object]) -> None:
    result = dscheck("explore", *args)
    assert result.exit_code == code, result.output


def test_the_verdict_comes_first_then_numbers_then_the_trace() -> None:
    lines = dscheck("explore", f"{FILE}:Overshoots").output.splitlines()
    assert lines[0] == "Overshoots violates never_above for c = c1, after 2 steps"
    assert lines[1] == "  climbers 1, top 3"
    assert lines[3].startswith("  covered   5 states, ")
    assert "  1  climb(c1)" in lines
    assert lines[-3:] == ["     c.height != rung", "       rung = 4", "       c.height = 4"]


def test_help_lists_the_parameters_of_the_model() -> None:
    text = dscheck("explore", "raft", "--help").output
    assert "--nodes N     servers  [default: 3]" in text
    assert "--crashes N  how many times a node may crash  [default: 1]" in text
    assert "--nodes" not in dscheck("explore", "--help").output


def test_a_parameter_that_dscheck_needs_itself(tmp_path: Path) -> None:
    file = tmp_path / "deep.py"
    file.write_text(FILE.read_text("utf-8").replace("top: int", "depth: int"), "utf-8")
    result = dscheck("explore", f"{file}:Ladder")
    assert result.exit_code == 2
    assert "--depth is an option of dscheck: rename the parameter of Ladder" in result.output


def test_every_kind_of_parameter(tmp_path: Path) -> None:
    file = tmp_path / "kinds.py"
    file.write_text(
        "from dscheck import *\n"
        "class Kinds(Model):\n"
        "    how_many: int = param(1, 'a number', least=0, most=5)\n"
        "    slow: bool = param(False, 'or quick')\n"
        "    colour: str = param('red')\n"
        "    @action\n"
        "    def stay(self) -> None: ...\n",
        "utf-8",
    )
    output = dscheck("explore", file, "--how-many", "5", "--slow", "--colour", "blue").output
    assert output.splitlines()[1] == "  how_many 5, slow True, colour blue"
    assert "6 is too large: write 5 or less" in dscheck("explore", file, "--how-many", "6").output


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    assert dscheck("explore", f"{FILE}:Overshoots", "--json", file).exit_code == 1
    assert json.loads(file.read_text("utf-8"))["verdict"] == "violated"
    assert list(tmp_path.iterdir()) == [file]


def test_json_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "result.json"
    file.write_text("precious", "utf-8")
    monkeypatch.setattr(os, "replace", fail)
    result = dscheck("explore", "two_phase_commit", "--json", file)
    assert result.exit_code == 4
    assert f"cannot write {file}: No space left on device" in result.output
    assert [path.read_text("utf-8") for path in tmp_path.iterdir()] == ["precious"]


def test_json_in_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = dscheck("explore", "raft", "--json", tmp_path / "no" / "file")
    assert result.exit_code == 2
    assert "there is no folder" in result.output


@pytest.mark.parametrize("audit", ["sample", "all"])
def test_hidden_state_is_an_error_of_the_model(tmp_path: Path, audit: str) -> None:
    file = tmp_path / "hidden.py"
    file.write_text(HIDDEN, "utf-8")
    result = dscheck("explore", file, "--audit", audit)
    assert result.exit_code == 4
    assert "grow(c1)" in result.output


SETUP = """
from dscheck import Model, Node, action, always, refines, var

class Cell(Node):
    x: int = var(0)

class Spec(Model):
    def setup(self) -> None:
        [][0]

    @action
    def stay(self) -> None: ...

class Broken(Model):
    @action
    def stay(self) -> None: ...

    @refines(lambda self: Spec())
    def spec(self, spec: Spec) -> None: ...
"""


@pytest.mark.parametrize("model", ["Spec", "Broken"])
def test_a_model_that_raises_while_it_is_made(tmp_path: Path, model: str) -> None:
    file = tmp_path / "broken.py"
    file.write_text(SETUP, "utf-8")
    result = dscheck("explore", f"{file}:{model}")
    assert result.exit_code == 4
    assert result.stderr == f"{file}, line 9, in setup: IndexError: list index out of range\n"


RULES = """
from dscheck import Model, Node, action, var

class Cell(Node):
    x: int = var(0)

class Careless(Model):
    def setup(self) -> None:
        self.make(Cell, 1, "c")

    @action
    def count(self, c: Cell) -> None:
        c.y = 1
"""


def test_what_breaks_a_rule_of_the_notation_is_shown_where_it_is(tmp_path: Path) -> None:
    file = tmp_path / "careless.py"
    file.write_text(RULES, "utf-8")
    result = dscheck("explore", file)
    assert result.exit_code == 4
    assert result.stderr.startswith(f"{file}, line 13, in count: c1.y = ...: `y` is not a variable")


def test_colours_only_where_they_are_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    args = ("explore", "two_phase_commit")
    assert "\x1b[" in dscheck(*args, color=True).output
    assert "\x1b[" not in dscheck(*args).output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in dscheck(*args, color=True).output


def test_progress_goes_to_standard_error() -> None:
    result = dscheck("explore", "raft", "--nodes", "5", "--time", "1", "--progress")
    assert " ahead  " in result.stderr
    assert " ahead  " not in result.stdout
    assert " ahead  " not in dscheck("explore", "raft", "--nodes", "5", "--time", "1").stderr


def test_interrupted_by_the_user() -> None:
    process = popen("explore", "raft", "--nodes", "5", "--progress")
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "Raft is undecided: no violation in" in output
    assert "then it was interrupted" in output


def test_the_exit_code_does_not_depend_on_the_reader() -> None:
    with popen("explore", "two_phase_commit", "--nodes", "2") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=60) == 0


def test_a_bug_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(System, "learn", None)
    result = dscheck("explore", "two_phase_commit")
    assert result.exit_code == 70
    assert "This is a bug of dscheck, not of your model." in result.stderr
    assert "TypeError: 'NoneType' object is not callable" in result.stderr


def test_units() -> None:
    assert [seconds(text) for text in ("90", "90s", "5m", "1.5 h")] == [90, 90, 300, 5400]
    assert [size(text) for text in ("2G", "500M", "1.5kib", "10")] == [2 << 30, 500 << 20, 1536, 10]
    assert number()("-3") == -3
    for convert, text in ((seconds, "fast"), (size, "5x"), (number(), "1.5"), (number(least=2), "1")):
        with pytest.raises(click.BadParameter):
            convert(text)


def test_diagrams_need_a_trace_and_a_page_does_not(tmp_path: Path) -> None:
    page, diagram = tmp_path / "page.html", tmp_path / "trace.mmd"
    done = dscheck("explore", "two_phase_commit", "--html", page, "--mermaid", diagram)
    assert done.exit_code == 0
    assert "TwoPhaseCommit holds" in page.read_text("utf-8")
    assert not diagram.exists()
    assert "is not written: there is no trace to draw" in done.output
