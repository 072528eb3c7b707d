"""`dscheck convert`."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import dscheck
from dscheck.histories.comparing import losses
from dscheck.histories.reading import read

LOG = "# @object atomic-queue\n[1] call enq(1)\n[2] call deq\n[1] return\n[2] return 1\n"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "queue.log"
    file.write_text(LOG, "utf-8")
    return file


def test_by_the_names_of_the_files(log: Path) -> None:
    table = log.with_suffix(".csv")
    result = dscheck("convert", log, table)
    assert result.exit_code == 0
    assert result.output == f"{table}: 2 operations of queue.log (limo)\n"
    assert table.read_text("utf-8").splitlines() == [
        "process,function,argument,result,outcome,invoked,returned",
        "1,enqueue,1,,ok,0,2",
        "2,dequeue,,1,ok,1,3",
    ]
    assert losses(read(log), read(table)) == []


def test_a_loss_is_refused_and_told_where_it_is_allowed(log: Path) -> None:
    rows = log.with_name("rows")
    result = dscheck("convert", log, rows, "--to", "polylin")
    assert result.exit_code == 4
    assert "polylin would lose the names of the processes; allow it with --lossy" in result.stderr
    assert not rows.exists()
    assert list(log.parent.iterdir()) == [log], "nothing is left behind"
    result = dscheck("convert", log, rows, "--to", "polylin", "--lossy")
    assert result.exit_code == 0
    assert result.output.splitlines()[1] == "lost: the names of the processes"
    assert rows.read_text("utf-8") == "# queue\nenq 1 0 2\ndeq 1 1 3\n"


def test_columns(tmp_path: Path) -> None:
    table = tmp_path / "run.csv"
    table.write_text("a,b,c\n7,push,1\n", "utf-8")
    target = tmp_path / "again.csv"
    result = dscheck(
        "convert", table, target, "--from", "csv", "--columns", "process=a,function=b,argument=c"
    )
    assert result.exit_code == 0
    assert target.read_text("utf-8") == "process,function,argument,outcome\n7,push,1,ok\n"


def test_formats_are_listed() -> None:
    lines = dscheck("convert", "--formats").output.splitlines()
    assert any(line.startswith("dbcop ") and line.endswith("(read and written)") for line in lines)
    assert any(line.startswith("parquet ") and line.endswith("(read)") for line in lines)


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["out.odd"], 4, "tells no format; name one with --to"),
        (["out", "--to", "odd"], 4, "there is no format 'odd'"),
        (["out", "--to", "parquet"], 4, "does not write the format parquet; it writes"),
        (["out", "--to", "dbcop"], 4, "dbcop has no place for anything but transactions"),
        (["out.csv", "--from", "plume"], 4, "line 1: no event such as r(1,2,3,4)"),
        (["missing/out.csv"], 2, "there is no folder"),
    ],
)
def test_mistakes(log: Path, options: list[str], code: int, says: str) -> None:
    result = dscheck("convert", log, log.parent / options[0], *options[1:])
    assert result.exit_code == code
    assert says in " ".join(result.stderr.split())
