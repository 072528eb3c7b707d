"""Recordings that were once judged wrongly; operations with their times."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from dscheck import DscheckError, Verdict
from dscheck.checker.consistency.sessions.check import canonical, check
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, History
from dscheck.histories.reading import read

BOUNDS = ("bounded-staleness", "bounded-staleness:k=1", "bounded-staleness:k=3", "bounded-staleness:t=0ns")
PREFIXES = ("consistent-prefix", "cosmos-bounded-staleness:k=3", "cosmos-consistent-prefix")


@dataclass(frozen=True, slots=True)
class Op:
    """An operation; one that never returned has no end."""

    process: int
    function: str
    argument: object
    result: object
    begin: int
    end: int | None
    key: object = "x"
    outcome: int = OK


def recording(*operations: Op) -> History:
    """With the initial value nil."""
    builder = Builder(hints={"initial": None})
    events = [(op.begin, 0, at) for at, op in enumerate(operations)]
    events += [(op.end, 1, at) for at, op in enumerate(operations) if op.end is not None]
    numbers: dict[int, int] = {}
    for time, returns, at in sorted(events):
        op = operations[at]
        if not returns:
            numbers[at] = builder.invoke(op.process, op.function, op.argument, key=op.key, at=time)
        else:
            builder.respond(numbers[at], op.result, outcome=op.outcome, at=time)
    return builder.build()


def verdicts(history: History, *promises: str) -> dict[str, Verdict]:
    return {judged.promise: judged.verdict for judged in check(history, promises)}


def test_compare_and_sets_in_a_circle_keep_no_bound() -> None:
    history = recording(Op(0, "cas", (1, 2), True, 0, 10), Op(1, "cas", (2, 1), True, 0, 10))
    assert set(verdicts(history, *BOUNDS, *PREFIXES).values()) == {Verdict.VIOLATED}
    assert verdicts(history, "eventual")["eventual"] is Verdict.UNDECIDED


def test_lists_of_which_none_is_a_prefix_of_the_other_keep_no_bound() -> None:
    appends = (Op(0, "append", 1, None, 0, 1), Op(2, "append", 2, None, 0, 1))
    both = recording(*appends, Op(1, "read", None, [1, 2], 4, 5), Op(1, "read", None, [2, 1], 6, 7))
    assert set(verdicts(both, *BOUNDS, *PREFIXES).values()) == {Verdict.VIOLATED}
    apart = recording(*appends, Op(1, "read", None, [1], 4, 5), Op(3, "read", None, [2], 4, 5))
    assert Verdict.HOLDS not in verdicts(apart, *BOUNDS, *PREFIXES, "eventual").values()
    again = recording(*appends, Op(1, "read", None, [1, 2, 1], 4, 5))
    assert Verdict.HOLDS not in verdicts(again, *BOUNDS, *PREFIXES, "eventual").values()


def test_a_search_that_gave_up_does_not_say_that_some_bound_holds() -> None:
    many = (Op(10 + number, "write", 100 + number, None, 0, 100) for number in range(70))
    pending = Op(0, "cas", (1, 2), None, 0, None)
    late = (Op(1, "read", None, 2, 104, 105), Op(2, "write", 1, None, 110, 111))
    assert verdicts(recording(*many, pending, *late), *BOUNDS[:1]) == {BOUNDS[0]: Verdict.UNDECIDED}


def transaction(*told: tuple[str, object, object]) -> History:
    """One transaction, beside another that wrote 9."""
    builder = Builder(hints={"initial": None})
    kind = "append" if any(of == "append" for of, _, _ in told) else "w"
    one = builder.invoke(0, "txn", micro=[(kind, "x", 9)])
    two = builder.invoke(1, "txn", micro=list(told))
    builder.respond(one, micro=[(kind, "x", 9)])
    builder.respond(two, micro=list(told))
    return builder.build()


@pytest.mark.parametrize(
    "told",
    [
        [("w", "x", 1), ("r", "x", None)],
        [("w", "x", 1), ("w", "x", 2), ("r", "x", 1)],
        [("r", "x", 1), ("w", "x", 1)],
        [("append", "x", 1), ("r", "x", [])],
        [("r", "x", [9]), ("append", "x", 1), ("r", "x", [1])],
        [("r", "x", None), ("r", "x", 9), ("r", "x", None)],
    ],
)
def test_a_transaction_that_contradicts_itself_keeps_no_bound(told: list[tuple[str, object, object]]) -> None:
    found = verdicts(transaction(*told), "bounded-staleness:k=1", "bounded-staleness:k=3", *PREFIXES)
    assert Verdict.HOLDS not in found.values()


def test_a_transaction_that_sees_its_own_writes_is_fine() -> None:
    for told in (
        [("r", "x", 9), ("r", "x", 9), ("w", "x", 1), ("r", "x", 1)],
        [("r", "x", [9]), ("append", "x", 1), ("append", "x", 2), ("r", "x", [9, 1, 2])],
        [("append", "x", 1), ("r", "x", [9, 1])],
        [("r", "x", None), ("append", "x", 1), ("r", "x", [1])],
    ):
        found = verdicts(transaction(*told), "bounded-staleness:k=1", "consistent-prefix")
        assert set(found.values()) == {Verdict.HOLDS}


def test_appends_that_no_list_shows_are_in_no_order() -> None:
    shown = (Op(0, "append", 1, None, 0, 1), Op(0, "read", None, [1], 2, 3))
    later = recording(*shown, Op(0, "append", 2, None, 4, 5), Op(1, "append", 3, None, 6, 7))
    appends = (Op(1, "append", 1, None, 1, 3), Op(2, "append", 2, None, 1, 3))
    over = recording(Op(0, "read", None, [1], 2, 3), *appends, Op(0, "append", 3, None, 7, 10))
    for history in (later, over):
        assert set(verdicts(history, *BOUNDS, *PREFIXES).values()) == {Verdict.HOLDS}


def test_an_empty_list_is_the_initial_version_where_nothing_was_appended() -> None:
    empty = Op(1, "read", None, [], 4, 5)
    nothing = Op(0, "read", None, None, 2, 3)
    failed = Op(0, "append", 1, None, 0, 1, outcome=FAIL)
    for history in (recording(empty), recording(nothing, empty), recording(failed, empty)):
        assert set(verdicts(history, *BOUNDS, *PREFIXES, "monotonic-reads").values()) == {Verdict.HOLDS}


def test_writes_that_may_be_later_than_known_leave_convergence_open() -> None:
    writes = (Op(0, "write", 1, None, 0, 5), Op(1, "write", 3, None, 0, 5))
    pending = (Op(3, "write", 2, None, 60, None), Op(4, "write", 2, None, 60, None))
    reads = ((50, 3), (70, 2), (80, 1))
    told = (Op(2, "read", None, value, at, at + 1) for at, value in reads)
    history = recording(*writes, *pending, *told)
    assert verdicts(history, "eventual:t=5ns") == {"eventual:t=5ns": Verdict.UNDECIDED}


def test_a_register_that_holds_a_list_before_the_recording_is_no_list_of_appends() -> None:
    builder = Builder(hints={"initial": [1, 2]})
    builder.respond(builder.invoke(0, "read", None, key="x"), [1, 2])
    assert verdicts(builder.build(), "bounded-staleness:k=1") == {"bounded-staleness:k=1": Verdict.HOLDS}


def test_what_nobody_appended_inside_a_list_is_seen() -> None:
    append, failed = Op(0, "append", 1, None, 2, 3), Op(0, "append", 5, None, 0, 1, outcome=FAIL)
    for operations in (
        (append, Op(1, "read", None, [99, 1], 4, 5)),
        (failed, append, Op(1, "read", None, [5, 1], 4, 5)),
        (append, Op(1, "read", None, [1, 1], 4, 5)),
    ):
        found = {judged.verdict for judged in check(recording(*operations))}
        assert Verdict.HOLDS not in found


def test_a_key_has_one_initial_value() -> None:
    builder = Builder()
    for process, function, argument, result in (
        (0, "read", None, 7),
        (1, "read", None, None),
        (2, "write", None, None),
    ):
        builder.respond(builder.invoke(process, function, argument, key="x"), result)
    assert Verdict.HOLDS not in {judged.verdict for judged in check(builder.build())}


def test_bounds_are_named_exactly() -> None:
    for time in ("123456789ns", "100000001ns", "100ms", "2.5s", "0ns", "1us"):
        assert canonical(f"bounded-staleness:t={time}") == f"bounded-staleness:t={time}"
    hours = canonical("bounded-staleness:t=1234.56789h")
    assert canonical(hours) == hours


@pytest.mark.parametrize(
    "name",
    [
        "bounded-staleness:t=1.5ns",
        "bounded-staleness:k=2,k=3",
        "bounded-staleness:t=99999999h",
        "eventual:k=3",
        "cosmos-eventual:k=3",
    ],
)
def test_bounds_that_mean_nothing_are_refused(name: str) -> None:
    with pytest.raises(DscheckError):
        canonical(name)


STRICT = ("bounded-staleness:k=1", "bounded-staleness:t=0ns", "cosmos-strong")


def test_a_process_keeps_its_order_where_it_goes_on_at_the_instant_of_its_return() -> None:
    write, read = Op(0, "write", 1, None, 0, 5), Op(0, "read", None, None, 5, 6)
    assert set(verdicts(recording(write, read), *STRICT).values()) == {Verdict.VIOLATED}
    other = recording(write, Op(1, "read", None, None, 5, 6))
    assert set(verdicts(other, *STRICT).values()) == {Verdict.HOLDS}
    second, late = Op(0, "write", 2, None, 5, 6), Op(1, "read", None, 1, 10, 11)
    found = check(recording(write, second, late), ["bounded-staleness"])[0].measures
    assert (found["least_t"], found["enough_t"], found["least_k"], found["enough_k"]) == (4, 4, 2, 2)


def test_an_instant_at_which_several_processes_go_on_is_tried_in_every_order() -> None:
    def pairs(*values: object) -> History:
        told = []
        for process, value in enumerate(values):
            told += [
                Op(process, "write", process + 1, None, 0, 5),
                Op(process, "read", None, value, 5, 6),
            ]
        return recording(*told)

    assert set(verdicts(pairs(1, 2), *STRICT).values()) == {Verdict.HOLDS}
    assert set(verdicts(pairs(2, 2), *STRICT).values()) == {Verdict.HOLDS}
    assert set(verdicts(pairs(2, 1), *STRICT).values()) == {Verdict.VIOLATED}


def test_events_in_a_file_are_in_its_order_even_at_one_instant(tmp_path: Path) -> None:
    lines = (
        {"dscheck": 1, "datatype": "register", "initial": None},
        {"type": "invoke", "process": 0, "f": "write", "argument": 1, "time": 0},
        {"type": "ok", "process": 0, "time": 5},
        {"type": "invoke", "process": 1, "f": "read", "time": 5},
        {"type": "ok", "process": 1, "time": 6},
    )
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert set(verdicts(read(file), *STRICT).values()) == {Verdict.VIOLATED}


def txns(*told: tuple[int, list[tuple[str, object, object]], int]) -> History:
    """Transactions one after the other; the outcome last."""
    builder = Builder(hints={"initial": None})
    for process, inside, outcome in told:
        builder.respond(builder.invoke(process, "txn", micro=inside), micro=inside, outcome=outcome)
    return builder.build()


def test_a_transaction_that_timed_out_happened_as_a_whole() -> None:
    both = (0, [("w", "x", 1), ("w", "y", 2)], INFO)
    torn = txns(both, (1, [("r", "x", 1), ("r", "y", None)], OK))
    assert verdicts(torn, "consistent-prefix") == {"consistent-prefix": Verdict.VIOLATED}
    turned = (0, [("w", "y", 2), ("w", "x", 1)], INFO)
    apart = txns(turned, (1, [("r", "x", 1)], OK), (1, [("r", "y", None)], OK))
    causal = ("causal-consistency", "causal-convergence", "causal-memory", "pram")
    assert set(verdicts(apart, *causal).values()) == {Verdict.VIOLATED}
    unseen = txns(both, (1, [("r", "x", None), ("r", "y", None)], OK))
    assert set(verdicts(unseen, "consistent-prefix", *causal).values()) == {Verdict.HOLDS}


def test_a_compare_and_set_that_stayed_pending_knows_what_its_process_had_read() -> None:
    history = recording(
        Op(1, "cas", (None, 1), None, 2, None, outcome=INFO),
        Op(1, "read", None, 1, 5, 5),
        Op(1, "cas", (None, 2), None, 6, None, outcome=INFO),
        Op(1, "cas", (2, 3), True, 11, 12),
    )
    found = check(history, ["monotonic-reads", "pram", "causal-memory"])
    assert {judged.verdict for judged in found} == {Verdict.VIOLATED}


def test_a_session_demands_all_of_its_writes_where_evidence_overrules_their_order() -> None:
    own = (Op(1, "cas", (4, 3), True, 6, 7), Op(1, "write", 4, None, 9, 14), Op(1, "read", None, 4, 16, 17))
    for more in ((), (Op(2, "write", 5, None, 18, 23),)):
        judged = check(recording(*own, *more), ["read-your-writes", "monotonic-writes"])
        assert {one.verdict for one in judged} == {Verdict.VIOLATED}
        for one in judged:
            assert [edge.kind for edge in one.anomalies[0].witness.edges] in ([], ["version", "session"])
            for edge in one.anomalies[0].witness.edges:
                by_cas = "compare-and-set found" in edge.sentence.split("): ")[-1]
                assert by_cas is (edge.kind == "version")


def test_what_no_bound_explains_has_no_bound_that_is_enough() -> None:
    circle = recording(Op(0, "cas", (1, 2), True, 0, 10), Op(1, "cas", (2, 1), True, 0, 10))
    thin = recording(
        Op(0, "write", 1, None, 0, 1), Op(0, "read", None, 7, 2, 3), Op(1, "read", None, 8, 4, 5)
    )
    for history in (circle, thin):
        found = check(history, ["bounded-staleness"])[0]
        assert found.verdict is Verdict.VIOLATED
        assert found.measures["enough_k"] is None
        assert found.measures["enough_t"] is None


def test_what_is_current_by_versions_is_so_by_time() -> None:
    history = recording(
        Op(2, "write", 1, None, 1, 2),
        Op(0, "write", 2, None, 2, 4),
        Op(0, "write", 3, None, 6, None, outcome=INFO),
        Op(1, "read", None, 1, 7, 8),
        Op(0, "read", None, 3, 9, 12),
    )
    assert set(verdicts(history, *STRICT).values()) == {Verdict.HOLDS}


def test_of_two_versions_that_exclude_each_other_none_is_called_the_newer() -> None:
    history = recording(
        Op(0, "write", 1, None, 0, 3),
        Op(1, "write", 2, None, 1, 3),
        Op(0, "read", None, 2, 5, 6),
        Op(1, "read", None, 1, 8, 9),
    )
    for judged in check(history, ["bounded-staleness:k=1", "bounded-staleness:t=0ns"]):
        witness = judged.anomalies[0].witness
        assert "whichever was the newer" in witness.sentence
        assert witness.operations == (0, 1, 2, 3)


def test_a_violation_is_not_told_that_nothing_could_have_been_violated() -> None:
    for judged in check(recording(Op(0, "read", None, 7, 0, 1), Op(1, "read", None, 8, 2, 3))):
        if judged.verdict is Verdict.VIOLATED:
            assert not judged.vacuous
            assert not [text for text in judged.warnings if "could have been violated" in text]


def test_a_view_shows_how_the_session_knew() -> None:
    history = recording(
        Op(0, "write", 1, None, 0, 1),
        Op(0, "write", 5, None, 2, 3, key="y"),
        Op(1, "read", None, 5, 4, 5, key="y"),
        Op(1, "read", None, None, 6, 7),
    )
    for judged in check(history, ["pram", "causal-memory", "causal-consistency"]):
        assert judged.anomalies[0].witness.operations == (0, 1, 2, 3)
        assert [edge.kind for edge in judged.anomalies[0].witness.edges] == ["session", "wr", "session"]
