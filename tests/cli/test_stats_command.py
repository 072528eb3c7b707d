"""`dscheck stats`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import dscheck

ROWS = """process,function,key,argument,result,outcome,start_ms,end_ms
1,write,x,1,,ok,0,10
2,read,x,,1,ok,5,25
1,write,y,2,,fail,20,30
2,write,x,3,,info,50,
3,read,x,,1,ok,60,100
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "run.csv"
    file.write_text(ROWS, "utf-8")
    return file


def test_what_is_told(table: Path) -> None:
    result = dscheck("stats", table)
    assert result.exit_code == 0
    assert [line.rstrip() for line in result.output.splitlines()] == [
        "run.csv: 5 operations of 3 processes in 100 ms (csv)",
        "         ok  fail  info     mean    p50    p90    p99    max",
        "  write   1     1     1    10 ms  10 ms  10 ms  10 ms  10 ms",
        "  read    2     0     0    30 ms  20 ms  40 ms  40 ms  40 ms",
        "  all     3     1     1  23.3 ms  20 ms  40 ms  40 ms  40 ms",
        "throughput   30 ok per second",
        "concurrency  1.3 open on average, 2 at most, 1 operation never returned",
        "Little's law lambda 50/s * W 20 ms = 1, measured 1.3: the difference of 0.3 is of "
        "operations that never returned, which stay open to the end",
        "load         2 keys, Gini 0.30; the top 2 have 100% of 5 accesses",
        "  x          4  ##############################",
        "  y          1  ########",
    ]


def test_as_json_and_as_a_page(table: Path) -> None:
    file, page = table.with_suffix(".json"), table.with_suffix(".html")
    assert dscheck("stats", table, "--json", file, "--html", page).exit_code == 0
    data = json.loads(file.read_text("utf-8"))
    assert data["operations"] == 5
    assert data["little"]["measured"] == pytest.approx(1.3)
    assert sum(data["over_time"]["ok"]) == 3
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_only_the_order_within_sessions(tmp_path: Path) -> None:
    file = tmp_path / "history.txt"
    file.write_text("w(1,2,0,0)\nr(1,2,1,1)\n", "utf-8")
    lines = dscheck("stats", file, "--format", "plume").output.splitlines()
    assert lines[0] == "history.txt: 2 transactions of 2 processes (plume)"
    assert "time: this format has only the order within each session" in lines


def test_mistakes(table: Path) -> None:
    assert dscheck("stats", table, "--format", "odd").exit_code == 2
    result = dscheck("stats", table, "--format", "limo")
    assert result.exit_code == 4
    assert "line 1" in result.stderr
