"""The measured staleness against a simulated replica of which the truth is known."""

from __future__ import annotations

import json
from bisect import bisect_left
from math import ceil
from xml.etree import ElementTree

import numpy as np
import pytest

from dscheck import Verdict
from dscheck.checker.consistency.sessions import picture, staleness
from dscheck.checker.consistency.sessions.check import check
from dscheck.checker.consistency.sessions.worlds import Worlds
from dscheck.histories.building import Builder
from sessions.replica import Truth, lagging

CASES = [
    {"operations": 400, "clients": 3, "lag": 0, "seed": 1},
    {"operations": 600, "clients": 4, "lag": 300, "seed": 2},
    {"operations": 600, "clients": 8, "lag": 1000, "seed": 3, "writes": 0.5},
    {"operations": 300, "clients": 2, "lag": 5000, "seed": 4, "spent": 400},
    *(
        {"operations": 60, "clients": 6, "lag": 100, "seed": seed, "spent": 400, "lists": True}
        for seed in range(8)
    ),
]


@pytest.fixture(params=CASES, ids=str)
def truth(request: pytest.FixtureRequest) -> Truth:
    return lagging(**request.param)


def test_each_reads_lag_lies_in_its_bounds(truth: Truth) -> None:
    world = Worlds.of(truth.history)
    row = world.recording.columns["row"]
    reads = np.flatnonzero(truth.history.functions.index("read") == truth.history.function)
    for measure, true in (("versions", truth.versions), ("time", truth.time)):
        access, lower, upper = (np.frombuffer(part, np.int64) for part in world.certain.lags(measure))
        lag = dict(zip(reads.tolist(), true, strict=True))
        assert len(access) == len(lag)
        for at, low, high in zip(row[access].tolist(), lower.tolist(), upper.tolist(), strict=True):
            assert low <= lag[at] <= high, (measure, at)


def test_shares_and_quantiles_lie_in_their_bounds(truth: Truth) -> None:
    judged = check(truth.history, ["bounded-staleness"])[0]
    for measure, true in (("versions", truth.versions), ("time", truth.time)):
        found, ordered = judged.measures["staleness"][measure], sorted(true)
        assert found["reads"] == len(true)
        low, high = found["stale"]["between"]
        assert low <= sum(lag > 0 for lag in true) / len(true) <= high
        assert found["stale"]["confidence"][0] <= low <= high <= found["stale"]["confidence"][1]
        assert found["most"][0] <= ordered[-1] <= found["most"][1]
        for share, quantile in found["quantiles"].items():
            low, high = quantile["between"]
            assert low <= ordered[ceil(float(share) * len(true)) - 1] <= high
        for lag, least, most in found["curve"]:
            assert least - 1e-9 <= 1 - bisect_left(ordered, lag) / len(true) <= most + 1e-9


def test_the_least_bounds_are_no_more_than_what_happened(truth: Truth) -> None:
    """The true execution is one explanation, so the least bounds that explain the recording are at most its
    own."""
    most = max(truth.versions) + 1, max(truth.time)
    names = [f"bounded-staleness:k={most[0]}", f"bounded-staleness:t={most[1]}ns"]
    for judged in check(truth.history, names):
        assert judged.verdict is not Verdict.VIOLATED
        assert judged.measures.get("least_k", 1) <= most[0]
        assert judged.measures.get("least_t", 0) <= most[1]


def test_too_narrow_bounds_are_refuted_with_the_operations_that_show_it() -> None:
    truth = lagging(operations=500, clients=3, lag=4000, seed=5)
    for name in ("bounded-staleness:k=2", "bounded-staleness:t=100ns"):
        judged = check(truth.history, [name])[0]
        assert judged.verdict is Verdict.VIOLATED
        assert 2 <= len(judged.anomalies[0].witness.operations) <= 5
        alone = Builder(hints={"initial": None})
        for row in judged.anomalies[0].witness.operations:
            one = truth.history.operation(row)
            began, ended = int(truth.history.invoke_time[row]), int(truth.history.return_time[row])
            asked = alone.invoke(one.process, one.function, one.argument, key=one.key, at=began)
            alone.respond(asked, one.result, at=ended)
        assert check(alone.build(), [name, "cosmos-strong"])[0].verdict is Verdict.VIOLATED


def test_confidence_holds_for_repeated_recordings() -> None:
    """Of many recordings the interval contains the long-run share of stale reads in nearly all."""
    shape = {"clients": 3, "lag": 400}
    long = lagging(operations=20_000, seed=99, **shape)
    share = sum(lag > 0 for lag in long.versions) / len(long.versions)
    inside = 0
    for seed in range(40):
        found = check(lagging(operations=250, seed=seed, **shape).history, ["bounded-staleness"])[0].measures
        low, high = found["staleness"]["versions"]["stale"]["confidence"]
        inside += low <= share <= high
    assert inside >= 36


def test_lines_pictures_and_json_tell_the_same() -> None:
    truth = lagging(operations=400, clients=3, lag=2000, seed=6)
    judged = check(truth.history, ["bounded-staleness:k=3,t=1us"])[0]
    told = list(staleness.lines(judged.measures))
    assert len(told) == 4
    assert told[0].startswith("stale by versions: ")
    again = json.loads(json.dumps(judged.to_json()))["measures"]
    for measure in ("versions", "time"):
        drawn = picture.draw(judged.measures, measure)
        assert drawn == picture.draw(again, measure)
        ElementTree.fromstring(drawn)
        assert "nan" not in drawn


def test_nothing_read_or_nothing_stale_draws_nothing() -> None:
    builder = Builder()
    builder.respond(builder.invoke(0, "write", 1, key="x", at=0), at=5)
    written = check(builder.build(), ["bounded-staleness"])[0]
    assert list(staleness.lines(written.measures)) == []
    assert picture.draw(written.measures, "versions") == ""
    builder.respond(builder.invoke(0, "read", key="x", at=6), 1, at=9)
    fresh = check(builder.build(), ["bounded-staleness:k=1"])[0]
    assert fresh.verdict is Verdict.HOLDS
    assert picture.draw(fresh.measures, "time") == ""
    assert next(staleness.lines(fresh.measures)).startswith("stale by versions: 0 % of 1 read ")
