"""Both engines side by side: the first conclusive verdict counts."""

from __future__ import annotations

import os
import re
import signal
import threading
from typing import Any

import pytest

from climbing import Greets, Ladder, Overshoots, Raises, Unreached
from differential.agreement import check_trace
from dscheck import HiddenState, Model, Node, Verdict, action, always, explore, require, var
from dscheck.checker.search.symbolic.explore import SymbolicSearch
from dscheck.models.consensus.raft import Raft
from rules.test_hidden_state import Global


class Count(Node):
    n: int = var(0)


class Counters(Model):
    """There are 9**12 states, and all counters are at their top in the last of them."""

    def setup(self) -> None:
        self.make(Count, 12, "c")

    @action
    def grow(self, c: Count) -> None:
        require(c.n < 8)
        c.n += 1

    @always
    def somebody_is_low(self) -> bool:
        return any(c.n < 8 for c in self.all(Count))


def test_what_only_a_long_explicit_search_would_find() -> None:
    result = explore(Counters(), engine="auto", audit="none", memory=None)
    assert result.verdict is Verdict.VIOLATED
    assert result.trace is not None
    assert len(result.trace.steps) == 12 * 8
    assert result.engine == "symbolic"
    assert result.request.engine == "auto"
    told = re.fullmatch(r"symbolic was first; explicit had ([\d,]+) states? by then", result.race)
    assert told
    assert int(told[1].replace(",", "")) < 9**12
    assert any("symbolic was first" in line for line in str(result).splitlines())
    assert result.to_json()["race"] == result.race
    check_trace(Counters(), result)


@pytest.mark.parametrize("layers", [True, False])
def test_layers_are_about_the_symbolic_engine(layers: bool) -> None:
    result = explore(Ladder(), engine="auto", layers=layers)
    assert (result.verdict, result.request.layers) == (Verdict.HOLDS, layers)


@pytest.mark.parametrize("model", [Ladder, Overshoots, Unreached, Raises, Greets])
def test_the_verdict_is_that_of_either_engine(model: type[Model]) -> None:
    result, alone = explore(model(), engine="auto"), explore(model())
    assert result.verdict is alone.verdict
    assert result.sentence() == alone.sentence()
    other = {"explicit": "symbolic", "symbolic": "explicit"}[result.engine]
    assert result.race.startswith(f"{result.engine} was first; {other} had ")


def failing(*_: object) -> Any:
    raise RuntimeError("out of order")


def test_an_error_of_the_model_is_raised() -> None:
    with pytest.raises(HiddenState, match="depends on something"):
        explore(Global(), engine="auto")


def test_an_error_of_an_engine_is_raised_where_there_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SymbolicSearch, "run", failing)
    with pytest.raises(RuntimeError, match="out of order"):
        explore(Raft(nodes=5), engine="auto", time=60)


@pytest.mark.parametrize("limits", [{"states": 50}, {"time": 0.5}], ids=str)
def test_neither_decides(limits: dict[str, Any]) -> None:
    result = explore(Raft(nodes=5), engine="auto", audit="none", **limits)
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, *limits)
    assert "neither decides" in result.race
    assert result.exit_code == 3


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    timer = threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT))
    search = SymbolicSearch.run

    def run(*args: Any) -> Any:
        timer.start()
        return search(*args)

    monkeypatch.setattr(SymbolicSearch, "run", run)
    result = explore(Raft(nodes=5), engine="auto", audit="none", time=100)
    timer.join()
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "interrupted")
    assert result.states > 1
    assert "neither decides" in result.race


def test_progress_is_told_of_both() -> None:
    told: list[dict[str, float]] = []
    explore(
        Raft(nodes=5),
        engine="auto",
        time=3.0,
        audit="none",
        progress=lambda numbers: told.append(dict(numbers)),
    )
    assert told
    assert {"states", "depth", "seconds"} <= told[-1].keys()
    assert any("nodes" in numbers for numbers in told)
