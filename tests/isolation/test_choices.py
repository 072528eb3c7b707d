"""Values that several transactions wrote: each choice of a writer is tried, as the definitions do."""

from __future__ import annotations

from random import Random

from brute.isolation import NAMES, kept
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.judgement import Limits
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History
from isolation.drawing import draw_history
from isolation.textbook import one_by_one, overlapping


def repeats(history: History) -> bool:
    written = [
        (key, value)
        for row in range(len(history))
        for kind, key, value in history.operation(row).micro
        if kind == "w"
    ]
    return len(set(written)) < len(written)


def test_repeated_values_are_judged_as_the_definitions_say() -> None:
    rng = Random(6)
    decided = looked_at = 0
    for _ in range(700):
        history = draw_history(rng, transactions=4, duplicates=True)
        if not repeats(history):
            continue
        looked_at += 1
        right = kept(history)
        for judged in check(history, NAMES):
            decided += judged.verdict is not Verdict.UNDECIDED
            if judged.verdict is not Verdict.UNDECIDED:
                name = "strong-serializable" if judged.promise == "strict-serializable" else judged.promise
                expected = Verdict.HOLDS if name in right else Verdict.VIOLATED
                assert judged.verdict is expected, (judged, history.micro)
    assert looked_at > 100
    assert decided > 0.95 * looked_at * len(NAMES)


def test_three_transactions_of_which_two_wrote_the_same() -> None:
    history = one_by_one((0, "x1"), (1, "x1"), (2, "x=1"))
    judged = {one.promise: one for one in check(history)}
    assert judged["strict-serializable"].verdict is Verdict.HOLDS
    assert "one of 2 choices of who wrote" in judged["strict-serializable"].covered


def test_every_choice_breaks_it() -> None:
    history = overlapping(["x= x1"], ["x= x1"], ["x=1"])
    judged = {one.promise: one for one in check(history)}
    assert judged["snapshot-isolation"].verdict is Verdict.VIOLATED
    [*_, note] = judged["serializable"].anomalies[0].witness.details or ("",)
    assert note == "" or "choices of their writers" in note


def test_too_many_choices_are_undecided_and_say_why() -> None:
    history = one_by_one(*[(at, "x1") for at in range(9)], *[(at, "x=1") for at in range(9)])
    judged = check(history, ["serializable"], Limits())[0]
    assert judged.verdict is Verdict.UNDECIDED
    assert "undecided because 9 reads of 9 gave values that several transactions wrote" in judged.covered
