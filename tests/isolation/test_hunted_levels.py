"""Verdicts that were wrong once, and data types against the registers that they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest

from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.isolation.levels import implied
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, OK, History
from isolation.textbook import Micro, overlapping

ITEMS = ("repeatable-read", "read-atomic", "monotonic-atomic-view")
"""Bases that say nothing about predicates."""


def recorded(transactions: Sequence[tuple[int, int, list[Micro]]]) -> History:
    """(process, outcome, micro-operations), each of which overlaps only the next one."""
    build = Builder()
    asked: list[tuple[int, int]] = []
    for process, outcome, micro in transactions:
        asked.append((build.invoke(process, "txn", micro=micro), outcome))
        if len(asked) == 2:
            operation, ending = asked.pop(0)
            build.respond(operation, outcome=ending)
    for operation, ending in asked:
        build.respond(operation, outcome=ending)
    return build.build()


def verdicts(history: History) -> dict[str, Verdict]:
    """By level; none that holds implies one that is violated."""
    found = {judged.promise: judged.verdict for judged in check(history)}
    for name, verdict in found.items():
        if verdict is Verdict.HOLDS:
            assert all(found[weaker] is not Verdict.VIOLATED for weaker in implied(name)), name
    return found


def test_sets_are_judged_as_one_register_per_element() -> None:
    for seed in range(300):
        rng = Random(seed)
        added = {element: rng.randrange(4) for element in range(3)}
        sets: list[tuple[int, int, list[Micro]]] = []
        registers: list[tuple[int, int, list[Micro]]] = []
        for at in range(4):
            seen = frozenset(element for element in range(3) if rng.random() < 0.5)
            mine = [element for element, by in added.items() if by == at]
            head = (at % 2 if rng.random() < 0.5 else at, FAIL if rng.random() < 0.1 else OK)
            sets.append((*head, [*(("add", "s", of) for of in mine), ("r", "s", seen)]))
            reads: list[Micro] = [("r", of, 1 if of in seen else None) for of in range(3)]
            registers.append((*head, [*(("w", of, 1) for of in mine), *reads]))
        assert verdicts(recorded(sets)) == verdicts(recorded(registers)), seed


def test_scans_of_everything_are_judged_as_reads_of_all_keys() -> None:
    for seed in range(300):
        rng = Random(seed)
        scans: list[tuple[int, int, list[Micro]]] = []
        reads: list[tuple[int, int, list[Micro]]] = []
        for at in range(4):
            if at % 2 == 0:
                writes: list[Micro] = [("w", key, at + 1) for key in "xy" if at == 0 or rng.random() < 0.7]
                scans.append((at, OK, writes or [("w", "x", at + 1)]))
                reads.append(scans[-1])
            else:
                known: list[Any] = [
                    [of[2] for step in scans for of in step[2] if of[1] == key] for key in "xy"
                ]
                seen = {key: rng.choice([None, *of]) for key, of in zip("xy", known, strict=True) if of}
                there = {key: value for key, value in seen.items() if value is not None}
                scans.append((rng.randrange(4, 6), OK, [("scan", "*", there)]))
                reads.append((*scans[-1][:2], [("r", key, value) for key, value in seen.items()]))
        as_reads = verdicts(recorded(reads))
        for name, verdict in verdicts(recorded(scans)).items():
            if verdict is not Verdict.UNDECIDED and not name.endswith(ITEMS):
                assert verdict is as_reads[name], (seed, name)


@pytest.mark.parametrize(
    ("sessions", "level"),
    [
        ([["y=[] x=[1] y=[]"], ["x+1 y+1"]], "monotonic-atomic-view"),
        ([["y= x=1 y="], ["x1 y1"]], "monotonic-atomic-view"),
        ([["x2 y1 z="], ["x1 y= z1"]], "parallel-snapshot"),
        ([["x1 y1"], ["x2 y2"], ["x=1 y=2"]], "read-atomic"),
    ],
)
def test_small_violations_are_seen(sessions: list[list[str]], level: str) -> None:
    assert verdicts(overlapping(*sessions))[level] is Verdict.VIOLATED
