"""However a file is cut into pieces, the same is read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import CORPUS, needs_corpus
from dscheck._engine import Reader, Unreadable

SAMPLES = {
    "json-lines": """{"dscheck":1}\r
{"type":"invoke","process":"ä","f":"x","value":[[1,"é\\u00e9"],{"a":-1.5e3}],"time":12}

{"type":"ok","process":"ä","time":123456,"value":true}
{"type":"note","event":"€"}""",
    "json": """ [ {"type":"invoke","f":"txn","value":[["r","x",null]],"process":10}
, {"type":"ok","process":10, "value":[["r","x",[1,22,{"€":null}]]]} ] """,
    "edn": """; a comment
[#jepsen.history.Op{:type :invoke, :f :txn, :value [[:r "x" nil] [:append :y #{1.5 22}]],
 :process 10, :time 33} #_ {:type :ok} ,
{:type :ok :f :txn :value [[:r "€" [1 \\ä 3/4]] [:append #a/b :y ##NaN]]
 :process 10 :time 44, :error [1 {2 3}]}
;end
]
""",
    "log": "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.core - x\n"
    "INFO  jepsen.util - 0\t:fail\t:cas\t[1 2]",
}


def fed(shape: str, pieces: list[bytes]) -> Any:
    reader = Reader(shape, jepsen=shape != "json-lines", strict=shape == "json-lines")
    try:
        for piece in pieces:
            reader.feed(piece)
        return reader.finish()
    except Unreadable as error:
        return error.args


def cut(text: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({min(place, len(text)) for place in places} | {len(text)})
    return [text[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("shape", SAMPLES)
def test_samples_byte_by_byte_and_in_two(shape: str) -> None:
    text = SAMPLES[shape].encode()
    whole = fed(shape, [text])
    assert isinstance(whole, dict), whole
    assert fed(shape, [bytes([byte]) for byte in text]) == whole
    for place in range(len(text)):
        assert fed(shape, cut(text, [place])) == whole


@settings(max_examples=300)
@given(data=st.data())
def test_damaged_samples_in_pieces(data: st.DataObject) -> None:
    """What is wrong is wrong in any case; what is said of it depends on how much was seen."""
    shape = data.draw(st.sampled_from(sorted(SAMPLES)))
    text = SAMPLES[shape].encode()
    at, size = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 9))
    text = text[:at] + data.draw(st.binary(max_size=3)) + text[at + size :]
    pieces = cut(text, data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    in_pieces, whole = fed(shape, pieces), fed(shape, [text])
    assert in_pieces == whole or (isinstance(in_pieces, tuple) and isinstance(whole, tuple))


@needs_corpus
@settings(max_examples=20)
@given(data=st.data())
def test_recordings_in_pieces(data: st.DataObject) -> None:
    name, shape = data.draw(
        st.sampled_from(
            [
                ("elle-cli/histories/jepsen/bank.edn", "edn"),
                ("knossos/data/multi-register/good/multi-register.edn", "edn"),
                ("elle-cli/histories/jepsen/counter.json", "json"),
                ("porcupine/test_data/jepsen/etcd_007.log", "log"),
            ]
        )
    )
    text = (CORPUS / name).read_bytes()
    pieces = cut(text, data.draw(st.lists(st.integers(0, len(text)), max_size=40)))
    assert fed(shape, pieces) == fed(shape, [text])
