"""What the formats of other tools mean, by small examples."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from dscheck.histories.errors import HistoryError
from dscheck.histories.history import NEVER, History, Operation
from dscheck.histories.reading import read
from histories.encoding import INITIAL, NOTHING, UNNUMBERED, bincode, clock, record


def text(folder: Path, content: str | bytes, name: str = "history") -> History:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return read(folder / name)


def rows(history: History) -> list[Operation]:
    return [history.operation(row) for row in range(len(history))]


def test_dbcop(tmp_path: Path) -> None:
    big = 2**63 + 1
    first = [([(1, 5, 1, 1), (0, 6, 0, 1)], 1), ([(1, 5, 2, 1)], 0)]
    second = [([(0, 5, big, 1), (1, 5, 3, 0), (0, 6, 9, 0)], 1)]
    history = text(tmp_path, bincode([first, second]))
    assert [(of.process, of.outcome, of.micro) for of in rows(history)] == [
        (0, "ok", (("w", 5, 1), ("r", 6, 0))),
        (0, "fail", (("w", 5, 2),)),
        (1, "ok", (("r", 5, big),)),
        (1, "fail", (("w", 5, 3),)),
    ]
    assert history.hints == {"datatype": "rw-register", "initial": 0}
    assert not history.ordered_in_time
    assert history.line.tolist() == [1, 2, 3, 3]


def test_plume(tmp_path: Path) -> None:
    history = text(
        tmp_path, "w(1,10,3,7)\nr(2,0,4,8)\nw(1,11,3,7)\nw(2,5,3,-1)\nw(2,6,3,-1)\nr(9,9,4,-1)\nw(2,7,4,-1)\n"
    )
    assert [(of.process, of.outcome, of.micro) for of in rows(history)] == [
        (3, "ok", (("w", 1, 10), ("w", 1, 11))),
        (4, "ok", (("r", 2, 0),)),
        (3, "fail", (("w", 2, 5), ("w", 2, 6))),
        (4, "fail", (("w", 2, 7),)),
    ]
    assert history.hints["initial"] == 0


def test_plume_with_a_recorded_initial_transaction(tmp_path: Path) -> None:
    assert "initial" not in text(tmp_path, "w(1,0,0,0)\nr(1,0,1,1)\n").hints
    assert text(tmp_path, "w(1,0,0,0)\nr(1,0,1,1)\nr(2,0,1,2)\n").hints["initial"] == 0


def test_awdit(tmp_path: Path) -> None:
    history = text(tmp_path, "w 4 2\nr 4 2\n-----\nr 1 1\n\n=====\nw 1 1\n")
    assert [(of.process, of.micro) for of in rows(history)] == [
        (0, (("w", 4, 2), ("r", 4, 2))),
        (0, (("r", 1, 1),)),
        (1, (("w", 1, 1),)),
    ]
    assert history.line.tolist() == [1, 4, 7]
    assert "initial" not in history.hints, "AWDIT takes a read of 0 that nobody wrote to be out of thin air"


def test_cobra(tmp_path: Path) -> None:
    first = record("S", 1) + record("W", 100, 7, 55) + record("R", INITIAL, INITIAL, 8, 3) + record("C", 1)
    first += (
        record("S", 2) + record("R", INITIAL, 0x23332333, 9, 0) + record("W", 101, 7, 56) + record("A", 2)
    )
    second = record("S", 3) + record("R", 1, 100, 7, 55) + record("R", 77, 500, 7, 1) + record("C", 3)
    second += record("S", 4) + record("W", 102, 2**63, 1)
    (tmp_path / "run").mkdir()
    for name, content in (("T1.log", b""), ("T3.log", first), ("T12.log", second)):
        (tmp_path / "run" / name).write_bytes(content)
    history = read(tmp_path / "run")
    found = {of.process: [] for of in rows(history)}
    for of in rows(history):
        found[of.process].append((of.outcome, of.micro))
    assert found == {
        3: [("ok", (("w", 7, 100), ("r", 8, None))), ("fail", (("w", 7, 101),))],
        12: [("ok", (("r", 7, 100), ("r", 7, 500))), ("info", (("w", -(2**63), 102),))],
    }
    assert history.hints["partial"], "transaction 77 is in a file that is missing"
    notes = {"reads of other files": 1, "fence reads": 1, "transactions without an end": 1}
    assert history.hints["notes"] == notes


def test_cobra_without_numbers_of_writes(tmp_path: Path) -> None:
    log = record("S", 1) + record("W", UNNUMBERED, 7, 55) + record("R", UNNUMBERED, UNNUMBERED, 7, 55)
    log += record("R", NOTHING, NOTHING, 7, 0) + record("C", 1)
    history = text(tmp_path, log)
    assert rows(history)[0].micro == (("w", 7, 55), ("r", 7, 55), ("r", 7, None))
    assert "partial" not in history.hints


def test_limo(tmp_path: Path) -> None:
    log = "# from a paper\n# @object atomic-queue\n\n[1] call Enq(a)\n  [2] call remove()\n[2] return empty\n"
    history = text(
        tmp_path, f"{log}[3] call deq\n[1] return\n[3] return a\n[4] call enqueue 17\n[4] call deq\n"
    )
    assert [of[1:6] + of[6:9] for of in rows(history)] == [
        (1, "enqueue", "ok", None, "a", None, 0, 4),
        (2, "dequeue", "ok", None, None, None, 1, 2),
        (3, "dequeue", "ok", None, None, "a", 3, 5),
        (4, "enqueue", "info", None, 17, None, 6, None),
        (4, "dequeue", "info", None, None, None, 7, None),
    ]
    assert history.hints == {"datatype": "queue", "notes": {"calls given up": 1}}
    assert history.line.tolist() == [4, 5, 7, 10, 11]


def test_limo_after_a_crash(tmp_path: Path) -> None:
    history = text(tmp_path, "# @object atomic-stack\n[1] call add(1)\ncrash\n[1] call pop\n[1] return 1\n")
    assert [(of.function, of.outcome) for of in rows(history)] == [("push", "info"), ("pop", "ok")]
    assert history.returned[0] == NEVER


def test_polylin(tmp_path: Path) -> None:
    history = text(tmp_path, "# pqueue\npoll 5 6 7\ninsert 5 1 3\npeek -1 3 4\n")
    assert [of[2:9] for of in rows(history)] == [
        ("insert", "ok", None, 5, None, 0, 1),
        ("peek", "ok", None, None, None, 2, 3),
        ("poll", "ok", None, None, 5, 4, 5),
    ]
    assert history.hints == {"datatype": "priority-queue"}
    assert len(set(history.process.tolist())) == 3, "nothing is known of processes"
    assert history.invoke_time is not None
    assert history.invoke_time.tolist() == [1, 3, 6]


@pytest.mark.parametrize(("kind", "overlap"), [("queue", False), ("set", True)])
def test_polylin_where_operations_touch(tmp_path: Path, kind: str, overlap: bool) -> None:
    """As PolyLin's own monitors take it: only so is queue_simple.0.log of the corpus the violation it is."""
    lines = {"queue": "enq 2 0 1\nenq 1 1 2\n", "set": "insert 2 1 0 1\ninsert 1 1 1 2\n"}[kind]
    history = text(tmp_path, f"# {kind}\n{lines}")
    assert (history.invoked[1] < history.returned[0]) == overlap


