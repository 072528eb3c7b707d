"""Recordings that once were read wrongly, or built without a word."""

from __future__ import annotations

from array import array
from pathlib import Path

import pytest

from dscheck.checker.errors import DscheckError
from dscheck.histories.building import Builder
from dscheck.histories.reading import read
from dscheck.histories.values import SET, Values


@pytest.mark.parametrize(
    ("function", "argument", "result"),
    [("add_and_get", "5", 5), ("zrank", "0", 0), ("acquire", "5", 5), ("zscore", "1", 1), ("mine", "7", 7)],
)
def test_a_result_that_is_the_argument_by_chance_is_a_result(
    function: str, argument: str, result: int, tmp_path: Path
) -> None:
    path = tmp_path / "one.jsonl"
    line = f'{{"process":0,"f":"{function}","argument":{argument},"result":{result},"call":0,"return":1}}'
    path.write_text(line, "utf-8")
    assert read(path).operation(0).result == result


@pytest.mark.parametrize("function", ["write", "add", "enqueue", "push_back", "transfer"])
def test_a_change_that_repeats_its_argument_says_that_it_is_done(function: str, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(
        f'{{"process":0,"f":"{function}","argument":5,"result":5,"call":0,"return":1}}\n', "utf-8"
    )
    assert read(path).operation(0).result is None


def test_a_return_before_its_invocation_is_refused() -> None:
    builder = Builder()
    number = builder.invoke(0, "read", at=5)
    with pytest.raises(DscheckError, match="read returned at 3 and was invoked at 5"):
        builder.respond(number, at=3)


def test_a_set_that_python_cannot_tell_is_refused() -> None:
    values = Values(kinds=array("B", [SET]), offsets=array("q", [0, 2]))
    values.items.extend((1, values.code(True)))
    with pytest.raises(DscheckError, match=r"such as 1, 1\.0 and True"):
        values.value(2**61)
