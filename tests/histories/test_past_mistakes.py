"""Recordings that once were read wrongly, or built without a word."""

from __future__ import annotations

import io
import os
import sys
from array import array
from pathlib import Path
from threading import Thread

import pytest

from corpus import CORPUS, needs_corpus
from dscheck import Verdict, verify
from dscheck.checker.consistency.datatypes import TRANSACTIONS
from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import ALIASES, SPECIFICATIONS
from dscheck.histories.building import Builder
from dscheck.histories.errors import HistoryError
from dscheck.histories.formats.native_header import DATATYPES
from dscheck.histories.history import History
from dscheck.histories.reading import read
from dscheck.histories.values import SET, Values
from histories.encoding import INITIAL, UNNUMBERED, record

LINE = '{"process":0,"f":"write","argument":1,"call":1,"return":4}\n'
GUARANTEES = ["read-your-writes", "writes-follow-reads", "causal-memory"]


def jsonl(folder: Path, text: str) -> History:
    (folder / "run.jsonl").write_text(text, "utf-8")
    return read(folder / "run.jsonl")


@pytest.mark.parametrize(
    ("function", "argument", "result"),
    [("add_and_get", "5", 5), ("zrank", "0", 0), ("acquire", "5", 5), ("zscore", "1", 1), ("mine", "7", 7)],
)
def test_a_result_that_is_the_argument_by_chance_is_a_result(
    function: str, argument: str, result: int, tmp_path: Path
) -> None:
    path = tmp_path / "one.jsonl"
    line = f'{{"process":0,"f":"{function}","argument":{argument},"result":{result},"call":0,"return":1}}'
    path.write_text(line, "utf-8")
    assert read(path).operation(0).result == result


