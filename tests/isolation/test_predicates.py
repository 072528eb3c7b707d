"""Predicate reads: with versions in a known order or without, the verdicts are the oracle's."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brute.isolation import kept
from dscheck.checker.consistency.isolation.check import check
from dscheck.checker.consistency.isolation.levels import ITEMS, LEVELS, canonical
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, History
from isolation.drawing import Micro, draw_history, interleaved


def all_at_once(*transactions: list[Micro], outcomes: tuple[int, ...] = ()) -> History:
    """Transactions of one session each that overlap; they ended well as a rule."""
    build = Builder()
    asked = [build.invoke(at, "txn", micro=micro) for at, micro in enumerate(transactions)]
    for at, operation in enumerate(asked):
        build.respond(operation, **({"outcome": outcomes[at]} if outcomes else {}))
    return build.build()


def with_scans(rng: Random, micros: list[list[Micro]]) -> tuple[list[list[Micro]], ...]:
    """Some scans of everything put in; the same as reads of every key; and as reads of what was found."""
    keys = sorted({str(key) for micro in micros for kind, key, _ in micro if kind == "w"})
    scanned, whole, items = ([list(micro) for micro in micros] for _ in range(3))
    for at, micro in enumerate(micros):
        if rng.random() < 0.5:
            continue
        place = rng.randint(0, len(micro))
        own = {key: value for kind, key, value in micro[:place] if kind == "w"}
        seen: dict[object, object] = {}
        for key in keys:
            written = [v for other in micros for kind, of, v in other if kind == "w" and of == key]
            seen[key] = own[key] if key in own else rng.choice([None, None, *written])
            if rng.random() < 0.02:
                seen[key] = None
        found = {key: value for key, value in seen.items() if value is not None}
        scanned[at].insert(place, ("scan", "*", found))
        whole[at][place:place] = [("r", key, value) for key, value in seen.items()]
        items[at][place:place] = [("r", key, seen[key]) for key in keys if key in found or key in own]
    return scanned, whole, items


@settings(max_examples=250, deadline=None)
@given(st.randoms(use_true_random=False))
def test_scans_of_everything_get_the_right_verdicts(rng: Random) -> None:
    drawn = draw_history(rng, transactions=4, operations=2)
    rows = [drawn.operation(row) for row in range(len(drawn))]
    micros = [[(kind, key, value) for kind, key, value in row.micro] for row in rows]
    owners, seed = [int(process) for process in drawn.process], rng.random()
    scanned, whole, items = (
        interleaved(Random(seed), owners, variant, list(drawn.outcome)) for variant in with_scans(rng, micros)
    )
    expected = {canonical(name) for name in kept(whole) if LEVELS[canonical(name)].base not in ITEMS}
    expected |= {canonical(name) for name in kept(items) if LEVELS[canonical(name)].base in ITEMS}
    told = {judged.promise: judged.verdict for judged in check(scanned)}
    assert {name for name, verdict in told.items() if verdict is Verdict.HOLDS} == expected
    assert {name for name, verdict in told.items() if verdict is Verdict.VIOLATED} == told.keys() - expected


def test_phantoms_are_found_where_the_order_of_versions_is_not_known() -> None:
    """Two blind writes of c have no order; each order of them contradicts one of the readers."""
    history = all_at_once(
        *([("w", "a", 1)], [("w", "b", 1)], [("w", "c", 1)], [("w", "c", 2)]),
        [("scan", "*", {"a": 1, "c": 1})],
        [("scan", "*", {"b": 1, "c": 2})],
    )
    (serial, repeatable) = check(history, ["serializable", "repeatable-read"])
    assert (serial.verdict, repeatable.verdict) == (Verdict.VIOLATED, Verdict.HOLDS)
    assert {edge.kind for edge in serial.anomalies[0].witness.edges} >= {"wr", "predicate"}
    assert serial.anomalies[0].everyday == "phantom"


def test_a_scan_before_an_own_write_says_what_was_there() -> None:
    """Each looked for all, found nothing, and wrote the same key: one of them had to find the other's."""
    writers: list[list[Micro]] = [[("scan", "*", {}), ("w", "a", value)] for value in (1, 2)]
    told = {judged.promise: judged.verdict for judged in check(all_at_once(*writers))}
    assert told["serializable"] is told["snapshot-isolation"] is Verdict.VIOLATED
    assert told["repeatable-read"] is Verdict.HOLDS


def test_a_scan_after_an_own_write_finds_it() -> None:
    told = check(all_at_once([("w", "a", 1), ("scan", "*", {})]), ["read-committed"])
    assert told[0].anomalies[0].name == "internal"


def test_unknown_matches_leave_only_levels_about_predicates_undecided() -> None:
    history = all_at_once([("scan", "v > 3", {}), ("w", "b", 1)], [("w", "a", 1)], [("w", "a", 2)])
    told = {judged.promise: judged for judged in check(history)}
    assert told["serializable"].verdict is told["causal"].verdict is Verdict.UNDECIDED
    assert "nobody knows whether a predicate matches" in told["serializable"].warnings[0]
    assert told["repeatable-read"].verdict is Verdict.HOLDS


def test_initial_values_are_what_a_scan_may_find() -> None:
    history = all_at_once([("w", "x", 1)], [("r", "x", 0), ("scan", "*", {"x": 0})])
    told = {judged.promise: judged.verdict for judged in check(replace(history, hints={"initial": 0}))}
    assert told["serializable"] is Verdict.HOLDS


@pytest.mark.parametrize("wrong", [[1], "abc", 5, ["x", 1]])
def test_a_scan_gives_a_map(wrong: object) -> None:
    with pytest.raises(DscheckError, match="a map of keys to values was expected"):
        check(all_at_once([("scan", "*", wrong)]))


def test_elements_that_nobody_added_are_found_in_transactions_on_sets() -> None:
    told = check(all_at_once([("add", "s", 1)], [("r", "s", {1, 5})]))
    assert {judged.verdict for judged in told} == {Verdict.VIOLATED}
    assert told[0].anomalies[0].name == "garbage read"
    aborted = all_at_once([("add", "s", 1)], [("r", "s", {1})], outcomes=(FAIL, 0))
    assert check(aborted, ["read-committed"])[0].anomalies[0].name == "G1a"
