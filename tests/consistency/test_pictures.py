"""The page of a verdict: self-contained, bounded in size, and good to look at."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from browser import like, needs_browser, screenshot
from dscheck.checker.consistency.judgement import Anomaly, Edge, Judgement, Witness
from dscheck.checker.consistency.pictures.lattice import draw as draw_lattice
from dscheck.checker.consistency.pictures.page import page
from dscheck.checker.consistency.verification import Verification
from dscheck.checker.verdict import Verdict
from dscheck.histories.building import Builder
from dscheck.histories.history import INFO, NEVER, Event, History
from dscheck.histories.values import NIL, Values


def registers(operations: int) -> History:
    """A long recording of writes and reads, one after the other, with a fault in the middle."""
    rows = np.arange(operations)
    return History(
        process=rows % 7,
        function=(rows % 2).astype(np.uint16),
        outcome=np.zeros(operations, np.uint8),
        key=np.full(operations, NIL),
        argument=np.where(rows % 2, NIL, rows),
        result=np.where(rows % 2, rows - 1, NIL),
        invoked=2 * rows,
        returned=2 * rows + 1,
        functions=("write", "read"),
        values=Values(),
        line=rows + 1,
        events=(Event("partition <n1> | n2", operations - 60, operations + 40, "by the nemesis"),),
        name="long.jsonl",
    )


def judged(history: History, witness: Witness) -> Verification:
    """As if the witness had been found."""
    anomaly = Anomaly(name="not linearizable", everyday="stale read", witness=witness)
    judgement = Judgement(
        promise="linearizable",
        verdict=Verdict.VIOLATED,
        covered="everything",
        algorithm="by hand",
        anomalies=(anomaly,),
    )
    return Verification(
        history=history, datatype="register", asked=("linearizable",), judgements=(judgement,)
    )


def stale(operations: int) -> Verification:
    middle = operations // 2
    witness = Witness(
        operations=(middle, middle + 2, middle + 3),
        sentence="a read of <4> began after write 5 had completed",
        order=tuple(range(middle - 9, middle)),
        along=tuple("abcdefghi"),
        states=("5",),
        stuck=(middle + 3,),
    )
    return judged(registers(operations), witness)


def skewed() -> Verification:
    """Two transactions that missed each other's writes."""
    build = Builder(name="txns.edn")
    first = build.invoke("a", "txn", micro=[("r", "x", ()), ("append", "y", 1)])
    second = build.invoke("b", "txn", micro=[("r", "y", ()), ("append", "x", 2)])
    build.respond(first)
    build.respond(second)
    edges = (
        Edge(0, 1, "rw", "T0 read [] of x, which lacks 2, appended by T1", key="x"),
        Edge(1, 0, "rw", "T1 read [] of y, which lacks 1, appended by T0", key="y"),
    )
    return judged(build.build(), Witness(operations=(0, 1), sentence="each missed the other", edges=edges))


def test_nothing_is_fetched_and_nothing_is_unescaped() -> None:
    text = page(stale(200))
    assert not re.search(r"(src|href)\s*=|@import|url\(\s*['\"]?(http|//)", text)
    assert "<4>" not in text
    assert "a read of &lt;4&gt; began" in text
    assert "partition &lt;n1&gt;" in text


def test_a_million_operations_still_fit_a_small_page() -> None:
    text = page(stale(1_000_000))
    assert len(text.encode()) < 200_000
    assert 'class="bar stuck ok"' in text


def test_the_operations_of_the_witness_are_all_there_with_what_was_possible() -> None:
    result = stale(200)
    text = page(result)
    witness = result.judgements[0].anomalies[0].witness
    shown = {int(row) for row in re.findall(r'data-row="(\d+)"', text)}
    assert shown >= {*witness.operations, *witness.order}
    tips = [unescape(tip) for tip in re.findall(r'data-tip="([^"]*)"', text)]
    assert any("state then: i" in tip for tip in tips)
    assert any("possible before it: 5" in tip for tip in tips)


def test_an_operation_of_unknown_outcome_reaches_the_right_end() -> None:
    build = Builder()
    lost = build.invoke("a", "write", 1)
    done = build.invoke("b", "read")
    build.respond(done, 1)
    again = build.invoke("a", "write", 2)
    build.respond(lost, outcome=INFO)
    build.respond(again)
    history = build.build()
    assert history.returned[0] == NEVER
    text = page(judged(history, Witness(operations=(0, 1, 2), sentence="")))
    bars = re.findall(
        r'<g class="bar proof (\w+)"[^>]*><rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', text
    )
    ends = {kind: float(x) + float(width) for kind, x, _, width in bars}
    assert ends["info"] > ends["ok"]
    assert len({y for _, _, y, _ in bars}) == 3, "the open operation has a track of its own"


def test_a_cycle_is_drawn_with_its_sentences() -> None:
    text = page(skewed())
    assert text.count('class="edge rw"') == 2
    assert text.count("<details><summary><b") == 2
    assert "T0 read [] of x, which lacks 2, appended by T1" in text


def test_the_lattice_leads_down_to_what_is_implied() -> None:
    """A level that was not judged does not cut its neighbours apart, and no line is drawn twice."""
    implications = {"a": ("b",), "b": ("c",), "c": ("d",)}
    drawn = draw_lattice({"a": Verdict.VIOLATED, "c": Verdict.HOLDS, "d": Verdict.UNDECIDED}, implications)
    assert drawn.count('class="implies"') == 2
    assert [drawn.count(f'class="level {kind}"') for kind in ("broken", "kept", "unknown")] == [1, 1, 1]


@needs_browser
@pytest.mark.parametrize(
    ("dark", "bad", "paper"), [(False, "#c0332b", "#fbfbf9"), (True, "#ff8a80", "#14171c")]
)
def test_the_violation_is_in_the_middle_of_the_picture(
    tmp_path: Path, dark: bool, bad: str, paper: str
) -> None:
    picture = screenshot(page(stale(100_000)), tmp_path, dark=dark)
    assert like(picture, paper).mean() > 0.2, "the page has its background"
    below_the_words = like(picture, bad)[300:]
    columns = np.flatnonzero(below_the_words.sum(axis=0) >= 2)
    assert len(columns) > 40, "the operation that does not fit is outlined"
    assert 400 < columns.mean() < 800, "and it is in the middle, although the picture is wider than the page"


@needs_browser
def test_a_cycle_looks_like_one(tmp_path: Path) -> None:
    picture = screenshot(page(skewed()), tmp_path)
    boxes = np.flatnonzero(like(picture, "#e6ecf5").sum(axis=0) > 20)
    [gap] = np.flatnonzero(np.diff(boxes) > 60)
    between = like(picture[:, boxes[gap] + 4 : boxes[gap + 1] - 4], "#c0332b", 30)
    rows = np.flatnonzero(between[130:].any(axis=1))
    assert rows.max() - rows.min() > 50, "two arrows, one bent upwards and one bent downwards"
    assert np.diff(rows).max() > 15, "and they lie apart"
