"""A user's file: which model it is about, and what is said where it has none."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from dscheck import DscheckError, Model
from dscheck.cli.loading import load
from dscheck.models.commit.two_phase_commit import TransactionCommit
from dscheck.models.consensus.raft import Raft

MODEL = """
from __future__ import annotations
from dscheck import Model, Node, action, mutant, var

class Cell(Node):
    other: Cell | None = var(None)

class {name}(Model):
    def setup(self) -> None:
        self.make(Cell, 2, "c")

    @action
    def point(self, c: Cell, d: Cell) -> None:
        c.other = d

@mutant(of={name}, breaks="deadlock")
class Wrong({name}): ...
"""


def written(tmp_path: Path, text: str, name: str = "my_own.py") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_the_catalogue() -> None:
    assert load("raft") is Raft
    assert load("two-phase-commit:TransactionCommit") is TransactionCommit


def test_the_only_model_of_a_file_but_for_mutants(tmp_path: Path) -> None:
    model = load(str(written(tmp_path, MODEL.format(name="Anything"))))
    assert model.__name__ == "Anything"
    assert model().layout.nodes


def test_the_model_that_is_named_like_the_file(tmp_path: Path) -> None:
    text = MODEL.format(name="MyOwn") + "class Other(MyOwn): ...\n"
    assert load(str(written(tmp_path, text))).__name__ == "MyOwn"


def test_the_model_that_is_asked_for(tmp_path: Path) -> None:
    assert load(f"{written(tmp_path, MODEL.format(name='A'))}:Wrong").__name__ == "Wrong"


def test_a_file_named_like_a_module_that_is_loaded(tmp_path: Path) -> None:
    assert issubclass(load(str(written(tmp_path, MODEL.format(name="A"), "pathlib.py"))), Model)


def test_a_file_with_a_neighbour(tmp_path: Path) -> None:
    written(tmp_path, MODEL.format(name="Base"), "neighbour_of_mine.py")
    file = written(tmp_path, "from neighbour_of_mine import Base\nclass Mine(Base): ...\n")
    assert load(str(file)).__name__ == "Mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", r"has no model: write `class MyOwn\(Model\): ...` in it"),
        (
            MODEL.format(name="A") + "class B(A): ...\n",
            r"several models, A, B: write .*my_own.py:A for one of them",
        ),
        ("class A(:\n", r"my_own.py, line 1: invalid syntax: class A\(:"),
        ("\nimport no_such_module\n", r"line 2: cannot be imported: ModuleNotFoundError: .*no_such_module"),
        ("1 / 0\n", r"line 1: cannot be imported: ZeroDivisionError"),
        ("raise SystemExit(3)\n", r"line 1: it exits while it is imported; put that below `if __name__"),
        (MODEL.format(name="A").replace('"deadlock"', '"nothing"'), r"line \d+: .*nothing"),
    ],
)
def test_files_at_fault(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DscheckError, match=message):
        load(str(written(tmp_path, text)))


def test_no_such_file_or_class(tmp_path: Path) -> None:
    with pytest.raises(DscheckError, match=r"there is no file nowhere\.py"):
        load("nowhere.py")
    with pytest.raises(DscheckError, match="has no model C; it has A, Wrong"):
        load(f"{written(tmp_path, MODEL.format(name='A'))}:C")


def test_no_such_model_in_the_catalogue() -> None:
    with pytest.raises(click.BadParameter, match=r"Did you mean raft\?  For a file, write ./rafft.py"):
        load("rafft")
