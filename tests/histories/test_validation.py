"""What no recording can contain is found in columns, too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from dscheck.histories.building import Builder
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import History
from dscheck.histories.validation import validate
from recordings import histories


@given(history=histories())
def test_what_can_be_recorded_is_valid(history: History) -> None:
    validate(history)


@pytest.fixture
def history() -> History:
    """Two processes that overlap; the second one goes on after an unknown outcome."""
    builder = Builder()
    first = builder.invoke(0, "write", "a", at=10, line=7)
    second = builder.invoke(1, "read", at=11, line=8)
    builder.respond(first, at=12)
    builder.respond(second, outcome=2, at=13)
    third = builder.invoke(1, "txn", at=14, line=9, micro=[("r", "x", None)])
    builder.respond(third, at=14, micro=[("r", "x", (1, 2))])
    return builder.build()


def changed(column: np.ndarray, row: int, value: int) -> np.ndarray:
    column = column.copy()
    column[row] = value
    return column


@pytest.mark.parametrize(
    ("column", "row", "value", "why"),
    [
        ("function", 1, 9, "line 8: function number 9 has no name"),
        ("outcome", 0, 3, "line 7: an outcome 3"),
        ("outcome", 0, 2, "line 7: it returned, and its outcome is info"),
        ("outcome", 1, 0, "line 8: it did not return: the outcome is ok"),
        ("invoked", 2, 0, "line 9: invoked before the operation"),
        ("returned", 0, 0, "line 7: a return without invoke"),
        ("returned", 2, 2, "a return without invoke"),
        ("returned", 0, 4, "line 7: two events at the position 4"),
        ("process", 1, 0, "line 8: two operations at once in process 0: that of line 7"),
        ("return_time", 0, 9, "line 7: time runs backwards: it returned at 9"),
        ("invoke_time", 2, 10, "line 9: time runs backwards in process 1: its line 8 is later"),
        ("argument", 0, 2**61 + 99, "line 7: the argument is .* the code of nothing"),
        ("key", 0, 2**62 + 99, "line 7: the key is .* the code of nothing"),
    ],
)
def test_broken_rules_are_named(history: History, column: str, row: int, value: int, why: str) -> None:
    broken = replace(history, **{column: changed(getattr(history, column), row, value)})
    with pytest.raises(HistoryError, match=why):
        validate(broken)


@pytest.mark.parametrize(
    ("part", "value", "why"),
    [
        ("offsets", [0, 0, 0, 2], "do not fit together"),
        ("offsets", [0, 0, 0], "do not fit together"),
        ("offsets", [0, 1, 0, 1], "line 8: a transaction with less than no"),
        ("kind", [77], "line 9: a micro-operation of the kind 77"),
        ("key", [2**61 + 77], "the code of nothing"),
    ],
)
def test_broken_transactions_are_named(history: History, part: str, value: Any, why: str) -> None:
    assert history.micro is not None
    micro = replace(history.micro, **{part: np.array(value, getattr(history.micro, part).dtype)})
    with pytest.raises(HistoryError, match=why):
        validate(replace(history, micro=micro))


def test_columns_of_different_lengths(history: History) -> None:
    with pytest.raises(HistoryError, match="the column key has 2 rows, not 3"):
        validate(replace(history, key=history.key[:2]))


def test_a_value_that_contains_itself(history: History) -> None:
    history.values.items[0] = 2**61
    with pytest.raises(HistoryError, match="contains itself"):
        validate(history)
