"""Timestamped histories: what the engine finds by execution is what the definition says."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.stamps import wrong
from corpus import CORPUS, needs_corpus
from dscheck.checker.consistency.isolation import timestamps
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import INFO, History
from dscheck.histories.reading import read


def draw(rng: Random, *, lists: bool) -> History:
    """A snapshot execution in the order of random stamps, with a mistake now and then."""
    count = rng.randint(2, 6)
    stamps = rng.sample(range(100), 2 * count)
    pairs = [tuple(sorted(stamps[2 * at : 2 * at + 2])) for at in range(count)]
    if rng.random() < 0.6:
        pairs.sort()
    committed: list[tuple[int, str, object]] = []
    build = Builder()
    asked = []
    state: dict[str, dict[int, object]] = {"x": {}, "y": {}}
    for at, (start, commit) in enumerate(pairs):
        micro: list[tuple[str, object, object]] = []
        own: dict[str, object] = {}
        for step in range(rng.randint(1, 3)):
            key = rng.choice("xy")
            if rng.random() < 0.5:
                value = 10 * at + step
                micro.append(("append" if lists else "w", key, value))
                seen = own.get(key, last(state[key], start))
                own[key] = (*(seen or ()), value) if lists else value  # type: ignore[misc]
            else:
                late = start + rng.choice([0] * 8 + [-30, 30])
                micro.append(("r", key, own.get(key, last(state[key], late))))
        for key, value in own.items():
            state[key][commit] = value
        committed.append((commit, "", None))
        asked.append((build.invoke(rng.randrange(3), "txn", micro=micro), (start, commit)))
        if rng.random() < 0.5:
            asked = [*asked[:-1], asked[-1]]
            for operation, pair in asked:
                build.respond(operation, stamps=pair)
            asked = []
    for operation, pair in asked:
        build.respond(operation, stamps=pair)
    return build.build()


def last(versions: dict[int, object], stamp: int) -> object:
    """The version at a stamp."""
    seen = [commit for commit in versions if commit < stamp]
    return versions[max(seen)] if seen else None


@settings(max_examples=400, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans())
def test_rules_are_broken_as_the_definition_says(rng: Random, lists: bool) -> None:
    history = draw(rng, lists=lists)
    for judged in timestamps.judge(history):
        found = {anomaly.name for anomaly in judged.anomalies}
        assert found == wrong(history, judged.promise), [
            history.operation(row) for row in range(len(history))
        ]
        assert judged.verdict is (Verdict.VIOLATED if found else Verdict.HOLDS)


def test_writes_of_unknown_outcome_leave_it_undecided() -> None:
    build = Builder()
    build.respond(build.invoke(0, "txn", micro=[("w", "x", 1)]), outcome=INFO)
    build.respond(build.invoke(1, "txn", micro=[("r", "x", 1)]), stamps=(5, 6))
    (judged,) = timestamps.judge(build.build(), ["timestamped-snapshot-isolation"])
    assert judged.verdict is Verdict.UNDECIDED
    assert "without timestamps" in judged.warnings[0]


def test_a_history_without_timestamps_is_refused() -> None:
    build = Builder()
    build.respond(build.invoke(0, "txn", micro=[("w", "x", 1)]))
    with pytest.raises(DscheckError, match="timestamps"):
        timestamps.judge(build.build())


@needs_corpus
def test_the_list_sample_of_the_corpus_is_judged() -> None:
    history = read(CORPUS / "timekiller" / "examples" / "format-list.json")
    judged = {one.promise: one.verdict for one in timestamps.judge(history)}
    assert judged["strong-session-timestamped-snapshot-isolation"] is Verdict.HOLDS
    assert np.unique(history.process).size > 1
