"""What is measured of recordings, against slow counting."""

from __future__ import annotations

import random
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser import like, needs_browser, screenshot
from dscheck.histories.building import Builder
from dscheck.histories.history import FAIL, INFO, OK, Event, History
from dscheck.histories.statistics.measuring import measure
from dscheck.histories.statistics.page import page
from dscheck.histories.statistics.wording import lines

Row = tuple[int, int, int]
"""When it began, how long it took, outcome."""


def recorded(rows: list[Row], *, keys: int = 3, name: str = "run") -> History:
    into = Builder(name)
    events = sorted(
        (moment, order, number)
        for number, (begin, spent, _) in enumerate(rows)
        for moment, order in ((begin, 0), (begin + spent, 1))
    )
    asked: dict[int, int] = {}
    for moment, order, number in events:
        if order == 0:
            function = ("read", "write")[number % 2]
            asked[number] = into.invoke(number, function, key=f"k{number % keys}", at=moment)
        elif rows[number][2] != INFO:
            into.respond(asked[number], outcome=rows[number][2], at=moment)
    return into.build()


operation = st.tuples(st.integers(0, 50), st.integers(0, 20), st.sampled_from([OK, OK, OK, FAIL, INFO]))


@settings(max_examples=150, deadline=None)
@given(st.lists(operation, min_size=1, max_size=25))
def test_against_slow_counting(rows: list[Row]) -> None:
    found = measure(recorded(rows))
    begin = min(row[0] for row in rows)
    returns = [row[0] + row[1] for row in rows if row[2] != INFO]
    end = max([*returns, *(row[0] for row in rows)])
    assert found.operations == len(rows)
    assert found.concurrency is not None
    assert found.concurrency.unreturned == sum(row[2] == INFO for row in rows)
    ends = [end if outcome == INFO else start + spent for start, spent, outcome in rows]
    open_at = [
        sum(row[0] <= moment <= to for row, to in zip(rows, ends, strict=True))
        for moment in range(begin, end + 1)
    ]
    assert found.concurrency.most == max(open_at), "what touches overlaps"
    if end == begin:
        assert found.span is None
        return
    assert found.span == pytest.approx((end - begin) / 1e9)
    spent = sum(to - row[0] for row, to in zip(rows, ends, strict=True))
    assert found.concurrency.mean == pytest.approx(spent / (end - begin))
    assert found.little is not None
    assert found.little.unexplained == pytest.approx(0, abs=1e-9)
    assert found.over_time is not None
    assert sum(found.over_time.open_mean) / len(found.over_time.ok) == pytest.approx(
        spent / (end - begin), abs=1e-5
    )
    assert max(found.over_time.open_most) == max(open_at)
    assert sum(found.over_time.invoked) == len(rows)
    times = sorted(row[1] for row in rows if row[2] == OK)
    assert sum(found.over_time.ok) == len(times)
    if times:
        assert found.latency is not None
        assert found.latency.p50 == pytest.approx(times[-(-len(times) // 2) - 1] / 1e9)
        assert found.latency.most == pytest.approx(times[-1] / 1e9)
        longest = [value for value in found.over_time.most if value is not None]
        assert max(longest) == found.latency.most
    assert "".join(line.text for line in lines(found))
    ElementTree.fromstring("<x>" + "".join(re.findall(r"<svg.*?</svg>", page(found), re.DOTALL)) + "</x>")


def test_keys() -> None:
    into = Builder()
    for number in range(100):
        asked = into.invoke(0, "read" if number % 2 else "write", key="hot" if number < 70 else number)
        into.respond(asked)
    load = measure(into.build()).load
    assert load is not None
    assert (load.keys, load.operations) == (31, 100)
    assert (load.top[0].key, load.top[0].reads, load.top[0].others) == ("hot", 35, 35)
    slow = sum(abs(a - b) for a in [70] + [1] * 30 for b in [70] + [1] * 30) / (2 * 31 * 100)
    assert load.gini == pytest.approx(slow)


def busy(rows: int = 4000) -> History:
    """A recording with a fault in the middle, during which operations fail and last."""
    chance = random.Random(4)
    found = []
    for number in range(rows):
        begin = number * 1_000_000
        slow = rows // 3 < number < rows // 2
        outcome = chance.choice([OK, FAIL]) if slow else OK
        found.append((begin, chance.randrange(2_000_000, 200_000_000 if slow else 9_000_000), outcome))
    history = recorded(found, name="run with <&> a fault")
    fault = Event("partition <s1>", int(history.invoked[rows // 3]), int(history.invoked[rows // 2]))
    object.__setattr__(history, "events", (fault,))
    return history


def test_the_page_is_self_contained_and_small() -> None:
    drawn = page(measure(busy()))
    assert not re.findall(r"""(?:src|href)=|url\(|@import|https?://""", drawn)
    assert "&lt;&amp;&gt;" in drawn
    assert "<s1>" not in drawn
    assert len(drawn) < 200_000
    assert len(page(measure(busy(8000)))) < 1.2 * len(drawn), "the size does not grow with the recording"


@needs_browser
@pytest.mark.parametrize("dark", [False, True])
def test_the_page_as_a_browser_draws_it(tmp_path: Path, dark: bool) -> None:
    picture = screenshot(page(measure(busy())), tmp_path, dark=dark, size=(1240, 1800))
    paper, one, bad = ("#14171c", "#7fb2f5", "#ff8a80") if dark else ("#fbfbf9", "#2f6fc1", "#c0332b")
    assert like(picture, paper).mean() > 0.08, "the page has its colours"
    assert like(picture, bad)[:1000].sum() > 500, "failures are columns of throughput"
    assert like(picture, one).sum() > 5000, "bars of keys, and lines"
    middle = like(picture, bad)[300:1000, :1100].any(axis=0).nonzero()[0]
    assert 300 < middle.min() < middle.max() < 900, "where the fault was"
