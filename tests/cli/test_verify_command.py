"""The verb `verify`: what users type, and what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import dscheck

STALE = """\
{"type": "invoke", "process": "ann", "f": "write", "key": "cart", "argument": 1, "time": 1000}
{"type": "ok", "process": "ann", "time": 5000}
{"type": "invoke", "process": "bob", "f": "write", "key": "cart", "argument": 2, "time": 6000}
{"type": "invoke", "process": "ann", "f": "read", "key": "cart", "time": 7000}
{"type": "ok", "process": "ann", "result": 2, "time": 9000}
{"type": "invoke", "process": "eve", "f": "read", "key": "cart", "time": 10000}
{"type": "ok", "process": "eve", "result": 1, "time": 12000}
{"type": "ok", "process": "bob", "time": 15000}
"""

SKEW = """\
{"process": "a", "f": "txn", "txn": [["r", "x", []], ["append", "y", 1]], "call": 10, "return": 50}
{"process": "b", "f": "txn", "txn": [["r", "y", []], ["append", "x", 2]], "call": 20, "return": 60}
{"process": "c", "f": "txn", "txn": [["r", "x", [2]], ["r", "y", [1]]], "call": 70, "return": 90}
"""


@pytest.fixture
def stale(tmp_path: Path) -> Path:
    file = tmp_path / "stale.jsonl"
    file.write_text(STALE, "utf-8")
    return file


@pytest.fixture
def skew(tmp_path: Path) -> Path:
    file = tmp_path / "skew.jsonl"
    file.write_text(SKEW, "utf-8")
    return file


def test_a_violation_is_told_with_its_operations(stale: Path) -> None:
    result = dscheck("verify", stale)
    assert result.exit_code == 1
    assert result.output.startswith("stale.jsonl is not linearizable\n")
    assert "line 6       eve          read of key cart gave 1" in result.output


def test_a_recording_that_keeps_its_promise(stale: Path) -> None:
    result = dscheck("verify", stale, "--consistency", "read-your-writes")
    assert result.exit_code == 0
    assert "stale.jsonl is read-your-writes" in result.output


def test_all_levels_at_once_then_the_one_that_was_promised(skew: Path) -> None:
    everything = dscheck("verify", skew)
    assert everything.exit_code == 1
    assert "G2-item (write skew)" in everything.output
    assert "strongest kept: " in everything.output
    assert dscheck("verify", skew, "--consistency", "si").exit_code == 0
    assert dscheck("verify", skew, "--consistency", "serializable").exit_code == 1
    assert dscheck("verify", skew, "--consistency", "si", "--consistency", "ser").exit_code == 1


def test_page_and_json_are_written(skew: Path, tmp_path: Path) -> None:
    page, data = tmp_path / "page.html", tmp_path / "data.json"
    assert dscheck("verify", skew, "--html", page, "--json", data).exit_code == 1
    assert page.read_text("utf-8").startswith("<!doctype html>")
    written = json.loads(data.read_text("utf-8"))
    assert written["verdict"] == "violated"
    edges = [
        edge
        for judged in written["judgements"]
        for anomaly in judged["anomalies"]
        for edge in anomaly["witness"]["edges"]
    ]
    assert {edge["kind"] for edge in edges} >= {"rw"}
    assert all(edge["sentence"] for edge in edges)


def test_a_model_of_ones_own(tmp_path: Path, stale: Path) -> None:
    """A specification that forgets: reads may give anything that was ever written."""
    (tmp_path / "sloppy.py").write_text(
        "from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Specification\n"
        "class Sloppy(Specification):\n"
        "    name = 'sloppy'\n"
        "    functions = ('read', 'write')\n"
        "    def initial(self):\n"
        "        return frozenset({None})\n"
        "    def step(self, state, asked):\n"
        "        if asked.function == 'write':\n"
        "            return state | {asked.argument}\n"
        "        return state if asked.result is UNKNOWN or asked.result in state else REFUSED\n",
        "utf-8",
    )
    result = dscheck("verify", stale, "--model", f"{tmp_path / 'sloppy.py'}:Sloppy")
    assert result.exit_code == 0, result.output
    assert "sloppy" in result.output


@pytest.mark.parametrize(
    ("arguments", "complaint", "code"),
    [
        (["--consistency", "serialisable"], "Did you mean serializable?", 2),
        (["--consistency", "serializable"], "is about transactions", 4),
        (["--model", "cas-registre"], "cas-register", 2),
        (["--model", "list-append"], "ask for an isolation level", 4),
        (["--format", "dbcop"], "stale.jsonl", 4),
        (["--columns", "process=a"], "leave out --columns: it has --order, --truncated", 2),
        (["--columns", "process=a,process=b"], "one column for each role", 2),
    ],
)
def test_what_cannot_be_asked(stale: Path, arguments: list[str], complaint: str, code: int) -> None:
    result = dscheck("verify", stale, *arguments)
    assert result.exit_code == code
    assert complaint in result.output


def test_bad_input_names_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text(STALE + '{"type": "ok", "process": "zoe"}\n', "utf-8")
    result = dscheck("verify", file)
    assert result.exit_code == 4
    assert "broken.jsonl, line 9" in result.output
    assert dscheck("verify", tmp_path / "nowhere.jsonl").exit_code in (2, 4)
    empty = tmp_path / "empty.jsonl"
    empty.write_text("", "utf-8")
    assert dscheck("verify", empty).exit_code == 4


def test_order_and_a_line_that_is_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "merged.jsonl"
    file.write_text(
        '{"type": "invoke", "process": 0, "f": "write", "argument": 1, "time": 10}\n'
        '{"type": "ok", "process": 0, "time": 20}\n'
        '{"type": "invoke", "process": 1, "f": "read", "time": 5}\n'
        '{"type": "ok", "process": 1, "result": 1, "time": 30}\n',
        "utf-8",
    )
    refused = dscheck("verify", file)
    assert refused.exit_code == 4
    assert "if the times are right, read with --order time" in refused.output
    assert dscheck("verify", file, "--order", "time").exit_code == 0
    file.write_text(STALE[:-30], "utf-8")
    refused = dscheck("verify", file)
    assert refused.exit_code == 4
    assert "remove that line, or read the file with --truncated" in refused.output
    assert dscheck("verify", file, "--truncated").exit_code == 1


def test_time_that_is_over_is_undecided(tmp_path: Path) -> None:
    """A queue, many clients at once, few values: nobody knows who put what there."""
    lines = [
        json.dumps({"process": p, "f": "enqueue", "argument": p % 2, "call": p, "return": 10_000 + p})
        for p in range(60)
    ]
    lines += [
        json.dumps(
            {"process": 100 + p, "f": "dequeue", "result": p % 2, "call": 50 + p, "return": 20_000 + p}
        )
        for p in range(60)
    ]
    lines.append(json.dumps({"process": 500, "f": "dequeue", "result": 7, "call": 30_000, "return": 30_001}))
    file = tmp_path / "hard.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    result = dscheck("verify", file, "--time", "1s")
    assert result.exit_code in (1, 3), "never holds: 7 was not enqueued"
