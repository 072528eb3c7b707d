"""The oracle itself against the textbook: which levels the well-known anomalies keep and break."""

from __future__ import annotations

import pytest

from brute.isolation import LEVELS, NAMES, kept
from dscheck.histories.history import History
from isolation.textbook import one_by_one, overlapping

WEAK = {"read-uncommitted", "read-committed"}
ATOMIC = WEAK | {"monotonic-atomic-view", "read-atomic"}


@pytest.mark.parametrize(
    ("history", "levels"),
    [
        (overlapping(["x1"], ["x=1"]), set(LEVELS)),
        (overlapping(["x1!"], ["x=1"]), {"read-uncommitted"}),
        (overlapping(["x1 x2"], ["x=1"]), {"read-uncommitted"}),
        (overlapping(["x1"], ["x=7"]), set()),
        (overlapping(["x1 y=2"], ["y2 x=1"]), {"read-uncommitted"}),
        (overlapping(["x1 y1"], ["x=1 y="]), WEAK),
        (overlapping(["x1 y1"], ["y= x=1"]), WEAK | {"monotonic-atomic-view"}),
        (overlapping(["x= x1"], ["x= x2"]), ATOMIC | {"causal", "prefix"}),
        (
            overlapping(["x1"], ["y1"], ["x=1 y="], ["x= y=1"]),
            ATOMIC | {"causal", "parallel-snapshot"},
        ),
        (overlapping(["x= y= x1"], ["x= y= y1"]), set(LEVELS) - {"serializable", "repeatable-read"}),
        (overlapping(["x1", "x="], ["y1"]), set(LEVELS) - {"causal", "prefix", "parallel-snapshot"}),
        (overlapping(["x1"], ["x=1 y1"], ["y=1 x="]), ATOMIC),
        (overlapping(["x1?"], ["x=1"]), set(LEVELS)),
        (overlapping(["x+1"], ["x+2"], ["x=[1,2]"], ["x=[2,1]"]), set()),
        (overlapping(["x+1 y+1"], ["x+2 y+2"], ["x=[1,2] y=[2,1]"]), set()),
    ],
)
def test_anomalies_break_the_levels_that_the_literature_says(history: History, levels: set[str]) -> None:
    assert kept(history) & set(LEVELS) == levels


def test_a_stale_read_breaks_only_the_strong_levels() -> None:
    assert set(NAMES) - kept(one_by_one((0, "x1"), (1, "x2"), (2, "x=1"))) == {
        f"strong-{level}" for level in LEVELS[3:]
    }


def test_forgetting_the_own_write_breaks_only_the_session_levels() -> None:
    broken = set(NAMES) - kept(overlapping(["x1", "x="]))
    strong = {f"{v}{level}" for v in ("strong-session-", "strong-") for level in LEVELS[3:]} & set(NAMES)
    assert broken == strong | {"causal", "prefix", "parallel-snapshot"}
