"""Specifications by name and from files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from dscheck.checker.consistency.datatypes import specification_of
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import SPECIFICATIONS, by_name
from dscheck.histories.history import History
from dscheck.histories.values import NIL, Values

MINE = """
from dscheck.checker.specifications.specification import Specification

class Mine(Specification):
    name = "mine"
    functions = ("poke",)
    def __init__(self, start=0):
        self.start = start
    def initial(self):
        return self.start
    def step(self, state, asked):
        return state + 1
"""


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_by_name(name: str) -> None:
    assert type(by_name(name)) is SPECIFICATIONS[name]


def test_options() -> None:
    assert by_name("register:initial=0").initial() == 0
    assert by_name("kv:initial='a'").initial() == "a"
    assert by_name("register", initial=1).initial() == 1


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("quue", "Did you mean queue"),
        ("abracadabra", "There are register, cas-register"),
        ("register:size=3", "does not take the options 'size=3'"),
        ("register:)", "name=value"),
        ("./nowhere.py", "there is no file"),
    ],
)
def test_what_does_not_exist_is_told(reference: str, message: str) -> None:
    with pytest.raises(DscheckError, match=message):
        by_name(reference)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    assert by_name(str(path)).name == "mine"
    assert by_name(f"{path}:Mine:start=3").initial() == 3
    with pytest.raises(DscheckError, match="no specification Other; it has Mine"):
        by_name(f"{path}:Other")


def test_a_file_that_cannot_be_imported(tmp_path: Path) -> None:
    path = tmp_path / "broken.py"
    path.write_text("1 / 0")
    with pytest.raises(DscheckError, match=r"broken\.py cannot be imported: ZeroDivisionError"):
        by_name(str(path))


@pytest.mark.parametrize("name", ["register", "Register", " register", "REGISTER"])
def test_what_the_recording_says_counts_however_the_name_is_spelled(name: str) -> None:
    history = History(
        process=np.zeros(1, np.int64),
        function=np.zeros(1, np.uint16),
        outcome=np.zeros(1, np.uint8),
        key=np.full(1, NIL),
        argument=np.full(1, NIL),
        result=np.zeros(1, np.int64),
        invoked=np.zeros(1, np.int64),
        returned=np.ones(1, np.int64),
        functions=("read",),
        values=Values(),
        line=np.ones(1, np.int64),
        hints={"initial": 0, "order": "min"},
        name="zero.jsonl",
    )
    assert specification_of(history, name).initial() == 0
    assert specification_of(history, f"{name}:initial=7").initial() == 7, "what is written wins"
    for queue in ("priority-queue", "priority_queue"):
        assert vars(specification_of(history, queue)) == vars(by_name("priority-queue", largest_first=False))
