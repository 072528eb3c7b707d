"""Jepsen's formats: what their notation means."""

from __future__ import annotations

import gzip
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus import CORPUS, entries, needs_corpus
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import Event, History
from dscheck.histories.reading import formats, read
from dscheck.histories.validation import validate

INVOCATION = re.compile(r':invoke\b|"type":"invoke"')
OURS = ("jepsen-io", "ligurio", "anishathalye")


def reading(folder: Path, text: str, name: str = "history.edn") -> History:
    path = folder / name
    path.write_text(text, "utf-8")
    return read(path)


def arguments(folder: Path, *values: str) -> list[Any]:
    lines = [f"{{:type :invoke, :f :x, :process {at}, :value {value}}}" for at, value in enumerate(values)]
    history = reading(folder, "\n".join(lines))
    return [history.operation(row).argument for row in range(len(values))]


def test_values_of_edn(tmp_path: Path) -> None:
    written = ["nil", "true", "-7", "+7", "0", "1.5e3", "2.5M", "7N", "12345678901234567890123", "1/2"]
    found = arguments(tmp_path, *written)
    assert found == [None, True, -7, 7, 0, 1500.0, 2.5, 7, 12345678901234567890123, "1/2"]
    found = arguments(
        tmp_path, ":a", ":n.s/b", "sym", '"t\\n\\u00e9\\\\"', "\\a", "\\newline", "\\u00e9", "##Inf"
    )
    assert found == ["a", "n.s/b", "sym", "t\né\\", "a", "\n", "é", math.inf]
    found = arguments(tmp_path, "[1 [2] (3)]", "#{1 2}", "{:a 1, 2 [3]}", '#inst "2020"', "#a.B{:c 1}", "()")
    assert found == [(1, (2,), (3,)), frozenset({1, 2}), {"a": 1, 2: (3,)}, "2020", {"c": 1}, ()]
    found = arguments(tmp_path, "#_ 5 6", "[1 #_ #_ 2 3 ; four\n 4]", "#{[1] [2]}")
    assert found == [6, (1, 4), frozenset({(1,), (2,)})]


@pytest.mark.parametrize(
    "text",
    [
        "{:type :invoke :f :read :process 0 :value nil}{:type :ok :f :read :process 0 :value 3}",
        "[{:type :invoke :f :read :process 0 :value nil}, {:type :ok :f :read :process 0 :value 3}]",
        "({:type :invoke :f :read :process 0} #_x {:type :ok :f :read :process 0 :value 3} ; end\n)",
        "#jepsen.history.Op{:index 0 :type :invoke :f :read :process 0}\n"
        "#jepsen.history.Op{:index 1 :type :ok :f :read :process 0 :value 3}",
        '{"type":"invoke","f":"read","process":0,"index":0}\n{"type":"ok","process":0,"value":3,"index":1}',
        '[{"type":"invoke","f":"read","process":0},\n {"type":"ok","process":0,"value":3}]',
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t3\n",
        '{"process":0,"f":"read","result":3,"call":1,"return":2}',
    ],
)
def test_one_read_in_every_notation(tmp_path: Path, text: str) -> None:
    operation = reading(tmp_path, text, "history").operation(0)
    assert (operation.function, operation.result, operation.invoked, operation.returned) == ("read", 3, 0, 1)


def test_keys_in_values(tmp_path: Path) -> None:
    """As `jepsen.independent` has them: reads are invoked with [key nil]."""
    text = """{:type :invoke :f :read :process 0 :value [:x nil]}
    {:type :invoke :f :cas :process 1 :value [:y [1 2]]}
    {:type :ok :f :read :process 0 :value [:x 5]}
    {:type :ok :f :cas :process 1 :value [:y [1 2]]}"""
    history = reading(tmp_path, text)
    assert [(o.key, o.argument, o.result) for o in map(history.operation, range(2))] == [
        ("x", None, 5),
        ("y", (1, 2), None),
    ]
    tagged = reading(tmp_path, "{:type :invoke :f :write :process 0 :value #jepsen.independent/tuple [1 2]}")
    assert (tagged.operation(0).key, tagged.operation(0).argument) == (1, 2)
    plain = reading(
        tmp_path, "{:type :invoke :f :write :process 0 :value [1 2]}{:type :invoke :f :read :process 1}"
    )
    assert (plain.operation(0).key, plain.operation(0).argument) == (None, (1, 2))


def test_sets_that_are_read_as_lists(tmp_path: Path) -> None:
    text = """{:type :invoke :f :add :process 0 :value 1}{:type :ok :f :add :process 0 :value 1}
    {:type :invoke :f :read :process 0}{:type :ok :f :read :process 0 :value [2 1]}
    {:type :invoke :f :read :process 0}{:type :ok :f :read :process 0 :value [1 1]}"""
    history = reading(tmp_path, text)
    assert history.hints == {"datatype": "set"}
    found = [history.operation(row).result for row in range(3)]
    assert found == [None, frozenset({1, 2}), (1, 1)], "an element that is there twice stays visible"


