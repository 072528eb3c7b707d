"""The promises as people ask for them: names, bounds, presets, warnings, limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dscheck import DscheckError, Verdict
from dscheck.checker.consistency.judgement import Judgement, Limits
from dscheck.checker.consistency.promises import implied
from dscheck.checker.consistency.sessions.check import IMPLICATIONS, PROMISES, canonical, check, knows
from dscheck.checker.consistency.verify import verify
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, History
from sessions.drawing import Asked, one_by_one, sessions


def judged(promise: str, *asked: Asked) -> Judgement:
    return check(one_by_one(asked), [promise])[0]


def write(process: int, value: object, key: str = "x") -> Asked:
    return Asked(process, "write", key, value, None)


def read(process: int, value: object, key: str = "x") -> Asked:
    return Asked(process, "read", key, None, value)


def test_names_with_and_without_bounds_are_known() -> None:
    assert all(map(knows, PROMISES))
    assert knows("bounded-staleness:k=2,t=100ms")
    assert knows("eventual(t=5s)")
    assert knows("ccv")
    assert not knows("serializable")
    assert canonical("bounded-staleness(t=0.1s, k=2)") == "bounded-staleness:k=2,t=100ms"
    assert canonical("cm") == "causal-memory"


@pytest.mark.parametrize(
    "promise",
    [
        "bounded-staleness:k=0",
        "bounded-staleness:t=5",
        "pram:k=2",
        "cosmos-bounded-staleness",
        "a b",
        "strange",
    ],
)
def test_what_is_no_promise_is_refused(promise: str) -> None:
    with pytest.raises(DscheckError):
        check(one_by_one([write(0, 1)]), [promise])


def test_a_lag_of_k_versions_permits_k_plus_one() -> None:
    """Cosmos DB counts by how many versions a read lags; bounded-staleness:k=1 is the newest one."""
    lagging = [write(0, 1), write(0, 2), read(1, 1)]
    assert judged("cosmos-bounded-staleness:k=1", *lagging).verdict is Verdict.HOLDS
    assert judged("bounded-staleness:k=1", *lagging).verdict is Verdict.VIOLATED
    assert judged("cosmos-strong", *lagging).verdict is Verdict.VIOLATED
    assert judged("cosmos-consistent-prefix", *lagging).verdict is Verdict.HOLDS
    assert judged("cosmos-session", *lagging).verdict is Verdict.HOLDS
    assert judged("cosmos-session", write(0, 1), read(0, None)).verdict is Verdict.VIOLATED


def test_compare_and_sets_that_lose_an_update_are_not_called_strong() -> None:
    """Both found 1: linearizability forbids it, and staleness of reads and writes says nothing of it."""
    builder = Builder(hints={"initial": None})
    first, second = (builder.invoke(process, "cas", (None, process), key="x", at=0) for process in (1, 2))
    builder.respond(first, True, at=9)
    builder.respond(second, True, at=9)
    found = check(builder.build(), ["cosmos-strong"])[0]
    assert found.verdict is Verdict.UNDECIDED
    assert "linearizable" in found.covered


def test_convergence_is_judged_by_the_reads_after_the_last_write() -> None:
    agree = [write(0, 1), write(1, 2), read(0, 1), read(1, 1)]
    assert judged("eventual", *agree).verdict is Verdict.HOLDS
    assert judged("cosmos-eventual", *agree).verdict is Verdict.HOLDS
    assert judged("eventual", *agree, read(2, 2)).verdict is Verdict.UNDECIDED
    assert judged("eventual", write(0, 1), write(0, 2), read(1, 1)).verdict is Verdict.UNDECIDED
    assert judged("eventual", read(1, None), write(0, 1)).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize(("ended", "verdict"), [(20, Verdict.UNDECIDED), (1020, Verdict.VIOLATED)])
def test_convergence_within_a_time_can_be_violated(ended: int, verdict: Verdict) -> None:
    builder = Builder(hints={"initial": None})
    builder.respond(builder.invoke(0, "write", 1, key="x", at=0), at=10)
    for process, result in ((1, None), (2, 1)):
        builder.respond(builder.invoke(process, "read", key="x", at=ended), result, at=ended + process)
    found = check(builder.build(), ["eventual:t=1us"])[0]
    assert found.verdict is verdict
    assert len(found.anomalies) == (verdict is Verdict.VIOLATED)


def test_reads_of_what_nobody_wrote() -> None:
    aborted = [Asked(0, "write", "x", 7, None, FAIL), read(1, 7)]
    found = judged("causal-consistency", *aborted)
    assert found.verdict is Verdict.VIOLATED
    assert found.anomalies[0].everyday == "aborted read"
    assert judged("read-your-writes", *aborted).verdict is Verdict.UNDECIDED


def test_writes_that_nobody_saw_and_that_may_not_have_happened_are_left_out() -> None:
    unseen = [Asked(0, "write", "x", 1, None, INFO), read(0, None), read(1, None)]
    for found in check(one_by_one(unseen), [*PROMISES[:9], "bounded-staleness:k=1"]):
        assert found.verdict is Verdict.HOLDS, found
    seen = check(one_by_one([*unseen, read(1, 1), read(1, None)]), ["monotonic-reads"])[0]
    assert seen.verdict is Verdict.VIOLATED


def test_empty_and_read_only_recordings_warn() -> None:
    for history in (one_by_one([]), one_by_one([read(0, None)]), one_by_one([write(0, 1)])):
        for found in check(history):
            assert found.verdict is not Verdict.VIOLATED
            assert found.warnings


def test_what_is_no_register_is_refused() -> None:
    builder = Builder()
    builder.respond(builder.invoke(0, "enqueue", 1))
    with pytest.raises(DscheckError, match="enqueue"):
        check(builder.build(), ["pram"])


def test_no_time_leaves_it_undecided() -> None:
    history = one_by_one([one for n in range(1, 20_000) for one in (write(n % 5, n), read(n % 7, n))])
    for found in check(history, PROMISES[:9], Limits(seconds=0.0)):
        assert found.verdict is not Verdict.VIOLATED
        assert found.verdict is Verdict.HOLDS or found.covered.endswith(
            ("the time was over", "limit of time")
        )


def test_verify_takes_the_promises_by_name() -> None:
    history = one_by_one([write(0, 1), read(0, None)])
    found = verify(history, consistency=["ryw", "bounded-staleness(k=2)", "cosmos-eventual"])
    assert found.verdict is Verdict.VIOLATED
    assert found.judgement("read-your-writes").verdict is Verdict.VIOLATED
    assert found.judgement("bounded-staleness:k=2").verdict is Verdict.HOLDS


@settings(max_examples=60)
@given(st.one_of(sessions(most=12, timed=True), sessions(most=8, timed=True, infos=True, cas=True)))
def test_linearizable_recordings_keep_what_follows(history: History) -> None:
    """And no verdict contradicts an implication between promises."""
    names = [
        name
        for name in {*IMPLICATIONS, *(of for all_ in IMPLICATIONS.values() for of in all_)}
        if knows(name)
    ]
    every = ["linearizable", "sequentially-consistent", *names]
    verdicts = {
        one.promise: one.verdict
        for one in verify(history, model="cas-register", consistency=every).judgements
    }
    for strong in verdicts:
        for weak in implied(strong) & verdicts.keys():
            assert (verdicts[strong], verdicts[weak]) != (Verdict.HOLDS, Verdict.VIOLATED), (strong, weak)
