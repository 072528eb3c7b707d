"""What is no recording is an error that says where and why; never a crash, and never a pass."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import CORPUS, entries, needs_corpus
from dscheck.histories.errors import HistoryError
from dscheck.histories.reading import read
from dscheck.histories.validation import validate

INVOKE = '{"type":"invoke","process":0,"f":"write","argument":1,"time":5}\n'
OK = '{"type":"ok","process":0,"time":6}\n'
WHOLE = '{"process":0,"f":"write","argument":1,"call":1,"return":4}\n'

JSONL = [
    ("", "empty"),
    (" \n \n", "empty"),
    ('{"dscheck":1}\n', "no operations"),
    ('{"dscheck":2}\n' + INVOKE, "version 2"),
    (INVOKE + '{"dscheck":1}\n', "line 2: a header after the first line"),
    ('{"dscheck":1}\n' * 2 + INVOKE, "line 2: a header after the first line"),
    ('{"dscheck":1,"datatpye":"queue"}\n' + INVOKE, "line 1: a header has no field 'datatpye'"),
    ('{"dscheck":1,"exact":"yes"}\n' + INVOKE, 'line 1: exact cannot be "yes"'),
    ('{"dscheck":1,"order":"random"}\n' + INVOKE, "there is no order 'random'"),
    (OK, "line 1: a return without invoke"),
    (INVOKE + INVOKE, "line 2: two operations at once in process 0: its write of line 1"),
    (INVOKE + OK + OK, "line 3: a return without invoke"),
    (INVOKE + OK.replace("6", "4"), "line 2: time runs backwards"),
    (INVOKE + OK.replace("0", "1", 1), "line 2: a return without invoke: process 1"),
    (INVOKE + OK.replace('"ok",', '"ok","f":"read",'), "line 2: a return of read, and what was invoked"),
    (INVOKE + OK.replace('"ok",', '"ok","argument":2,'), "line 2: a return with argument 2"),
    (INVOKE + OK.replace(',"time":6', ""), "line 2: it has no time"),
    (INVOKE.replace('"time"', '"index":3,"time"') * 2, "line 2: duplicate index 3"),
    (INVOKE.replace("5", "5.5"), "time must be a whole number"),
    (INVOKE.replace("5", '"5"'), "time must be a whole number"),
    (INVOKE.replace("5", "9" * 30), "time must be a whole number"),
    (INVOKE.replace("5", "1e400"), "time must be a whole number|64-bit float"),
    (INVOKE.replace('"argument":1', '"argument":NaN'), "no value of JSON"),
    (INVOKE.replace('"argument":1', '"argument":01'), "no number of JSON"),
    (INVOKE.replace('"argument":1', '"argument":1e999'), "64-bit float"),
    (INVOKE.replace('"argument":1', '"argument":' + "9" * 5000), "an integer of 5000 digits"),
    (INVOKE.replace('"argument":1', '"argument":' + "[" * 5000), "nested more than"),
    (INVOKE.replace('"argument":1', '"argument":{"$set":[1,1]}'), "twice in a set"),
    (INVOKE.replace('"argument":1', '"argument":{"$what":1}'), "no such value"),
    (INVOKE.replace('"argument":1', '"argument":{"a":1,"a":2}'), "twice in a map"),
    (INVOKE.replace('"argument":1', '"argument":"\\ud800"'), "surrogate"),
    (INVOKE.replace('"argument":1', '"argument":[1,]'), "nothing after it"),
    (INVOKE.replace('"argument":1', '"argument":[1}'), "bracket of the wrong kind"),
    (INVOKE.replace('"argument":1', '"argument":"a\tb"'), "control character"),
    (INVOKE.replace('"argument"', '"arguments"'), "unknown field: arguments"),
    (INVOKE.replace('"argument":1', '"value":1,"argument":1'), "a value besides an argument"),
    (INVOKE.replace('"argument"', '"result"'), "an invocation has no result"),
    (INVOKE.replace('"process":0,', ""), "the process is missing"),
    (INVOKE.replace('"f":"write",', ""), "it has no f"),
    (INVOKE.replace('"invoke"', '"call"'), "the type is call"),
    (INVOKE.replace('"f":"write"', '"f":7'), "f must be a word"),
    (INVOKE.replace('"f":"write"', '"f":"write","f":"write"'), "f comes twice"),
    (INVOKE.replace('"argument":1', '"txn":[["fly","x",1]]'), "no micro-operation"),
    (INVOKE.replace('"argument":1', '"txn":[["r"]]'), "no key"),
    (INVOKE.replace('"argument":1', '"txn":[["r",1,2,3]]'), "has more"),
    (INVOKE.replace('"argument":1', '"txn":5'), "list of micro-operations"),
    (INVOKE.replace('"f":"write","argument":1', '"txn":[["r",1]]') + OK, "what it read is missing"),
    (INVOKE[:-10] + "\n" + OK, "line 1: the line ends in the middle"),
    (INVOKE + OK[:-10], "line 2: the file ends in the middle"),
    (INVOKE + OK.strip() + " " + OK, "line 2: something follows the object"),
    (INVOKE + "[1]\n", "line 2: this is no JSON object"),
    (INVOKE + "what?\n", "line 2: this is no JSON object"),
    (WHOLE + INVOKE, "line 2: events .* and whole operations"),
    (WHOLE + WHOLE.replace('"call":1', '"call":3'), "line 2: two operations at once"),
    (WHOLE.replace('"return":4', '"return":0'), "line 1: time runs backwards"),
    (WHOLE.replace('"argument":1', '"value":1'), "argument or result"),
    (WHOLE.replace('"return":4', '"type":"ok"'), "no time of return"),
    (
        WHOLE.replace("{", '{"index":1,') + WHOLE.replace("{", '{"index":1,').replace("0", "1", 1),
        "duplicate index",
    ),
    (INVOKE + '{"type":"end","event":"partition"}\n', "partition ends, and never began"),
]

EDN = [
    ("{:type :ok, :f :read, :value 1, :process 0}", "line 1: a return without invoke"),
    ("[{:type :invoke, :f :read, :process 0}", "without the closing ]"),
    ("{:type :invoke, :f :read, :process 0", "in the middle"),
    ("{:type :invoke, :f :read, :process 0}}", "no operation"),
    ("[{:type :invoke, :f :read, :process 0}] {:type :ok}", "something follows the end"),
    ("{:type :invoke, :f :read, :process 0, :value 1x}", "no number of EDN"),
    ("{:type :invoke, :f :read, :process 0, :value [1 2)}", "bracket of the wrong kind"),
    ("{:type :invoke, :f :read, :process 0, :value {1}}", "a key without a value"),
    ("{:type :invoke, :f :read, :process 0, :value #{1 1}}", "twice in a set"),
    ('{:type :invoke, :f :read, :process 0, :value "\\q"}', "unknown escape"),
    ("{:type :invoke, :f :read, :process 0, :value " + "[" * 5000, "nested more than"),
    ("{:type :invoke, :f :read, :process 0, :value " + "#a " * 5000, "nested more than"),
    ("{:type :invoke, :f :read, :process 0, :value #_" + "#_" * 5000, "in the middle|no value"),
    ("{:type :invoke, :f :txn, :process 0, :value [[:fly 1 2]]}", "no micro-operation"),
    ("{:type :invoke, :f :txn, :process 0, :value 5}", "list of micro-operations"),
    (
        "\n\n{:type :invoke, :f :read, :process 0}\n{:type :invoke, :f :read, :process 0}",
        "line 4: two operations",
    ),
    ("{:type :invoke, :f :read, :process 0, :value " + "#_[" * 5000, "nested too deeply"),
    ("{:type :ok 5}", "} is no value of EDN"),
]

JSON = [
    ('[{"type":"invoke","f":"read","process":0},]', "this is no operation"),
    ('[{"type":"invoke","f":"read","process":0} {"type":"ok","process":0}]', "a comma is missing"),
    ('[{"type":"invoke","f":"read","process":0}', "without the closing ]"),
    ('[{"type":"invoke","f":"read","process":0]', "bracket of the wrong kind"),
    ('[{"type":"invoke","f":"read","process":0,"value":{"$float":"nan"]}]', "must be alone"),
    ("[5]", "this is no operation: 5"),
    ("[]", "no operations"),
]

LOGS = [
    ("INFO  jepsen.util - 0\t:ok\t:read\tnil\n", "line 1: a return without invoke"),
    ("INFO  jepsen.util - 0\t:invoke\t:read\tnil\nrubbish\n", "line 2: this is no line of a log"),
    ("INFO  jepsen.util - 0\t:invoke\n", "the line ends"),
    ("INFO  jepsen.util - 0\t:jump\t:read\tnil\n", "no type of event"),
    ("INFO  jepsen.util - 0\t:invoke\t:read\t[1\n", "the line ends"),
]


def refuse(path: Path, text: str | bytes, why: str, format: str | None = None) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(HistoryError, match=why) as error:
        read(path, format)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(("text", "why"), JSONL)
def test_jsonl_that_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    refuse(tmp_path / "history.jsonl", text, why, "jsonl" if text.strip() else None)


@pytest.mark.parametrize(("text", "why"), EDN)
def test_edn_that_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    refuse(tmp_path / "history.edn", text, why, "jepsen-edn")


@pytest.mark.parametrize(("text", "why"), JSON)
def test_json_that_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    refuse(tmp_path / "history.json", text, why, "jepsen-json")


@pytest.mark.parametrize(("text", "why"), LOGS)
def test_logs_that_are_wrong(tmp_path: Path, text: str, why: str) -> None:
    refuse(tmp_path / "etcd.log", text, why)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"\x00\x01\x02\x03" * 50, "no format that dscheck knows|"),
        (INVOKE.encode() + b'{"type":"ok","process":"\xff\xfe"}\n', "line 2: bytes that are not UTF-8"),
        (gzip.compress((INVOKE + OK).encode() * 1, mtime=0)[:-9], "compressed data are damaged"),
        (gzip.compress((INVOKE + OK).encode(), mtime=0)[:20] + b"x" * 20, "compressed data are damaged"),
        (b"", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
    ],
)
def test_bytes_that_are_wrong(tmp_path: Path, text: bytes, why: str) -> None:
    refuse(tmp_path / "history", text, why)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="No such file"):
        read(tmp_path / "nothing")
    with pytest.raises(HistoryError, match="no files"):
        read(tmp_path)


def test_an_unknown_option_and_an_unknown_format(tmp_path: Path) -> None:
    path = tmp_path / "history.jsonl"
    path.write_text(INVOKE)
    with pytest.raises(
        HistoryError, match="jsonl has no such option; leave out colour: it has order, truncated"
    ):
        read(path, colour="red")
    with pytest.raises(HistoryError, match="no format 'xml'; the formats are jsonl"):
        read(path, "xml")
    with pytest.raises(HistoryError, match="one file, and these are 2"):
        read([path, path], "jsonl")


SAMPLES = {
    "jsonl": [INVOKE + OK + WHOLE.replace("write", "x"), WHOLE * 1, (INVOKE + OK) * 3],
    "jepsen-edn": [
        '[{:type :invoke, :f :txn, :value [[:r "x" nil] [:append 1 #{2.5}]], :process 0, :time 3}]'
    ],
    "jepsen-json": ['[{"type":"invoke","f":"txn","value":[["r","x",null]],"process":0,"index":1}]'],
    "jepsen-log": [
        "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n"
    ],
}
TOKENS = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\n",
    b"\\",
    b"#",
    b"#_",
    b"nil",
    b"null",
    b"-",
    b"9" * 20,
    b"\xff",
]
TOKENS += [
    b"1e9",
    b".",
    b"\\u",
    b"(",
    b")",
    b";",
    b"##NaN",
    b"#{",
    b":process 0",
    b'"process":0,',
    b"\x00",
    b"\xe2\x82",
]


@st.composite
def damaged(draw: st.DrawFn, text: bytes) -> bytes:
    """A text with a few things wrong."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 12)))
        how = draw(st.integers(0, 4))
        if how == 0:
            text = text[:at] + text[end:]
        elif how == 1:
            text = text[:at] + draw(st.sampled_from(TOKENS)) + text[at:]
        elif how == 2:
            text = text[:at] + draw(st.binary(max_size=3)) + text[end:]
        elif how == 3:
            text = text[:end] + text[at:]
        else:
            text = text[:at]
    return text


