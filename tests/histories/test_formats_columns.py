"""Tables: which column says what, and the three shapes of rows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import History, Operation
from dscheck.histories.reading import read


def table(folder: Path, text: str, name: str = "run.csv", columns: str | None = None) -> History:
    (folder / name).write_text(text, "utf-8")
    return read(folder / name, **({} if columns is None else {"columns": columns}))


def rows(history: History) -> list[Operation]:
    return [history.operation(row) for row in range(len(history))]


def test_an_operation_a_row(tmp_path: Path) -> None:
    history = table(
        tmp_path,
        "client_id,op,key,value,start_ms,end_ms,status\n"
        '1,write,x,5,10,20,ok\n2,read,x,5,15,30,ok\n1,write,x,6,25,,\n3,CAS,y,"[1, 2]",30,31,failed\n',
    )
    assert [of[1:9] for of in rows(history)] == [
        (1, "write", "ok", "x", 5, None, 0, 2),
        (2, "read", "ok", "x", None, 5, 1, 5),
        (1, "write", "info", "x", 6, None, 3, None),
        (3, "cas", "fail", "y", (1, 2), None, 4, 6),
    ]
    assert history.invoke_time is not None
    assert history.invoke_time.tolist() == [10_000_000, 15_000_000, 25_000_000, 30_000_000]
    assert history.line.tolist() == [2, 3, 4, 5]


def test_columns_that_are_told(tmp_path: Path) -> None:
    text = "a,b,c,d\np,read,7,one\n"
    history = table(tmp_path, text, columns="process=a, function=b,result=c ,key=d")
    assert rows(history)[0][1:7] == ("p", "read", "ok", "one", None, 7)
    with pytest.raises(HistoryError, match="no column 'z'; the columns are a, b, c, d"):
        table(tmp_path, text, columns="process=z")
    with pytest.raises(HistoryError, match="no column can be a 'colour'"):
        table(tmp_path, text, columns="colour=a")
    with pytest.raises(HistoryError, match="names no column"):
        table(tmp_path, text, columns="a")
    with pytest.raises(HistoryError, match="no column says what was asked; name the columns"):
        table(tmp_path, text)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_an_event_a_row(tmp_path: Path, separator: str) -> None:
    text = (
        "type,process,f,value,time\n:invoke,0,:write,3,1\ninvoke,1,read,,2\nok,0,write,3,3\nok,1,read,3,4\n"
    )
    text += "invoke,0,write,4,5\nfail,0,write,4,6\ninvoke,1,write,5,7\ninfo,1,write,,8\n"
    history = table(tmp_path, text.replace(",", separator))
    assert [of[1:9] for of in rows(history)] == [
        (0, "write", "ok", None, 3, None, 0, 2),
        (1, "read", "ok", None, None, 3, 1, 3),
        (0, "write", "fail", None, 4, None, 4, 5),
        (1, "write", "info", None, 5, None, 6, None),
    ]


def test_a_micro_operation_a_row(tmp_path: Path) -> None:
    text = "session,txn,op,key,value,status\n0,1,w,x,1,committed\n4,2,r,x,,ok\n0,1,r,y,,committed\n"
    text += "0,3,append,z,1,aborted\n"
    history = table(tmp_path, text)
    assert [(of.process, of.outcome, of.micro) for of in rows(history)] == [
        (0, "ok", (("w", "x", 1), ("r", "y", None))),
        (4, "ok", (("r", "x", None),)),
        (0, "fail", (("append", "z", 1),)),
    ]
    assert not history.ordered_in_time


def test_transactions_as_json(tmp_path: Path) -> None:
    history = table(tmp_path, 'process,micro\n0,"[[""w"", ""x"", 1], [""r"", ""y"", [1, 2]]]"\n')
    assert rows(history)[0].micro == (("w", "x", 1), ("r", "y", (1, 2)))


@pytest.mark.parametrize(
    ("began", "ended", "duration"),
    [
        ("5", "7", 2),
        ("1", "2.5", 1_500_000_000),
        ("1732415887.123456789", "1732415887.123456790", 1),
        ("2026-11-24T02:35:00+01:00", "2026-11-24T01:35:00.000001Z", 1_000),
    ],
)
def test_times(tmp_path: Path, began: str, ended: str, duration: int) -> None:
    """One unit for the whole table: a fraction anywhere makes whole numbers seconds, too."""
    history = table(tmp_path, f"op,start,end\nread,{began},{ended}\n")
    assert history.invoke_time is not None
    assert history.return_time is not None
    assert history.return_time[0] - history.invoke_time[0] == duration


def test_without_times_only_the_order_within_processes_is_known(tmp_path: Path) -> None:
    history = table(tmp_path, "process,op,value\n0,write,1\n1,read,1\n")
    assert not history.ordered_in_time
    assert history.invoke_time is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("process,op\n0,read\n0\n", 3, "1 cells under 2 headers"),
        ("process,op\n0,\n", 2, "what was asked"),
        (
            "process,op,start\n0,read,1\n",
            None,
            "only one has a time: 'start' is invoked, and no .* process, op, st",
        ),
        ("process,op,end\n0,read,1\n", None, "'end' is returned, and no column is invoked"),
        ("process,op,call\n0,read,1\n", None, "'op' and 'call' may both be the function"),
        ("process,op,start,end\n0,read,dawn,dusk\n", 2, "'dawn' is no time: write a number, or a date"),
        ("process,op,start,end\n0,read,2026-13-45,dusk\n", 2, "'2026-13-45' is no time: write"),
        (
            "function,op,start,end\nf,read,1,2\n",
            None,
            "'function' and 'op' may both be the function; say which",
        ),
        ("process,process,op\n1,1,read\n", None, "'process' and 'process' may both be .*; rename one"),
        ("type,event,process\ninvoke,read,0\n", None, "'type' and 'event' may both be the function"),
        ("process,op\n,read\n", 2, "which process it is of"),
        ("process,txn,op,key\n0,,r,2\n", 2, "which transaction it is of"),
        ("process,op,result\n0,cas,true\n1,cas,True\n", None, "several spellings .True, true."),
        ('process,op,result\n0,read,"[1e400]"\n', 2, "does not fit into a 64-bit float"),
        (f"process,op,result\n0,read,[{'9' * 5000}]\n", 2, "an integer of 5,000 digits; 4,000 are the most"),
        ("op,start,end\nread,1,3\nread,5,4\n", 3, "returns before"),
        ("op,start,end\nread,nan,3\n", 2, "nan"),
        ("op,start,end\nread,,3\n", 2, "no time of invocation"),
        ("op,start,end\nread,1e999,3\n", 2, "too large"),
        ("process,op,status\n0,read,maybe\n", 2, "'maybe' is no outcome"),
        ("op,start,end,status\nread,1,,ok\n", 2, "no time of return"),
        ("type,process,op\nok,0,read\n", 2, "has not been asked"),
        ("type,process,op,time\ninvoke,0,read,3\nok,0,read,2\n", 3, "returns before"),
        ("type,process,op\ninvoke,0,read\ninvoke,0,read\n", 3, "still busy"),
        ('process,micro\n0,"[1]"\n', 2, "no list of"),
        ("process,txn,op,key\n0,1,jump,2\n", 2, "no micro-operation"),
        ("process,op\n", None, "no row"),
        ('process,op\n0,"rea\n', 2, "no table"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, text: str, line: int | None, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as error:
        table(tmp_path, text)
    assert error.value.line == line


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    moments = pyarrow.timestamp("us")
    columns = {
        "client": [1, 2],
        "op": ["write", "read"],
        "value": [[1, 2], [1, 2]],
        "start": pyarrow.array([1, 2], moments),
        "end": pyarrow.array([3, None], moments),
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "run.parquet")
    history = read(tmp_path / "run.parquet")
    assert history.format == "parquet"
    assert [of[1:9] for of in rows(history)] == [
        (1, "write", "ok", None, (1, 2), None, 0, 2),
        (2, "read", "info", None, None, None, 1, None),
    ]
    assert history.invoke_time is not None
    assert history.invoke_time.tolist() == [1000, 2000]


def test_damaged_parquet(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "run.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(HistoryError, match="no table that pyarrow can read"):
        read(tmp_path / "run.parquet")


def test_parquet_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "run.parquet").write_bytes(b"PAR1")
    with pytest.raises(HistoryError, match="needs pyarrow; pip install"):
        read(tmp_path / "run.parquet")


SPELLINGS = (
    *("7", "007", "+7", "7.0", "7.00", " 7", "1e400", "2e400", "1e5", "100000.0", "0", "-0", "0.0", "-0.0"),
    *("", "null", "nil", "None", "true", "True", "TRUE", "[1,2]", "[1, 2]", '"7"', '"abc"', "abc", "٣", "3"),
)


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def test_different_cells_are_different_keys(tmp_path: Path) -> None:
    lines = "".join(f"1,write,{cell(key)},1\n" for key in SPELLINGS)
    history = table(tmp_path, f"process,op,key,value\n{lines}")
    assert len(set(history.key.tolist())) == len(SPELLINGS)
    keys = [(type(of.key), of.key) for of in rows(history)]
    assert keys[:4] == [(int, 7), (str, "007"), (str, "+7"), (float, 7.0)]
    assert {(type(None), None), (str, "null"), (bool, True), (str, "True")} <= set(keys)


@pytest.mark.parametrize(
    "header", ["process,op,value", "type,process,op", "process,txn,op,key", "txn,process,op,key"]
)
def test_different_cells_are_different_processes(tmp_path: Path, header: str) -> None:
    spellings = [of for of in SPELLINGS if of]
    row = {"process": "{}", "type": "invoke", "txn": "{}" if header.startswith("txn") else "1"}
    row |= {"op": "w" if "txn" in header else "write", "value": "1", "key": "x"}
    shape = ",".join(row[column] for column in header.split(","))
    lines = "".join(shape.replace("{}", cell(who)) + "\n" for who in spellings)
    history = table(tmp_path, f"{header}\n{lines}")
    assert len(set(history.process.tolist())) == len(history) == len(spellings)


def test_a_value_is_a_number_if_it_is_written_as_one(tmp_path: Path) -> None:
    cells = {"5": 5, "007": "007", "-3": -3, "0.5": 0.5, ".5": ".5", "1e400": "1e400", "true": True, "": None}
    cells |= {"nil": None, "+5": "+5", "5 ": "5 ", "-0": "-0", "[1,2]": (1, 2), '"007"': "007"}
    lines = "".join(f"1,read,{cell(text)}\n" for text in cells)
    history = table(tmp_path, f"process,op,result\n{lines}")
    found = [of.result for of in rows(history)]
    assert [(type(of), of) for of in found] == [(type(of), of) for of in cells.values()]


def test_truth_values_may_be_those_of_a_language(tmp_path: Path) -> None:
    history = table(tmp_path, "process,op,argument,result\n1,add,5,True\n1,contains,5,False\n")
    assert [of.result for of in rows(history)] == [True, False]


def test_blanks_behind_separators_are_no_part_of_cells_if_the_header_has_them(tmp_path: Path) -> None:
    history = table(tmp_path, "process, op, key, value\n1, write, x, 5\n")
    assert rows(history)[0][1:6] == (1, "write", "ok", "x", 5)


def test_columns_that_do_not_count_are_named(tmp_path: Path) -> None:
    said = table(tmp_path, "client,op,value,start,end,color,region\n1,write,5,1,2,red,eu\n").hints["warnings"]
    taken = "client as process, op as function, value as value, start as invoked, end as returned"
    assert said == [f"2 columns do not count: color, region; taken: {taken}"]
    (said, _) = table(tmp_path, "txn,op,key,result\n1,r,x,5\n").hints["warnings"]
    assert said == "1 column does not count: result; taken: txn as transaction, op as function, key as key"
    told = table(tmp_path, "process,client,op,start,end\n1,2,read,1,2\n", columns="process=client")
    assert told.hints["warnings"][0].startswith("1 column does not count: process; taken: client as process")
    assert "warnings" not in table(tmp_path, "client,op,value,start,end\n1,write,5,1,2\n").hints


def test_that_nothing_tells_when_operations_took_place_is_said(tmp_path: Path) -> None:
    nothing = "nothing tells when operations took place"
    assert table(tmp_path, "process,op\n1,read\n").hints["warnings"] == [
        f"{nothing}: only the order of rows within each process counts"
    ]
    assert table(tmp_path, "op,value\nread,1\n").hints["warnings"] == [f"{nothing}, nor who asked for them"]


def test_the_names_of_our_own_lines(tmp_path: Path) -> None:
    history = table(tmp_path, "process,f,argument,call,return\n1,write,5,10,20\n")
    assert history.invoke_time is not None
    assert history.return_time is not None
    assert (history.functions, history.invoke_time[0], history.return_time[0]) == (("write",), 10, 20)
    assert table(tmp_path, "process,call\n1,read\n").functions == ("read",)


def test_a_column_of_values_beside_one_of_results_is_one_of_arguments(tmp_path: Path) -> None:
    history = table(tmp_path, "process,op,value,result\n1,write,5,done\n1,read,,5\n")
    assert [(of.argument, of.result) for of in rows(history)] == [(5, "done"), (None, 5)]
