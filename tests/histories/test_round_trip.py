"""What is written is read again, column by column."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import CORPUS, entries, needs_corpus
from dscheck.histories.building import Builder
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import Event, History
from dscheck.histories.reading import format_module, read
from dscheck.histories.validation import validate
from recordings import DATA, PLAIN, differences, histories

Again = Callable[[History, str], History]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Again:
    """Writes and reads a history."""
    folder = tmp_path_factory.mktemp("written")

    def write_and_read(history: History, format: str) -> History:
        text = io.StringIO()
        format_module(format).write(history, text)
        path = folder / "history"
        path.write_text(text.getvalue(), "utf-8", newline="\n")
        return read(path, format)

    return write_and_read


def told(again: Again, history: History, format: str) -> History | None:
    """What is read again; None if it cannot be written, and the writer says so."""
    with suppress(HistoryError):
        return again(history, format)
    with pytest.raises(HistoryError, match="write it as jsonl"):
        format_module(format).write(history, io.StringIO())
    return None


@given(history=histories())
def test_jsonl_says_everything(again: Again, history: History) -> None:
    back = again(history, "jsonl")
    assert differences(history, back) == []
    assert back.events == history.events
    validate(back)


@given(history=histories(DATA, faults=False))
def test_jepsen_edn_says_what_it_can(again: Again, history: History) -> None:
    back = told(again, history, "jepsen-edn")
    assert back is None or differences(history, back) == []


@given(history=histories(PLAIN, faults=False))
def test_jepsen_json_says_what_it_can(again: Again, history: History) -> None:
    back = told(again, history, "jepsen-json")
    assert back is None or differences(history, back) == []


@given(data=st.data())
def test_stamps_and_hints_and_a_missing_order_are_kept(again: Again, data: st.DataObject) -> None:
    hints = {"datatype": "kv", "initial": data.draw(DATA), "partial": True}
    builder = Builder(ordered_in_time=data.draw(st.booleans()), hints=hints)
    for process in range(data.draw(st.integers(1, 4))):
        operation = builder.invoke(process, "txn", micro=[("w", process, 1)])
        builder.respond(operation, stamps=(data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))))
    history = builder.build()
    back = again(history, "jsonl")
    assert differences(history, back) == []
    assert back.ordered_in_time == history.ordered_in_time
    assert str(back.hints["datatype"]) == "kv"
    assert back.hints["partial"] is True


@given(history=histories(st.integers(0, 3), functions=("write", "read")))
def test_faults_of_a_nemesis_come_back(again: Again, history: History) -> None:
    """Jepsen's formats tell of each fault when it began and when it stopped."""
    end = int(max(history.invoked))
    history = replace(history, events=(Event("partition", 0, end, "n1 | n2"),))
    back = told(again, history, "jepsen-edn")
    assert back is None or back.events == history.events


def test_a_recording_without_an_order_in_time_is_not_given_one(again: Again) -> None:
    builder = Builder(ordered_in_time=False)
    builder.respond(builder.invoke(0, "write", 1))
    with pytest.raises(HistoryError, match="no order in time"):
        again(builder.build(), "jepsen-edn")


def test_a_list_that_looks_like_a_transaction_is_none(again: Again) -> None:
    builder = Builder()
    builder.respond(builder.invoke(0, "read"), [["r", "x", 1]])
    builder.respond(builder.invoke(0, "txn", [["w", "x", 1]]), [["r", "x", 1]])
    history = builder.build()
    assert differences(history, again(history, "jsonl")) == []


@needs_corpus
@pytest.mark.parametrize("format", ["jsonl", "jepsen-edn"])
def test_recordings_of_the_corpus_survive(again: Again, format: str) -> None:
    """A sample of every source that is not too big to be written here."""
    chosen: dict[tuple[str, str], Path] = {}
    for entry in entries():
        if int(entry["bytes"]) < 300_000 and (CORPUS / entry["file"]).suffix in (
            ".edn",
            ".json",
            ".log",
            ".txt",
        ):
            chosen.setdefault((entry["source_repo"], entry["model"]), CORPUS / entry["file"])
    for path in chosen.values():
        history = read(path)
        if format == "jsonl" or history.format.startswith("jepsen"):
            assert differences(history, again(history, format)) == [], path
