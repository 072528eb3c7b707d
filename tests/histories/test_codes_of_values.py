"""The engine's pool and Python's values give the same codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dscheck.histories.formats.encoding import edn_text, to_json
from dscheck.histories.history import History
from dscheck.histories.reading import read
from dscheck.histories.values import Values
from recordings import DATA, VALUES, frozen, same


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("values") / "history"


def agree(history: History, values: list[Any]) -> None:
    """The engine's codes stand for these values, are equal where they are, and Python finds the same."""
    codes = history.argument.tolist()
    texts = [frozen(value) for value in values]
    for code, value in zip(codes, values, strict=True):
        assert same(history.values.value(code), value)
    for at, code in enumerate(codes):
        assert codes.index(code) == texts.index(texts[at])
    sizes = len(history.values.atoms), len(history.values.kinds)
    assert [history.values.code(value) for value in values] == codes
    assert (len(history.values.atoms), len(history.values.kinds)) == sizes


@given(values=st.lists(VALUES, min_size=1, max_size=8))
def test_codes_of_json(path: Path, values: list[Any]) -> None:
    lines = [{"dscheck": 1, "exact": True}]
    lines += [{"process": at, "f": "w", "argument": to_json(v), "call": at} for at, v in enumerate(values)]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    agree(read(path), values)


@given(values=st.lists(DATA, min_size=1, max_size=8))
def test_codes_of_edn(path: Path, values: list[Any]) -> None:
    lines = [f"{{:type :invoke :f :x :process {at} :value {edn_text(v)}}}" for at, v in enumerate(values)]
    path.write_text("\n".join(lines), "utf-8", newline="\n")
    agree(read(path), values)


@given(values=st.lists(VALUES, max_size=8))
def test_a_code_stands_for_its_value(values: list[Any]) -> None:
    known = Values()
    codes = [known.code(value) for value in values]
    assert [frozen(known.value(code)) for code in codes] == [frozen(value) for value in values]
    assert [known.code(value) for value in values] == codes
    for value, code in zip(values, codes, strict=True):
        if isinstance(value, str | bool | float | bytes):
            assert known.find(value) == code


def test_what_does_not_occur_is_not_found() -> None:
    known = Values()
    assert known.find("x") is None
    assert len(known.atoms) == 0
