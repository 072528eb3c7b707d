"""What a reader of verdicts tripped over once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command import dscheck
from dscheck.checker.consistency.isolation import check as isolation
from dscheck.checker.consistency.judgement import Edge, Witness
from dscheck.checker.consistency.linearizability import check as linearizability
from dscheck.checker.consistency.pictures import cycle, lanes
from dscheck.checker.consistency.pictures.surroundings import shown
from dscheck.checker.consistency.sessions import check as sessions
from dscheck.checker.consistency.sessions.picture import draw
from dscheck.checker.consistency.sessions.staleness import percent
from dscheck.checker.consistency.verify import verify
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.specification import REFUSED, Asked, Specification
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import History


def one_by_one(*steps: tuple[Any, str, Any, Any], **hints: Any) -> History:
    """Operations (process, function, argument, result) on one key, none at the same time as another."""
    build = Builder(hints=hints)
    for process, function, argument, result in steps:
        build.respond(build.invoke(process, function, argument, key="k"), result)
    return build.build()


STALE = (("a", "put", 1, None), ("a", "put", 2, None), ("b", "get", None, 1))


def test_promises_that_time_did_not_reach_have_a_row() -> None:
    unlimited, limited = verify(one_by_one(*STALE)), verify(one_by_one(*STALE), time=0.0)
    names = [judged.promise for judged in unlimited.judgements]
    assert [judged.promise for judged in limited.judgements] == names
    assert {judged.verdict for judged in limited.judgements} == {Verdict.UNDECIDED}
    assert "the time was over" in limited.judgement("pram").covered
    assert set(limited.to_json()["open_broken"]) == set(names) - {"bounded-staleness"}
    assert "strongest kept so far: none; 11 promises are undecided" in str(limited)


def test_a_promise_that_is_not_applicable_has_a_row() -> None:
    grown = one_by_one(("a", "append", "x", None), ("a", "put", "y", None), ("b", "get", None, "x"))
    result = verify(grown)
    assert "not applicable" in result.judgement("causal-memory").covered
    assert "weakest broken so far: linearizable; 10 promises are undecided" in str(result)


def test_ctrl_c_keeps_what_was_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dscheck.checker.consistency.sessions.causality.causality", interrupt)
    result = verify(one_by_one(*STALE))
    assert result.exit_code == 1
    assert result.judgement("monotonic-reads").verdict is Verdict.HOLDS
    assert result.judgement("causal-memory").covered == "nothing; it was interrupted"


def test_ctrl_c_keeps_the_levels_that_were_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    build = Builder()
    for process in (0, 1):
        build.respond(build.invoke(process, "txn", micro=[("w", "x", process)]))
    asked = ["serializable", "read-committed"]
    judge = isolation.without_order

    def interrupted(known: Any, name: str, limits: Any) -> Any:
        if name == "read-committed":
            raise KeyboardInterrupt
        return judge(known, name, limits)

    monkeypatch.setattr(isolation, "without_order", interrupted)
    first, second = isolation.check(build.build(), asked)
    assert first.verdict is Verdict.HOLDS
    assert (second.verdict, second.covered) == (Verdict.UNDECIDED, "nothing; it was interrupted")


def test_key_value_stores_are_judged_as_registers() -> None:
    [judged] = linearizability.check(one_by_one(*STALE))
    assert judged.algorithm == "near-linear algorithm for a kv"
    [anomaly] = judged.anomalies
    assert anomaly.witness.operations == (0, 1, 2)
    assert anomaly.witness.sentence == (
        "`get of key k gave 1` (line 3) found 1 after `put 2 of key k` (line 2) had completed, and nobody "
        "wrote 1 since"
    )


@pytest.mark.parametrize("start", [None, ""])
def test_the_empty_text_says_that_nothing_is_there(start: str | None) -> None:
    absent = one_by_one(("a", "get", None, start), ("a", "put", 1, None), ("b", "get", None, 1))
    assert linearizability.check(absent)[0].verdict is Verdict.HOLDS
    gone = one_by_one(("a", "put", 1, None), ("b", "get", None, start))
    assert linearizability.check(gone)[0].verdict is Verdict.VIOLATED
    put = one_by_one(("a", "put", "", None), ("b", "get", None, ""))
    [judged] = linearizability.check(put)
    assert (judged.verdict, judged.algorithm[:6]) == (Verdict.HOLDS, "search")


def test_a_stale_read_among_repeated_values_needs_no_search() -> None:
    steps = [("a", "put", at % 5, None) for at in range(400)]
    history = one_by_one(*steps, ("a", "put", 7, None), ("a", "put", 8, None), ("b", "get", None, 7))
    [judged] = linearizability.check(history)
    assert judged.anomalies[0].witness.operations == (400, 401, 402)


def test_a_witness_has_all_that_its_sentence_is_about() -> None:
    build = Builder()
    put1, put2 = (build.invoke(process, "write", process) for process in (1, 2))
    for process, value in ((3, 1), (4, 2), (5, 1)):
        build.respond(build.invoke(process, "read"), value)
    build.respond(put1)
    build.respond(put2)
    [judged] = linearizability.check(build.build())
    assert {0, 1} < set(judged.anomalies[0].witness.operations)
    twice = one_by_one(("a", "enqueue", 1, None), ("b", "dequeue", None, 1), ("c", "dequeue", None, 1))
    [judged] = linearizability.check(twice)
    assert judged.anomalies[0].witness.operations == (0, 1, 2)


@pytest.mark.parametrize(
    ("model", "function", "argument", "said"),
    [
        ("cas-register", "cas", 3, "cas needs [old, new], not 3"),
        ("bank", "transfer", 3, "transfer needs a map with from, to and a number amount"),
        ("rate-limiter", "allow", [1, 2, 3], "allow needs [moment, tokens], not [1, 2, 3]"),
        ("sorted-set", "zadd", 3, "zadd needs [member, number], not 3"),
        ("sorted-set", "zrange", "x", 'zrange needs [start, stop], not "x"'),
        ("lock", "release", "x", 'a fencing token is a whole number, and "x" is none'),
        ("counter", "add", "x", 'add needs a number, not "x"'),
        ("kv", "append", 3, "append needs a text, not 3"),
    ],
)
def test_arguments_that_cannot_be_are_faults_of_the_recording(
    tmp_path: Path, model: str, function: str, argument: Any, said: str
) -> None:
    file = tmp_path / "bad.jsonl"
    asked = {"type": "invoke", "process": 1, "f": function, "argument": argument}
    file.write_text(f"{json.dumps(asked)}\n" + '{"type": "ok", "process": 1}\n', "utf-8")
    result = dscheck("verify", file, "--model", model)
    assert result.exit_code == 4
    assert f"bad.jsonl, line 1: {said}" in result.output


class Forgetful(Specification):
    """A step that forgets to return a state."""

    name = "forgetful"
    functions = ("read", "write")

    def initial(self) -> Any:
        return 0

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function == "read":
            return state if asked.returned(state) else REFUSED
        return None


class Absent(Forgetful):
    """None is meant."""

    none_is_a_state = True


def test_a_step_without_a_return_is_no_state() -> None:
    history = one_by_one(("a", "write", 1, None), ("a", "write", 2, None))
    with pytest.raises(DscheckError, match=r"gave None for write\(1\) in the state 0: is a `return` missing"):
        linearizability.check(history, Forgetful())
    assert linearizability.check(history, Absent())[0].verdict is Verdict.HOLDS


def test_what_holds_for_want_of_reads_is_not_the_strongest_kept() -> None:
    history = one_by_one(("a", "write", 1, None), ("b", "write", 2, None))
    [judged] = sessions.check(history, ["causal-memory"])
    assert (judged.verdict, judged.vacuous) == (Verdict.HOLDS, True)
    assert verify(history, consistency=["causal-memory", "pram"]).strongest_kept == ()


def test_transactions_have_one_number() -> None:
    build = Builder()
    build.respond(build.invoke(0, "txn", micro=[("w", "x", 1)]))
    build.respond(build.invoke(1, "txn", micro=[("w", "x", 2)]))
    build.respond(build.invoke(2, "txn", micro=[("r", "x", 1)]))
    judged = isolation.check(build.build(), ["strict-serializable"])[0]
    text = " ".join(edge.sentence for found in judged.anomalies for edge in found.witness.edges)
    assert "T2 (line 3) read key 'x' before T1 (line 2) wrote 2 to it" in text or "T2 (line 3) read 1" in text
    assert not re.search(r"T\d+ (?!\(line|came|->)", text)


def test_what_was_asked_is_in_the_name_of_what_was_found() -> None:
    steps = [("a", "write", at, None) for at in range(20)]
    [judged] = sessions.check(one_by_one(*steps, ("b", "read", None, 2)), ["bounded-staleness:k=2"])
    [anomaly] = judged.anomalies
    assert anomaly.name == "not 2-atomic"
    assert "asked was k=2; the least that may explain the reads is k=18" in anomaly.witness.details


def test_steps_within_a_session_are_one() -> None:
    steps = [("a", "write", 1, None), ("a", "write", 2, None)]
    steps += [("b", "read", None, 2)] + [("b", "write", at, None) for at in range(10, 60)]
    steps += [("c", "read", None, 59), ("c", "read", None, 1)]
    [judged] = sessions.check(one_by_one(*steps), ["causal-consistency"])
    assert judged.verdict is Verdict.VIOLATED
    assert len(judged.anomalies[0].witness.edges) < 8


def test_operations_that_are_far_apart_are_drawn_with_a_gap() -> None:
    history = one_by_one(*[("a", "write", at, None) for at in range(300)])
    drawn = lanes.draw(history, Witness(operations=(0, 1, 299), sentence=""), (0, 1, 299))
    assert re.findall(r"… ([\d,]+) operations …", drawn) == ["297"]
    many = Witness(operations=tuple(range(300)), sentence="")
    rows = shown(history, many)
    assert len(rows) == 60
    assert {0, 299} <= set(rows)


def test_long_circles_are_folded() -> None:
    history = one_by_one(*[("a", "write", at, None) for at in range(90)])
    edges = tuple(Edge(at, (at + 1) % 90, "causal", f"{at} first") for at in range(90))
    drawn = cycle.draw(history, Witness(operations=tuple(range(90)), sentence="", edges=edges))
    assert drawn.count('class="txn') == 12
    assert "… 79 more …" in drawn
    assert drawn.count('class="edge') == 12


def test_shares_have_no_exponent_and_few_reads_no_chart() -> None:
    assert [percent(share) for share in (0.0, 2.52e-07, 0.25, 1.0)] == ["0 %", "0.0000252 %", "25 %", "100 %"]
    curve = [(1, 0.1, 0.2), (5, 0.0, 0.1)]
    assert not draw({"staleness": {"versions": {"reads": 9, "curve": curve}}}, "versions")
    assert draw({"staleness": {"versions": {"reads": 10, "curve": curve}}}, "versions")
