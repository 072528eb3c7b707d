"""Results for continuous integration: SARIF and JUnit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import climbing
from climbing import Ladder, NotOneByOne, Overshoots, Raises, Stuck, Unreached
from dscheck import Model, explore
from dscheck.checker.search.reports.junit import junit
from dscheck.checker.search.reports.sarif import sarif

FILE = Path(climbing.__file__)
LINES = FILE.read_text("utf-8").splitlines()


def run_of(model: Model, **request: Any) -> dict[str, Any]:
    told = json.loads(sarif(explore(model, **request)))
    assert told["version"] == "2.1.0"
    [run] = told["runs"]
    assert isinstance(run, dict)
    return run


def test_a_finding_is_at_its_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILE.parent)
    run = run_of(Overshoots())
    [found] = run["results"]
    assert (found["ruleId"], found["level"]) == ("never_above", "error")
    [location] = found["locations"]
    place = location["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "climbing.py", "relative to the checkout"
    assert LINES[place["region"]["startLine"]] == "    def never_above(self, c: Climber) -> bool:"
    steps = found["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == ["climb(c1)", "climb(c1)"]
    assert {"never_above", "stays_near", "arrives"} == {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_nothing_found_is_no_result_and_undecided_is_a_warning() -> None:
    assert run_of(Ladder())["results"] == []
    [told] = run_of(Ladder(), states=2)["results"]
    assert (told["ruleId"], told["level"]) == ("undecided", "warning")
    [told] = run_of(Raises())["results"]
    assert told["level"] == "error"
    assert run_of(Raises())["invocations"] == [{"executionSuccessful": False}]


def outcomes_of(model: Model, **request: Any) -> dict[str, str]:
    """What became of each test: passed, failure, error or skipped."""
    suite = ElementTree.fromstring(junit(explore(model, **request)).partition("\n")[2])
    outcomes = {test.get("name", ""): next((part.tag for part in test), "passed") for test in suite}
    assert suite.get("tests") == str(len(outcomes))
    for kind, name in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.get(name) == str(list(outcomes.values()).count(kind))
    return outcomes


def test_a_test_for_each_promise() -> None:
    good = {"stays_near": "passed", "arrives": "passed", "search": "passed"}
    assert outcomes_of(Ladder()) == good
    assert outcomes_of(Overshoots()) == good | {"stays_near": "skipped", "never_above": "failure"}
    assert outcomes_of(Unreached()) == good | {"flies": "failure"}
    assert outcomes_of(Stuck()) == good | {"stays_near": "skipped", "deadlock": "failure"}
    assert outcomes_of(NotOneByOne())["one_by_one"] == "failure"


def test_what_was_not_decided_is_no_success() -> None:
    assert outcomes_of(Ladder(), states=2) == {
        "stays_near": "skipped",
        "arrives": "skipped",
        "search": "error",
    }
    assert outcomes_of(Raises())["search"] == "error"


def test_the_whole_trace_is_told() -> None:
    text = junit(explore(Overshoots()))
    assert "c1.height: 2 =&gt; 4" in text
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>')