def test_outcomes_of_transactions(tmp_path: Path) -> None:
    text = """{:type :invoke :f :txn :process 0 :value [[:r 1 nil] [:append 2 3]]}
    {:type :fail :f :txn :process 0 :value [[:r 1 nil] [:append 2 3]] :error :conflict}
    {:type :invoke :f :txn :process 0 :value [[:r 1 nil]]}
    {:type :ok :f :txn :process 0 :value [[:r 1 [4 5]]]}"""
    history = reading(tmp_path, text)
    assert history.operation(0).micro == (("r", 1, None), ("append", 2, 3))
    assert history.operation(1).micro == (("r", 1, (4, 5)),)
    assert history.hints == {"datatype": "list-append"}
    assert history.operation(0).argument is None


def test_a_failed_compare_and_set_of_etcd_is_an_answer(tmp_path: Path) -> None:
    text = "".join(
        f"INFO  jepsen.util - {line}\n"
        for line in (
            "0\t:invoke\t:cas\t[1 2]",
            "0\t:fail\t:cas\t[1 2]",
            "0\t:invoke\t:read\tnil",
            "0\t:fail\t:read\t:timed-out",
            "0\t:invoke\t:cas\t[3 4]",
            "0\t:info\t:cas\t:timed-out",
        )
    )
    history = reading(tmp_path, text, "etcd.log")
    found = [(o.outcome, o.argument, o.result) for o in map(history.operation, range(3))]
    assert found == [("ok", (1, 2), False), ("fail", None, None), ("info", (3, 4), None)]
    assert history.hints == {"datatype": "cas-register", "initial": None}


def test_faults_are_bands(tmp_path: Path) -> None:
    nemesis = "{{:type :info :process :nemesis :f :{} :value {}}}"
    lines = [
        nemesis.format("start-partition", '"majority"'),
        "{:type :invoke :f :read :process 0}",
        nemesis.format("start-partition", '"n1 | n2"'),
        nemesis.format("clock-bump", "nil"),
        "{:type :ok :f :read :process 0 :value 1}",
        nemesis.format("clock-bump", "nil"),
        nemesis.format("stop-partition", "nil"),
        nemesis.format("stop-partition", '"healed"'),
        nemesis.format("kill", "nil"),
        nemesis.format("kill", "nil"),
    ]
    assert reading(tmp_path, "\n".join(lines)).events == (
        Event("start-partition", 0, 2, "majority; n1 | n2; healed"),
        Event("clock-bump", 1, 2),
        Event("kill", 2, 2**63 - 1),
    )


def test_gzip_is_recognised(tmp_path: Path) -> None:
    path = tmp_path / "history.edn.gz"
    path.write_bytes(gzip.compress(b"{:type :invoke :f :read :process 0}"))
    assert (len(read(path)), read(path).format) == (1, "jepsen-edn")


def test_formats_are_listed() -> None:
    found = {format.name: format.writes for format in formats()}
    assert [found[name] for name in ("jsonl", "jepsen-edn", "jepsen-json", "jepsen-log")] == [
        True,
        True,
        True,
        False,
    ]


@needs_corpus
def test_every_recording_of_the_corpus_is_read() -> None:
    """With the format that the index names, and nothing in it that no recording can contain."""
    found: Counter[str] = Counter()
    for entry in entries():
        history = read(CORPUS / entry["file"])
        validate(history)
        if entry["source_repo"].startswith(OURS):
            found[history.format] += 1
            text = (CORPUS / entry["file"]).read_text("utf-8")
            assert len(history) == len(INVOCATION.findall(text)), entry["file"]
        assert len(history) > 0
    assert found == {"jepsen-edn": 76, "jepsen-json": 3, "jepsen-log": 44}


def test_operations_without_a_process(tmp_path: Path) -> None:
    """Each has a process of its own; a return is that of the only one that it can be."""
    text = """{:type :invoke :f :read}{:type :invoke :f :write :value 1}{:type :invoke :f :write :value 2}
    {:type :ok :f :write :value 2}{:type :ok :f :read :value 2}"""
    history = reading(tmp_path, text)
    assert [o.outcome for o in map(history.operation, range(3))] == ["ok", "info", "ok"]
    assert len(set(history.process.tolist())) == 3
    with pytest.raises(HistoryError, match="line 2: the process is missing"):
        reading(tmp_path, "{:type :invoke :f :read}{:type :invoke :f :read}\n{:type :ok :f :read :value 1}")


def test_a_drain_is_the_dequeues_that_it_stands_for(tmp_path: Path) -> None:
    text = """{:type :invoke :f :enqueue :process 0 :value 7}{:type :ok :f :enqueue :process 0 :value 7}
    {:type :invoke :f :drain :process 0}{:type :invoke :f :enqueue :process 1 :value 8}
    {:type :info :f :stop :process :nemesis}
    {:type :ok :f :drain :process 0 :value [7 8]}{:type :ok :f :enqueue :process 1 :value 8}
    {:type :invoke :f :drain :process 0}{:type :ok :f :drain :process 0 :value []}
    {:type :invoke :f :drain :process 0}{:type :info :f :drain :process 0}"""
    history = reading(tmp_path, text)
    validate(history)
    found = [
        (o.function, o.result, o.invoked, o.returned) for o in map(history.operation, range(len(history)))
    ]
    assert found == [
        ("enqueue", None, 0, 1),
        ("dequeue", 7, 2, 5),
        ("dequeue", 8, 3, 6),
        ("enqueue", None, 4, 7),
        ("drain", None, 8, None),
    ]
    assert history.events[0].begin == 5
