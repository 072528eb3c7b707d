"""`dscheck convert`."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from command import dscheck
from dscheck.cli import main
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
        (["out.odd"], 2, "tells no format; name one with --to"),
        (["out", "--to", "odd"], 2, "there is no format 'odd'"),
        (["out", "--to", "parquet"], 2, "does not write the format parquet; it writes"),
        (["out", "--to", "dbcop"], 4, "dbcop has no place for anything but transactions"),
        (["out.csv", "--from", "odd"], 2, "Invalid value for '--from': 'odd' is not one of"),
        (
            ["out.csv", "--truncated"],
            2,
            "reading limo has no such option; leave out --truncated: it has none",
        ),
        (["out.csv", "--from", "plume"], 4, "line 1: no event such as r(1,2,3,4)"),
        (["missing/out.csv"], 2, "there is no folder"),
    ],
)
def test_mistakes(log: Path, options: list[str], code: int, says: str) -> None:
    result = dscheck("convert", log, log.parent / options[0], *options[1:])
    assert result.exit_code == code
    assert says in " ".join(result.stderr.split())


def test_what_is_read_is_not_written_over(log: Path) -> None:
    link = log.with_name("link.log")
    link.symlink_to(log)
    hard = log.with_name("hard.log")
    hard.hardlink_to(log)
    for source, target in ((log, log), (log, link), (hard, log), (log.parent, log)):
        result = dscheck("convert", source, target, "--to", "limo")
        assert result.exit_code == 2
        assert f"{target.name} is what is read; write to another file" in " ".join(result.stderr.split())
        assert log.read_text("utf-8") == LOG


def test_standard_input(tmp_path: Path) -> None:
    target = tmp_path / "queue.csv"
    result = CliRunner().invoke(main, ["convert", "-", str(target)], input=LOG)
    assert result.output == f"{target}: 2 operations of stdin (limo)\n"
    result = CliRunner().invoke(main, ["verify", "-"], input="# @object atomic-queue\n[1] return 3\n")
    assert result.exit_code == 4
    assert "standard input, line 2: " in result.stderr


def test_times_that_are_right(tmp_path: Path) -> None:
    file, target = tmp_path / "merged.jsonl", tmp_path / "sorted.jsonl"
    line = '{{"type": "{}", "process": {}, "f": "read", "time": {}}}\n'
    file.write_text(line.format("invoke", 0, 9) + line.format("invoke", 1, 5), "utf-8")
    refused = dscheck("convert", file, target)
    assert "if the times are right, read with --order time; if" in refused.stderr
    assert dscheck("convert", file, target, "--order", "time").exit_code == 0


def test_warnings_of_the_reader_are_shown(tmp_path: Path) -> None:
    table, target = tmp_path / "run.csv", tmp_path / "run.jsonl"
    table.write_text("client,op,value,colour\n7,write,1,red\n", "utf-8")
    shown = [
        "warning: 1 column does not count: colour; taken: client as process, op as function, value as value",
        "warning: nothing tells when operations took place: "
        "only the order of rows within each process counts",
    ]
    for arguments in (["convert", table, target], ["verify", table], ["stats", table]):
        assert dscheck(*arguments).output.splitlines()[:2] == shown
    assert not dscheck("verify", target).output.startswith("warning"), "they are about the table"
