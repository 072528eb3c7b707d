"""Transactions over registers beyond the ideal: repeated values, parts, mutations, the corpus."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import NAMES, kept
from corpus import CORPUS, entries, needs_corpus
from dscheck.checker.consistency.isolation import strong, weak
from dscheck.checker.consistency.isolation.recorded import recorded
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import History
from dscheck.histories.reading import read
from isolation.drawing import draw_history

WEAK = [name for name in NAMES if name.endswith(weak.LEVELS)]
STRONG = [name for name in NAMES if name.endswith(strong.LEVELS)]


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False))
def test_repeated_values_never_lead_to_a_wrong_verdict(rng: Random) -> None:
    history = draw_history(rng, duplicates=True)
    expected = kept(history)
    for judged in [*weak.judge(history, WEAK), *strong.judge(history, STRONG)]:
        if judged.verdict is Verdict.HOLDS:
            assert judged.promise in expected
        if judged.verdict is Verdict.VIOLATED:
            assert judged.promise not in expected


def part_of_a_recording() -> History:
    build = Builder(hints={"partial": True})
    build.respond(build.invoke(0, "txn", micro=[("r", "x", 5), ("w", "x", 6)]))
    return build.build()


def test_values_from_outside_of_a_part_leave_levels_undecided() -> None:
    judged = strong.judge(part_of_a_recording(), ["serializable"])[0]
    assert judged.verdict is Verdict.UNDECIDED
    assert "outside" in judged.warnings[0]


def serial(rng: Random, count: int) -> list[tuple[int, list[tuple[str, object, object]]]]:
    """A serial execution of transactions of four sessions over five keys."""
    state: dict[object, object] = {}
    done = []
    for number in range(count):
        micro: list[tuple[str, object, object]] = []
        for step in range(4):
            key = rng.randrange(5)
            if rng.random() < 0.5:
                state[key] = 10 * number + step
                micro.append(("w", key, state[key]))
            else:
                micro.append(("r", key, state.get(key)))
        done.append((rng.randrange(4), micro))
    return done


def told(done: list[tuple[int, list[tuple[str, object, object]]]]) -> History:
    build = Builder()
    for process, micro in done:
        build.respond(build.invoke(process, "txn", micro=micro))
    return build.build()


@pytest.mark.parametrize("seed", range(5))
def test_serial_executions_keep_every_level_and_stale_reads_break_the_strict_ones(seed: int) -> None:
    rng = Random(seed)
    done = serial(rng, 300)
    history = told(done)
    for judged in [*weak.judge(history, WEAK), *strong.judge(history, STRONG)]:
        assert judged.verdict is Verdict.HOLDS, judged.promise
    values: dict[object, list[object]] = {}
    for _, micro in done:
        for place, (kind, key, value) in enumerate(micro):
            own = any(k == "w" and x == key for k, x, _ in micro[:place])
            if kind == "w":
                values.setdefault(key, []).append(value)
            elif len(values.get(key, ())) > 20 and not own:
                micro[place] = ("r", key, values[key][-20])
                (judged,) = strong.judge(told(done), ["strict-serializable"])
                assert judged.verdict is Verdict.VIOLATED
                assert judged.anomalies[0].witness.minimal
                return


ABORTED_COUNTED_AS_COMMITTED = (
    "roachdb_general_partition_writes/6_40_20_360/hist-00000",
    "roachdb_general_partition_writes/6_60_20_360/hist-00000",
    "roachdb_partition_writes/3_30_20_180/hist-00044",
    "roachdb_partition_writes/6_30_20_360/hist-00021",
)
"""Labelled as violating serializability, which they do only if their failed transactions are taken for
committed ones; without those there is a serial order, and the engine has executed it."""


def labelled() -> list[tuple[str, str]]:
    """(file, verdict) of small histories of transactions over registers."""
    sources = ("veristrong", "polysi", "awdit")
    rows = [
        (row["file"], row["expected_verdict"]) for row in entries() if row["file"].split("/")[0] in sources
    ]
    return [(file, verdict) for file, verdict in rows if file.endswith((".bincode", ".txt"))]


@needs_corpus
def test_labels_of_the_corpus_are_right_but_for_four() -> None:
    looked_at = 0
    for file, verdict in labelled():
        level = verdict.split()[0]
        if level not in ("SER", "SI") or verdict.split()[1] not in ("violated", "satisfied"):
            continue
        promise = {"SER": "strong-session-serializable", "SI": "strong-session-snapshot-isolation"}[level]
        known = recorded(read(CORPUS / file))
        expected = Verdict.VIOLATED if "violated" in verdict.split()[1] else Verdict.HOLDS
        if any(name in file for name in ABORTED_COUNTED_AS_COMMITTED):
            expected = Verdict.HOLDS
        assert strong.judge(known, [promise])[0].verdict is expected, file
        looked_at += 1
    assert looked_at > 100


@needs_corpus
def test_awdits_own_cases_have_the_levels_that_they_are_filed_under() -> None:
    names = {"RC": "monotonic-atomic-view", "RA": "strong-session-read-atomic", "CC": "causal"}
    for file, verdict in labelled():
        if not file.startswith("awdit/"):
            continue
        known = recorded(read(CORPUS / file))
        keeps, _, breaks = verdict.partition(", violates ")
        kept_name = names[keeps.split()[1]]
        assert weak.judge(known, [kept_name])[0].verdict is Verdict.HOLDS, file
        if breaks:
            assert weak.judge(known, [names[breaks.split()[0]]])[0].verdict is Verdict.VIOLATED, file