def test_polylin_operations_without_duration(tmp_path: Path) -> None:
    history = text(tmp_path, "# queue\nenq 1 0 5\nenq 2 5 5\nenq 3 5 5\nenq 4 5 9\n")
    invoked, returned = history.invoked.tolist(), history.returned.tolist()
    assert returned[0] < invoked[1]
    assert invoked[2] < returned[1], "nobody knows which of two at one time was first"
    assert max(returned[1:3]) < invoked[3]


def test_polylin_sets_have_results(tmp_path: Path) -> None:
    history = text(tmp_path, "# set\ninsert 7 1 1 2\nremove 7 0 3 4\ncontains 7 1 5 6\n")
    assert [(of.function, of.argument, of.result) for of in rows(history)] == [
        ("add", 7, True),
        ("remove", 7, False),
        ("contains", 7, True),
    ]


def test_timekiller(tmp_path: Path) -> None:
    ops = [{"t": "w", "k": 7, "v": 2}, {"t": "READ", "k": 8}, {"t": "r", "k": 7, "v": None}]
    found = [
        {"tid": "b", "sid": "s", "sno": 2, "sts": clock(10, 3), "cts": clock(11), "ops": ops[:1]},
        {"tid": "a", "sid": "s", "sno": 1, "sts": clock("10", 1), "cts": clock(10, 2), "ops": ops[1:]},
    ]
    history = text(tmp_path, json.dumps(found))
    assert [of.micro for of in rows(history)] == [(("r", 8, None), ("r", 7, None)), (("w", 7, 2),)]
    assert history.begin_stamp is not None
    assert history.commit_stamp is not None
    stamps = [*zip(history.begin_stamp.tolist(), history.commit_stamp.tolist(), strict=True)]
    assert stamps[0][0] < stamps[0][1] < stamps[1][0] < stamps[1][1]
    assert "initial" not in history.hints


