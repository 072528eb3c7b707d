"""What is written and read again is the same history, or the loss is told."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import CORPUS, entries, needs_corpus
from dscheck.histories.building import Builder
from dscheck.histories.comparing import losses
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import FAIL, INFO, OK, Event, History
from dscheck.histories.reading import read
from dscheck.histories.writing import write

number = st.integers(0, 6) | st.integers(0, 2**64 - 1)
micro = st.tuples(st.sampled_from("rw"), st.integers(0, 4), number)
transaction = st.tuples(st.integers(0, 3), st.lists(micro, min_size=1, max_size=4), st.booleans())
settled = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def transactions(rows: list[tuple[int, list[tuple[str, int, int]], bool]], *, initial: int | None) -> History:
    """Sessions numbered as they turn up, which the formats take for granted."""
    into = Builder(ordered_in_time=False, hints={} if initial is None else {"initial": initial})
    names: dict[int, int] = {}
    for session, steps, committed in rows:
        asked = into.invoke(names.setdefault(session, len(names)), "txn", micro=steps)
        into.respond(asked, outcome=OK if committed else FAIL)
    return into.build()


@settled
@given(rows=st.lists(transaction, min_size=1, max_size=12), to=st.sampled_from(["dbcop", "plume"]))
def test_registers_that_start_at_zero(tmp_path: Path, rows: list[Any], to: str) -> None:
    history = transactions(rows, initial=0)
    zeros = {(kind, key) for _, steps, ok in rows if ok for kind, key, value in steps if value == 0}
    written = {key for kind, key in zeros if kind == "w"}
    if written and {key for kind, key in zeros if kind == "r"} <= written:
        with pytest.raises(HistoryError, match="before the first write"):
            write(history, tmp_path / "written", to)
        return
    lost = write(history, tmp_path / "written", to, lossy=True)
    empty = any(not ok and all(kind == "r" for kind, _, _ in steps) for _, steps, ok in rows)
    assert lost == [] or (empty and lost == ["the names of the processes"]), (
        "a session that does nothing vanishes"
    )


@settled
@given(rows=st.lists(transaction, min_size=1, max_size=12))
def test_nothing_implied(tmp_path: Path, rows: list[Any]) -> None:
    history = transactions([(session, steps, True) for session, steps, _ in rows], initial=None)
    assert write(history, tmp_path / "written", "awdit") == []
    assert losses(history, read(tmp_path / "written")) == []


value = (
    st.none()
    | st.integers()
    | st.text(max_size=6)
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
)
cell = value | st.lists(value, max_size=3).map(tuple)
operation = st.tuples(
    st.sampled_from("abc"), cell, cell, cell, st.sampled_from([OK, FAIL, INFO]), st.booleans()
)


@settled
@given(rows=st.lists(operation, min_size=1, max_size=10), timed=st.booleans())
def test_tables_hold_all_plain_values(tmp_path: Path, rows: list[Any], timed: bool) -> None:
    into = Builder()
    clock = 0
    for process, (function, key, argument, result, outcome, wait) in enumerate(rows):
        clock += wait
        asked = into.invoke(f"p{process}", f"f{function}", argument, key=key, at=clock if timed else None)
        if outcome != INFO:
            into.respond(asked, result, outcome=outcome, at=clock + 2 if timed else None)
    history = into.build()
    lost = write(history, tmp_path / "written.csv", lossy=True)
    assert set(lost) <= {"the times"}
    again = read(tmp_path / "written.csv", "csv")
    for row in range(len(history)):
        first, second = history.operation(row), again.operation(row)
        assert first[1:6] == second[1:6]
        assert first.outcome == "info" or repr(first.result) == repr(second.result)
        assert repr(first.argument) == repr(second.argument)


def queue() -> History:
    into = Builder(hints={"datatype": "queue"})
    first = into.invoke(0, "enqueue", 1, at=10)
    into.invoke(1, "enqueue", "a", at=11)
    into.respond(first, at=12)
    last = into.invoke(0, "dequeue", at=13)
    into.respond(last, "a", at=14)
    return into.build()


def stamped() -> History:
    into = Builder(ordered_in_time=False)
    for number_of in range(3):
        asked = into.invoke(number_of % 2, "txn", micro=[("r", number_of, None), ("append", 1, number_of)])
        into.respond(
            asked, stamps=(10 * number_of, 10 * number_of + 5), micro=[("r", 0, (1, 2)), ("append", 1, 3)]
        )
    return into.build()


CHANGES: dict[str, Callable[[History], History]] = {
    "the names of the processes": lambda history: replace(history, process=history.process + 7),
    "which process did what": lambda history: replace(history, process=np.array([0, 1, 1])),
    "the names of the functions": lambda history: replace(history, functions=("push", "pop")),
    "the outcomes": lambda history: replace(history, outcome=np.array([OK, INFO, FAIL], np.uint8)),
    "the arguments": lambda history: replace(
        history, argument=np.where(history.argument == 1, 2, history.argument)
    ),
    "the results": lambda history: replace(history, result=history.result[::-1].copy()),
    "the keys": lambda history: replace(history, key=np.array([1, 2, 3])),
    "the times": lambda history: replace(history, invoke_time=None, return_time=None),
    "the order of the events": lambda history: replace(history, returned=np.array([4, 2**63 - 1, 3])),
    "which operation came before which in real time": lambda history: replace(history, ordered_in_time=False),
    "what is known of the registers before the first write": lambda history: replace(
        history, hints={"initial": 3}
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_difference_is_seen(what: str) -> None:
    assert losses(queue(), queue()) == []
    assert what in losses(queue(), CHANGES[what](queue()))


def test_differences_inside_of_transactions() -> None:
    history = stamped()
    assert losses(history, stamped()) == []
    inside = history.micro
    assert inside is not None
    for name, what in (("kind", "operations"), ("key", "the keys"), ("value", "the values")):
        column = getattr(inside, name).copy()
        column[0] = 1
        changed = replace(history, micro=replace(inside, **{name: column}))
        assert any(lost.startswith(what) for lost in losses(history, changed)), what
    assert losses(history, replace(history, commit_stamp=None)) == ["the database's timestamps"]
    aborted = replace(history, outcome=np.array([OK, FAIL, OK], np.uint8))
    assert (
        losses(
            aborted,
            replace(aborted, micro=replace(inside, value=np.where(inside.kind == 2, 77, inside.value))),
        )
        != []
    )
    faulty = replace(history, events=(Event("partition", 0, 1),))
    assert losses(faulty, history) == ["the faults"]


def test_lists_with_timestamps(tmp_path: Path) -> None:
    assert write(stamped(), tmp_path / "run.json", "timekiller") == []
    assert read(tmp_path / "run.json").hints["datatype"] == "list-append"


def test_a_loss_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match="limo would lose the times; allow it with lossy=True"):
        write(queue(), tmp_path / "run.log", "limo")
    assert list(tmp_path.iterdir()) == []
    assert write(queue(), tmp_path / "run.log", "limo", lossy=True) == ["the times"]
    with pytest.raises(HistoryError, match="cannot be written"):
        write(queue(), tmp_path / "missing" / "run.csv")


@needs_corpus
@pytest.mark.parametrize("name", ["dbcop", "plume", "awdit", "limo", "polylin", "timekiller"])
def test_files_of_the_corpus_are_written_as_they_were_read(tmp_path: Path, name: str) -> None:
    rows = [row for row in entries() if int(row["bytes"]) < 200_000]
    random.Random(7).shuffle(rows)
    written = 0
    for row in rows:
        path = CORPUS / row["file"]
        history = read(path)
        if history.format == name and written < 15:
            assert write(history, tmp_path / "again", name) == [], path
            written += 1
        if written >= 15:
            break
    timekiller = CORPUS / "timekiller/examples/format-list.json"
    if name == "timekiller":
        assert write(read(timekiller), tmp_path / "again", name) == []
    else:
        assert written