def survive(path: Path, text: bytes, format: str | None) -> None:
    """It is a history that could be recorded, or an error with its reason."""
    path.write_bytes(text)
    try:
        history = read(path, format)
    except HistoryError as error:
        said = str(error)
    else:
        said = str(path)
        validate(history)
        assert len([history.operation(row) for row in range(len(history))]) > 0
    assert str(path) in said


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("damaged") / "history"


@settings(max_examples=400)
@given(data=st.data())
def test_damaged_samples(file: Path, data: st.DataObject) -> None:
    format = data.draw(st.sampled_from(sorted(SAMPLES)))
    text = data.draw(st.sampled_from(SAMPLES[format])).encode()
    survive(file, data.draw(damaged(text)), data.draw(st.sampled_from([format, None])))


@settings(max_examples=300)
@given(
    text=st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(TOKENS)).map(b"".join)), data=st.data()
)
def test_rubbish(file: Path, text: bytes, data: st.DataObject) -> None:
    survive(file, text, data.draw(st.sampled_from([*sorted(SAMPLES), None])))


@needs_corpus
@settings(max_examples=150)
@given(data=st.data())
def test_damaged_recordings_of_the_corpus(file: Path, data: st.DataObject) -> None:
    small = {
        entry["file"]: CORPUS / entry["file"]
        for entry in entries()
        if int(entry["bytes"]) < 60_000
        and entry["file"].endswith((".edn", ".json", ".log"))
        and entry["source_repo"].startswith(("jepsen", "ligurio", "anishathalye"))
    }
    path = small[data.draw(st.sampled_from(sorted(small)))]
    survive(file, data.draw(damaged(path.read_bytes())), None)