def test_timekiller_takes_zero_for_initial_where_only_that_fits(tmp_path: Path) -> None:
    transaction = {"sid": 1, "sts": clock(1), "cts": clock(2), "ops": [{"t": "r", "k": 1, "v": 0}]}
    assert text(tmp_path, json.dumps([transaction])).hints["initial"] == 0
    assert read(tmp_path / "history", initial=5).hints["initial"] == 5


def test_timekiller_lists_and_stamps_too_wide_for_one_number(tmp_path: Path) -> None:
    ops = [{"t": "a", "k": 1, "v": 4}, {"t": "r", "k": 1, "v": [4]}, {"t": "r", "k": 2}]
    found = [{"sid": 1, "sts": clock(2**61, 2**40), "cts": clock(2**62, 1), "ops": ops}]
    history = text(tmp_path, json.dumps(found))
    assert rows(history)[0].micro == (("append", 1, 4), ("r", 1, (4,)), ("r", 2, ()))
    assert history.hints["datatype"] == "list-append"
    assert history.commit_stamp is not None
    assert history.commit_stamp.tolist() == [1], "ranks"


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("r(1,2,3,4)\nr(1,2,3)\n", 2, "no event such as"),
        ("r(1,2,3,4)\nr(1,x,3,4)\n", 2, "four whole numbers"),
        ("r(1,2,3,4)\nr(1,2,5,4)\n", 2, "is of session 3"),
        ("r 1 2\nr 1\n", 2, "a key and a value"),
        ("r 1 2\nq 1 2\n", 2, "no event such as"),
        ("# @object atomic-queue\n[1] return 3\n", 2, "has not called"),
        ("# @object atomic-fridge\n[1] call open\n", 1, "not known: atomic-fridge"),
        ("# @object atomic-queue\n[1] call enq\n", 2, "needs a value"),
        ("# @object atomic-queue\n[1] call open(1)\n", 2, "a call that is not known"),
        ("# queue\nenq 1 5 4\n", 2, "ends before it starts"),
        ("# queue\nenq 1 5\n", 2, "not method, value, start and end"),
        ("# queue\nenq x 5 6\n", 2, "not method, value, start and end"),
        ("# queue\npush 1 5 6\n", 2, "no method of a queue"),
        ("# set\nadd 1 5 6\n", 2, "no method of a set"),
        ("# queue\nenq " + "9" * 5000 + " 5 6\n", 2, "not method, value"),
        ("# queue\n", None, "no operation"),
        ('[{"sid": 1, "sts": {"p": 1}, "cts": {"p": 2}, "ops": [', 1, "no JSON"),
        ('[{"sid": 1, "sts": {"p": 1}, "cts": {"p": 2}, "ops": 3}]', None, "transaction 1"),
        ('[{"sid": 1, "sts": {"p": 3}, "cts": {"p": 2}, "ops": []}]', None, "commits before it starts"),
        ('[{"sid": 1, "sts": {"p": NaN}, "cts": {"p": 2}, "ops": []}]', None, "NaN"),
        ('[{"sid": [], "sts": {"p": 1}, "cts": {"p": 2}, "ops": []}]', None, "sid is neither"),
    ],
)
def test_errors_name_the_line(tmp_path: Path, content: str, line: int | None, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as error:
        text(tmp_path, content)
    assert error.value.line == line
    assert error.value.file == str(tmp_path / "history")
    assert error.value.fix


@pytest.mark.parametrize(
    ("content", "byte", "says"),
    [
        (bincode([[([(1, 5, 1, 1)], 1)]])[:-1], 167, "ends in the middle"),
        (bincode([[([(1, 5, 1, 2)], 1)]]), 166, "this byte is 2"),
        (bincode([[([(1, 5, 1, 1)], 1)]]) + b"!", 168, "1 bytes follow"),
        (bincode([])[:-8] + struct.pack("<Q", 2**60), 125, "do not fit"),
        (record("S", 1) + record("C", 2), 9, "ends inside of 1"),
        (record("S", 1) + record("S", 2), 9, "has not ended"),
        (record("S", 1) + record("C", 1) + record("C", 1), 18, "outside of a transaction"),
        (record("S", 1) + record("C", 1) + record("S", 1), 18, "begins twice"),
        (record("S", 1) + record("W", 1, 2, 3)[:-1], 9, "middle of a record"),
        (record("S", 1) + record("C", 1) + b"?", 18, "the byte 63"),
    ],
)
def test_errors_name_the_byte(tmp_path: Path, content: bytes, byte: int, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as error:
        text(tmp_path, content)
    assert error.value.byte == byte