@pytest.mark.parametrize("function", ["write", "add", "enqueue", "push_back", "transfer"])
def test_a_change_that_repeats_its_argument_says_that_it_is_done(function: str, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(
        f'{{"process":0,"f":"{function}","argument":5,"result":5,"call":0,"return":1}}\n', "utf-8"
    )
    assert read(path).operation(0).result is None


def test_a_return_before_its_invocation_is_refused() -> None:
    builder = Builder()
    number = builder.invoke(0, "read", at=5)
    with pytest.raises(DscheckError, match="read returned at 3 and was invoked at 5"):
        builder.respond(number, at=3)


def test_a_set_that_python_cannot_tell_is_refused() -> None:
    values = Values(kinds=array("B", [SET]), offsets=array("q", [0, 2]))
    values.items.extend((1, values.code(True)))
    with pytest.raises(DscheckError, match=r"such as 1, 1\.0 and True"):
        values.value(2**61)


def hashed(transaction: int, *reads: int) -> bytes:
    """A log that reads hashes of key 7, the last one from elsewhere, and then writes 55 to it."""
    inside = [record("R", UNNUMBERED, UNNUMBERED, 7, of) for of in (*reads, 99)]
    write = record("W", UNNUMBERED, 7, 55)
    return record("S", transaction) + b"".join(inside) + write + record("C", transaction)


@pytest.mark.parametrize("count", [1, 2])
def test_a_hash_that_somebody_outside_may_have_written_proves_nothing(count: int, tmp_path: Path) -> None:
    """Also where nobody inside wrote it twice: a tool may have, in a file that is missing."""
    for number in range(count):
        (tmp_path / f"T{number}.log").write_bytes(hashed(10 + number, 55))
    result = verify(read(tmp_path))
    assert {judged.verdict for judged in result.judgements} == {Verdict.UNDECIDED}
    for judged in verify(read(tmp_path), consistency=GUARANTEES).judgements:
        assert judged.verdict is Verdict.UNDECIDED, judged.promise


def test_in_a_part_with_hashes_a_transaction_still_sees_its_own_writes(tmp_path: Path) -> None:
    own = record("S", 1) + record("W", UNNUMBERED, 7, 55) + record("R", UNNUMBERED, UNNUMBERED, 7, 55)
    own += record("R", UNNUMBERED, UNNUMBERED, 8, 55) + record("R", INITIAL, INITIAL, 9, 0) + record("C", 1)
    (tmp_path / "T1.log").write_bytes(own)
    history = read(tmp_path / "T1.log")
    seen = (("w", 7, 55), ("r", 7, 55), ("r", 8, "hash 55"), ("r", 9, None))
    assert history.operation(0).micro == seen
    assert history.hints["notes"] == {"reads of other files": 1, "reads of hashes": 1}


def test_hashes_of_a_whole_folder_still_tell_their_writers(tmp_path: Path) -> None:
    log = record("S", 1) + record("R", UNNUMBERED, UNNUMBERED, 7, 55) + record("W", UNNUMBERED, 7, 55)
    (tmp_path / "T1.log").write_bytes(log + record("C", 1))
    assert verify(read(tmp_path)).verdict is Verdict.VIOLATED


@needs_corpus
@pytest.mark.parametrize("name", ["T28", "T29", "T34"])
def test_a_log_of_the_corpus_whose_writers_are_missing(name: str) -> None:
    file = CORPUS / f"veristrong/history/fig5/twitter-1k/{name}.log"
    assert verify(read(file)).verdict is Verdict.UNDECIDED
    for judged in verify(read(file), consistency=GUARANTEES).judgements:
        assert judged.verdict is Verdict.UNDECIDED, judged.promise


def test_the_only_value_from_outside_is_not_the_initial_one(tmp_path: Path) -> None:
    """Cobra's keys hold nothing at first: what a part does not write was written elsewhere, at any time."""
    log = record("S", 1) + record("W", 100, 7, 55) + record("C", 1)
    log += record("S", 2) + record("R", 77, 500, 7, 1) + record("C", 2)
    (tmp_path / "T1.log").write_bytes(log)
    for judged in verify(read(tmp_path / "T1.log"), consistency=GUARANTEES).judgements:
        assert judged.verdict is not Verdict.VIOLATED, judged.promise


@pytest.mark.parametrize("process", ["true", "null", "[1]", '{"$bytes":"00"}'])
def test_a_process_is_a_number_or_a_text(process: str, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="line 2: a process is a number or a text, not"):
        jsonl(tmp_path, LINE + LINE.replace('"process":0', f'"process":{process}'))
    for fine in ("7", '"seven"', "7.5", "9" * 30):
        assert len(jsonl(tmp_path, LINE.replace('"process":0', f'"process":{fine}'))) == 1


def test_the_data_types_that_headers_may_name_are_those_that_there_are() -> None:
    assert sorted(DATATYPES) == sorted({*SPECIFICATIONS, *ALIASES, *TRANSACTIONS})


def test_a_data_type_that_nobody_knows_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    said = jsonl(tmp_path, '{"dscheck":1,"datatype":"quue"}\n' + LINE).hints["warnings"]
    unknown = 'the datatype "quue" of the header is none that dscheck knows, and is passed over'
    assert said == [f"{unknown}: did you mean queue?"]
    (said,) = jsonl(tmp_path, '{"dscheck":1,"datatype":"xyz"}\n' + LINE).hints["warnings"]
    assert "it knows register, cas-register" in said
    (said,) = jsonl(tmp_path, '{"dscheck":1,"hints":{"partail":true}}\n' + LINE).hints["warnings"]
    assert said == "the hint 'partail' is passed over: did you mean partial?"
    assert (
        "warnings" not in jsonl(tmp_path, '{"dscheck":1,"datatype":"queue","hints":{"of":1}}\n' + LINE).hints
    )


@pytest.mark.parametrize(
    ("first", "says"),
    [
        ('{"datatype":"queue"}', 'datatype: only a header says that; a header begins with "dscheck": 1'),
        ('{"dscheck":1,"datatpye":"queue"}', "no field 'datatpye'; did you mean datatype"),
        ('{"dscheck":true}', "version true of the format"),
        ('{"dscheck":1,"exact":null}', "exact cannot be null"),
    ],
)
def test_a_header_that_is_misspelt(first: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=says):
        jsonl(tmp_path, f"{first}\n{LINE}")


def event(kind: str, process: int, time: int) -> str:
    return f'{{"type":"{kind}","process":{process},"f":"read","time":{time}}}\n'


def test_no_order_is_advised_where_none_would_do(tmp_path: Path) -> None:
    inside = event("invoke", 0, 5) + event("ok", 0, 4)
    with pytest.raises(HistoryError, match=r"time runs backwards in process 0: 4, and its line 1 has 5$"):
        jsonl(tmp_path, inside)
    later = event("invoke", 1, 9) + event("ok", 1, 10) + inside
    with pytest.raises(HistoryError, match=r"time runs backwards in process 0: 4, and its line 3 has 5$"):
        jsonl(tmp_path, later)
    apart = event("invoke", 0, 5) + event("invoke", 1, 4)
    with pytest.raises(
        HistoryError, match='if the times are right, read with order="time"; if the lines are'
    ):
        jsonl(tmp_path, apart)


def test_a_pipe_is_read_though_it_can_be_read_only_once(tmp_path: Path) -> None:
    pipe = tmp_path / "run.jsonl"
    os.mkfifo(pipe)
    feeding = Thread(target=pipe.write_text, args=(LINE * 1,), daemon=True)
    feeding.start()
    history = read(pipe)
    feeding.join()
    assert (len(history), history.name) == (1, "run.jsonl")
    feeding = Thread(target=pipe.write_text, args=("rubbish",), daemon=True)
    feeding.start()
    with pytest.raises(HistoryError, match="this is no format") as error:
        read(pipe)
    feeding.join()
    assert error.value.file == str(pipe)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(LINE.encode())))
    assert read("-").name == "stdin"
    with pytest.raises(HistoryError, match="standard input: the file is empty"):
        read("-")
