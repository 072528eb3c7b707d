"""Traces as diagrams: every step and message is there once, and a browser shows what it should."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
import pytest

from browser import like, needs_browser, screenshot
from climbing import Greets, Ladder
from dscheck import explore
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.pictures.arrows import Fate, arrows, waiting_at
from dscheck.checker.traces.pictures.dot import dot
from dscheck.checker.traces.pictures.mermaid import mermaid
from dscheck.checker.traces.pictures.page import Story, page
from dscheck.checker.traces.pictures.sequence import MOST, draw
from dscheck.checker.traces.trace import Change, Flight, Step, Trace
from dscheck.models.consensus.raft import ForgetsItsVote

ASK = Flight("Ask(n=1)", "a", "b")
TELL = Flight('Tell(word="<;#>")', "b", "a")

STEPS = (
    Step("ask(a)", name="ask", actor="a", sent=(ASK,), changes=(Change("a.asked", "0", "1"),)),
    Step(f"on_ask(b) {ASK}", "receive", "on_ask", "b", ASK, sent=(TELL,), gone=(ASK,)),
    Step("partition", "fault", "partition", chosen=("{a}",), changes=(Change("splits", "1", "0"),)),
    Step("crash(b)", "fault", "crash", "b", changes=(Change("b.up", "True", "False"),)),
    Step("heal", "fault", "heal"),
    Step(f"lose {TELL}", "fault", "lose", "", TELL, gone=(TELL,), beside=None),
    Step("restart(b)", "fault", "restart", "b", changes=(Change("b.up", "False", "True"),)),
    Step("ask(a)", name="ask", actor="a", sent=(ASK,), beside=(str(ASK),)),
    Step("tick", name="tick"),
)
START = {"splits": "1", "now": "0", "a.asked": "0", "a.up": "True", "b.asked": "0", "b.up": "True"}
TRACE = Trace(START, (), STEPS, nodes=("a", "b", "idle"), budgets=("splits",))
FAILS = Finding("always", "answered", (("who", "a"),))


def test_what_became_of_each_message() -> None:
    told = [(arrow.message, arrow.sent, arrow.arrived, arrow.fate) for arrow in arrows(TRACE)]
    assert told == [
        (ASK, 1, 2, Fate.RECEIVED),
        (TELL, 2, 6, Fate.LOST),
        (ASK, 8, None, Fate.WAITING),
    ]
    assert list(waiting_at(TRACE))[-1] == [str(ASK)]
    assert list(waiting_at(TRACE))[2] == [str(TELL)]


def test_a_message_that_stays_arrives_more_than_once() -> None:
    again = Step(f"on_ask(b) {ASK}", "receive", "on_ask", "b", ASK)
    trace = Trace(START, (), (STEPS[0], again, again), nodes=("a", "b"))
    assert [(arrow.sent, arrow.arrived) for arrow in arrows(trace)] == [(1, 2), (1, 3)]


def test_the_oldest_copy_arrives_first() -> None:
    took = Step(f"on_ask(b) {ASK}", "receive", "on_ask", "b", ASK, gone=(ASK,))
    trace = Trace(START, (), (STEPS[0], STEPS[0], took, took), nodes=("a", "b"))
    assert [(arrow.sent, arrow.arrived) for arrow in arrows(trace)] == [(1, 3), (2, 4)]


def test_the_diagram_has_every_step_and_message_once() -> None:
    svg = draw(TRACE, FAILS)
    assert re.findall(r'data-step="(\d+)"', svg) == [str(number) for number in range(1, 10)]
    assert re.findall(r'class="arrow (\w+)', svg) == ["received", "lost", "waiting"]
    assert re.findall(r'data-node="(\w+)"', svg) == ["a", "b", "model"], "who does nothing has no lane"
    assert svg.count('class="cut"') == 1
    assert svg.count('class="down"') == 1
    assert svg.count("✕ crash") == 1
    assert "answered fails for who = a" in svg
    assert svg.count('class="failed"') == 1
    assert "<;#>" not in svg, "everything is escaped"


def test_the_page_tells_the_state_after_every_step() -> None:
    text = page(Story(title="It <fails>", kind="broken", finding=FAILS, trace=TRACE))
    assert not re.search(r"(src|href)\s*=|@import|url\(\s*['\"]?(http|//)", text), "nothing is fetched"
    assert "It &lt;fails&gt;" in text
    assert "Faults: splits 1 of 1. What is pale, the end does not depend on." in text
    [data] = re.findall(r'<script id="data" type="application/json">(.*?)</script>', text)
    told = json.loads(data)
    assert told["start"] == [
        {"owners": [""], "rows": [["splits", ["1"]], ["now", ["0"]]]},
        {"owners": ["a", "b"], "rows": [["asked", ["0", "0"]], ["up", ["True", "True"]]]},
    ]
    assert told["steps"][0]["changes"] == [["a.asked", "1"]]
    assert told["waiting"][1] == [str(ASK)]


def test_a_long_trace_makes_no_long_page() -> None:
    steps = tuple(
        Step("tick", name="tick", changes=(Change("now", str(n), str(n + 1)),)) for n in range(9_999)
    )
    text = page(Story(title="Long", kind="broken", trace=Trace(START, (), steps)))
    assert f"9,999 steps, the last {MOST} of them drawn" in text
    assert text.count('class="stripe"') == MOST
    assert len(text.encode()) < 2_000_000


def test_a_verdict_without_a_trace_has_a_page() -> None:
    text = explore(Ladder()).to_html()
    assert '<header class="kept"><h1>Ladder holds in all its 5 states</h1>' in text
    assert "<svg" not in text


def test_mermaid() -> None:
    assert mermaid(TRACE, FAILS).splitlines() == [
        "sequenceDiagram",
        "    participant n0 as a",
        "    participant n1 as b",
        "    participant n2 as idle",
        "    Note over n0: 1. ask(a)<br/>a.asked: 0 => 1",
        "    n0->>n1: Ask(n=1)",
        "    Note over n1: 2. on_ask(b)",
        "    Note over n0,n2: 3. partition<br/>splits: 1 => 0",
        "    Note over n1: 4. crash(b)<br/>b.up: True => False",
        "    Note over n0,n2: 5. heal",
        '    n1-xn0: Tell(word="<#59;#35;>")',
        "    Note over n0,n2: 6. lose",
        "    Note over n1: 7. restart(b)<br/>b.up: False => True",
        "    Note over n0: 8. ask(a)",
        "    Note over n0,n2: 9. tick",
        "    n0--)n1: Ask(n=1)",
        "    Note over n0,n2: ✕ answered for who = a",
    ]


def test_dot_says_what_happened_before_what(tmp_path: Path) -> None:
    text = dot(TRACE, FAILS)
    assert "  2 -> 4 -> 7 [color=gray" in text
    assert '1 -> 2 [label="Ask(n=1)"]' in text
    assert '2 -> 6 [label="Tell(word=\\"<;#>\\")", color=red, arrowhead=tee]' in text
    if program := shutil.which("dot"):  # Graphviz itself reads it, where there is one
        done = subprocess.run([program, "-Tsvg"], input=text, capture_output=True, text=True, check=True)
        assert unescape(done.stdout).count('Tell(word="<;#>")') >= 1


def test_a_notebook_shows_the_same_page_in_a_frame() -> None:
    result = explore(Greets(climbers=2))
    [inside] = re.findall(r'srcdoc="([^"]*)"', result._repr_html_())
    assert unescape(inside) == result.to_html()
    assert "on_hello" in result.to_html()


@needs_browser
@pytest.mark.parametrize(
    ("dark", "paper", "blue", "red"),
    [(False, "#fbfbf9", "#2f6fc1", "#c0332b"), (True, "#14171c", "#7fb2f5", "#ff8a80")],
)
def test_a_counterexample_looks_like_one(tmp_path: Path, dark: bool, paper: str, blue: str, red: str) -> None:
    picture = screenshot(explore(ForgetsItsVote()).to_html(), tmp_path, dark=dark, size=(1500, 1250))
    assert like(picture, paper).mean() > 0.03, "the page has its background"
    arrows_drawn = like(picture, blue, 40)[430:1000]
    rows, columns = np.flatnonzero(arrows_drawn.any(axis=1)), np.flatnonzero(arrows_drawn.any(axis=0))
    assert np.ptp(rows) > 300, "messages go down the page"
    assert np.ptp(columns) > 300, "and from lane to lane"
    assert like(picture, red)[700:].sum(axis=1).max() > 600, "a line shows where the promise fails"
    panel = like(picture[330:, 1100:], "#e6e9ee" if dark else "#1d2430", 40)
    assert panel.sum() > 500, "the state after the last step is told beside it"
