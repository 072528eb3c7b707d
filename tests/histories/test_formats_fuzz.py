"""Damaged files in the formats of other tools: a sound history or a HistoryError, never anything else."""

from __future__ import annotations

import json
import random
import signal
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import CORPUS, needs_corpus
from dscheck._engine import read_foreign
from dscheck.histories.errors import HistoryError
from dscheck.histories.reading import read
from histories.encoding import INITIAL, bincode, clock, record
from histories.sound import check

FOLDER = Path(tempfile.mkdtemp())
TRANSACTION = {
    "sid": 1,
    "sts": clock(1),
    "cts": clock(2),
    "ops": [{"t": "w", "k": 1, "v": 2}, {"t": "r", "k": 1, "v": 0}],
}
LISTS = {**TRANSACTION, "ops": [{"t": "a", "k": 1, "v": 2}, {"t": "r", "k": 1, "v": [2, 3]}]}
SAMPLES = {
    "dbcop": bincode([[([(1, 5, 1, 1), (0, 6, 0, 1)], 1), ([(1, 5, 2, 1)], 0)], [([(0, 5, 1, 1)], 1)]]),
    "cobra": record("S", 1)
    + record("W", 100, 7, 55)
    + record("R", INITIAL, INITIAL, 8, 3)
    + record("C", 1)
    + record("S", 2)
    + record("R", 1, 100, 7, 55)
    + record("A", 2),
    "plume": b"w(1,10,3,7)\nr(2,0,4,8)\nw(1,11,3,7)\nw(2,5,3,-1)\nr(1,11,4,9)\n",
    "awdit": b"w 4 2\nr 4 2\n-----\nr 1 1\n=====\nw 1 1\n",
    "limo": b"# @object atomic-queue\n[1] call enq(a)\n[2] call deq\n[2] return empty\n"
    b"[1] return\n[3] call deq\n[3] return a\n",
    "polylin": b"# queue\nenq 2 0 1\ndeq 2 2 3\nenq 1 1 2\ndeq -1 7 9\npeek 1 8 9\n",
    "timekiller": json.dumps([TRANSACTION, {**TRANSACTION, "sid": 2}], indent=1).encode(),
    "csv": b"process,function,key,argument,result,outcome,start,end\n0,write,x,3,,ok,1,2\n"
    b'1,read,x,,3,ok,1.5,3\n2,cas,y,"[1, 2]",,info,4,\n',
}
EXTRAS = {
    "timekiller": [json.dumps([LISTS]).encode()],
    "csv": [
        b"type;process;f;value;time\ninvoke;0;write;3;1\nok;0;write;3;2\n",
        b"session,txn,op,key,value\n0,1,w,x,1\n0,1,r,y,\n1,2,r,x,1\n",
    ],
}
ALL = [(name, sample) for name, first in SAMPLES.items() for sample in [first, *EXTRAS.get(name, [])]]


def survives(name: str, content: bytes) -> bool:
    """Whether it was taken for a history; a fault that is no HistoryError goes through."""
    path = FOLDER / f"damaged.{name}"
    path.write_bytes(content)
    try:
        history = read(path, name)
    except HistoryError as error:
        return not str(error)
    check(history)
    return True


@pytest.mark.parametrize(("name", "sample"), ALL)
def test_samples_are_histories(name: str, sample: bytes) -> None:
    assert survives(name, sample)
    (FOLDER / "sample").write_bytes(sample)
    assert read(FOLDER / "sample").format == name, "recognised"


def damaged(sample: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, left out, doubled, or put elsewhere; numbers made huge."""
    found = bytearray(sample)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(7):
            case 0 if found:
                found[at % len(found)] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 9)]
            case 2:
                found[at:at] = found[at : at + chance.randint(1, 30)]
            case 3:
                found[at:at] = chance.choice(
                    [b"9" * 30, b"-1", b"NaN", b"\xff\xfe", b"\0", b"[" * 50, b'"', b"\n", b",", b"1e999"]
                )
            case 4:
                del found[at:]
            case 5:
                found[at : at + 8] = chance.choice([2**60, 2**63, 2**64 - 1, 0]).to_bytes(8, "little")
            case _:
                other = chance.randrange(len(found) + 1)
                found[at:at] = found[other : other + 12]
    return bytes(found)


@pytest.mark.parametrize(("name", "sample"), ALL)
def test_damaged_samples(name: str, sample: bytes) -> None:
    chance = random.Random(name)
    taken = sum(survives(name, damaged(sample, chance)) for _ in range(400))
    assert taken < 400, "some damage must show"


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=60, deadline=None)
@given(
    content=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_anything(name: str, content: bytes) -> None:
    survives(name, content)
    survives(name, SAMPLES[name] + content)
    survives(name, content + SAMPLES[name])


@pytest.mark.parametrize("name", ["dbcop", "cobra"])
def test_binary_files_that_end_early(name: str) -> None:
    """Every place is noticed, but the end of a record of a log, where a transaction has no end."""
    sample = SAMPLES[name]
    taken = [end for end in range(len(sample)) if survives(name, sample[:end])]
    ends = {"dbcop": [], "cobra": [9, 34, 67, 76, 85, 118]}[name]
    assert taken == ends


def test_lengths_that_lie_reserve_no_memory() -> None:
    sample = SAMPLES["dbcop"]
    tracemalloc.start()
    for at in range(len(sample) - 8):
        for length in (2**31, 2**60, 2**64 - 1):
            survives("dbcop", sample[:at] + length.to_bytes(8, "little") + sample[at + 8 :])
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("opening", [b"[", b'{"a":', b'[{"ops":['])
def test_deep_nesting(opening: bytes) -> None:
    for name in ("timekiller", "csv"):
        assert not survives(name, opening * 100_000)
    header = b"process,function,argument\n0,write,"
    assert survives("csv", header + opening.replace(b'"', b"'") * 10) or True
    assert not survives("csv", header + b'"' + b"[" * 100_000 + b"]" * 100_000 + b'"\n')


@needs_corpus
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("dbcop", "dbcop/excutions/roachdb_all_writes/3_30_20_180/hist-00083/history.bincode"),
        ("cobra", "polysi/artifact/PolySIHistories/fig8_9_10/rubis-10000/hist-00000/T31.log"),
        ("plume", "isovista/history/bugs/yugabyte_tcc.txt"),
        ("awdit", "awdit/histories/tests/causal/generated/l20e200sqrt.txt"),
        ("limo", "violin/data/histories/simple/lifo-violation-dhk-2.log"),
        ("polylin", "polylin/tests/deque_intermediate.1.log"),
    ],
)
def test_damaged_files_of_the_corpus(name: str, file: str) -> None:
    whole = (CORPUS / file).read_bytes()
    chance = random.Random(file)
    for _ in range(40):
        survives(name, damaged(whole, chance))


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no timers that send signals")
def test_a_long_read_hears_signals() -> None:
    class Enough(Exception):  # noqa: N818
        pass

    def ring(_signal: int, _frame: object) -> None:
        raise Enough

    content = b"w(1,2,3,4)\n" * 3_000_000
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.03)
        with pytest.raises(Enough):
            read_foreign("plume", [content])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
