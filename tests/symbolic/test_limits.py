"""Limits end a symbolic search in the right way, and never as if it had seen everything."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from climbing import Bounded, Climber, Greets, Ladder, Raises
from dscheck import (
    HiddenState,
    Message,
    Model,
    Node,
    Result,
    Verdict,
    action,
    always,
    explore,
    receive,
    require,
    var,
)
from dscheck._engine import Search
from dscheck.checker.rules.system import System
from dscheck.checker.search.symbolic import warmup
from dscheck.checker.search.symbolic.explore import SymbolicSearch
from dscheck.models.consensus.raft import Raft
from engine.test_limits import resident
from rules.test_hidden_state import Global
from symbolic.agreement import both

WAYS = pytest.mark.parametrize("layers", [True, False], ids=["layers", "no layers"])


def large(**limits: Any) -> Result:
    """A search that takes minutes if nothing ends it."""
    return explore(Raft(nodes=5), engine="symbolic", audit="none", **limits)


def check_partial(result: Result, stop: str) -> None:
    """Undecided, and no number says more than what was seen."""
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, stop)
    assert result.exit_code == 3
    assert result.finding is None
    assert result.states >= 1
    assert "is undecided: no violation" in result.sentence()
    if not result.levels:
        assert result.depth is None
        return
    assert result.depth is not None
    assert result.states == sum(result.levels)
    assert -1 <= result.depth < len(result.levels)
    assert result.frontier > 0
    deep = min(result.depth, 4)
    if deep >= 0:
        explicit = explore(Raft(nodes=5), depth=deep, audit="none")
        assert result.levels[: deep + 1] == explicit.levels


@WAYS
@pytest.mark.parametrize("time", [0.01, 1.5])
def test_time(layers: bool, time: float) -> None:
    check_partial(large(time=time, layers=layers), "time")


class Note(Message):
    value: int


class Peer(Node):
    sent: int = var(0)
    best: int = var(0)


class Gossip(Model):
    """It looks at all messages at once: thousands of footprints, each about all of them."""

    def setup(self) -> None:
        self.make(Peer, 4, "p")

    @action
    def send(self, p: Peer, to: Peer) -> None:
        require(p is not to and p.sent < 3)
        p.send(to, Note(value=p.sent))
        p.sent += 1

    @receive
    def on_note(self, p: Peer, m: Note) -> None:
        p.best = max(p.best, m.value)

    @action
    def survey(self, p: Peer) -> None:
        notes = self.in_flight(Note)
        require(len(notes) > 5)
        p.best = max((note.value for note in notes if note.dst is p), default=p.best)


@WAYS
def test_time_while_footprints_are_compiled(layers: bool) -> None:
    """Nothing but the first state was reached, and nothing is said about it."""
    result = explore(Gossip(), engine="symbolic", layers=layers, time=1.0)
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "time")
    assert result.states == 1
    assert result.actions.keys() >= {"send"}


@pytest.mark.parametrize("seconds", [None, 0.3])
def test_a_warm_up_has_one_time_for_all_it_does(
    seconds: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[float | None] = []

    class Recorder:
        def __init__(self, *args: Any) -> None:
            self._search = Search(*args)

        def breadth_first(self, **limits: Any) -> Any:
            given.append(limits["seconds"])
            return self._search.breadth_first(**limits)

        def walks(self, **limits: Any) -> Any:
            given.append(limits["seconds"])
            return self._search.walks(**limits)

    monkeypatch.setattr(warmup, "Search", Recorder)
    system = System(Raft(nodes=5), properties=(), seed=0)
    warmup.warm_up(system, system.initial, seconds, None)
    assert len(given) > 1
    if seconds is None:
        assert set(given) == {None}
    else:
        left = [some for some in given if some is not None]
        assert len(left) == len(given)
        assert left[0] == seconds
        assert left[1:] == sorted(set(left[1:]), reverse=True)
        assert left[1] < seconds


@WAYS
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the system does not tell")
@pytest.mark.parametrize("room", [1, 30_000_000])
def test_memory(layers: bool, room: int) -> None:
    check_partial(large(memory=resident() + room, layers=layers, time=120), "memory")


@pytest.mark.parametrize("states", [1, 10, 1_000])
def test_states(states: int) -> None:
    """Whole levels are found at once, so they may be some more."""
    result = explore(Ladder(climbers=3, top=50), engine="symbolic", states=states)
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "states")
    assert states < result.states == sum(result.levels)
    whole = explore(Ladder(climbers=3, top=50))
    assert result.levels == whole.levels[: len(result.levels)]
    assert result.depth == len(result.levels) - 2, "the last level is not judged"


def test_as_many_states_as_there_are() -> None:
    assert explore(Ladder(), engine="symbolic", states=5).verdict is Verdict.HOLDS
    assert explore(Ladder(), engine="symbolic", states=4).verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("depth", [0, 1, 3, 9, 99])
def test_depth(depth: int) -> None:
    explicit, symbolic = both(lambda: Greets(climbers=2), layers=True, depth=depth, properties=["arrives"])
    assert symbolic.sentence() == explicit.sentence()


class Undivided(Ladder):
    @always
    def fine(self, c: Climber) -> bool:
        return 1 // (3 - c.height) < 9


@WAYS
@pytest.mark.parametrize("model", [Raises, Undivided])
def test_a_model_that_raises(layers: bool, model: type[Model]) -> None:
    _, result = both(model, layers=layers)
    assert (result.verdict, result.exit_code) == (Verdict.AT_FAULT, 4)


@WAYS
def test_hidden_state(layers: bool) -> None:
    with pytest.raises(HiddenState, match="depends on something"):
        explore(Global(), engine="symbolic", layers=layers)


class Restless(Ladder):
    """Behind the states that the warm-up sees, it looks at something else from one run to the next."""

    runs = 0

    @action
    def look(self, c: Climber) -> None:
        type(self).runs += 1
        require(c.height > 1)
        require(self.all(Climber)[self.runs % 2].height == 9)


@WAYS
def test_hidden_state_that_contradicts_itself(layers: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "_STATES", 1)
    monkeypatch.setattr(warmup, "_TIMES", 0)
    with pytest.raises(HiddenState, match="observed"):
        explore(Restless(climbers=3), engine="symbolic", layers=layers, audit="all")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"engine": "magic"}, 'write "explicit", "symbolic" or "auto"'),
        ({"layers": True}, 'layers=... is for engine="symbolic"'),
        ({"layers": False}, 'layers=... is for engine="symbolic"'),
        ({"engine": "symbolic", "layers": False, "depth": 3}, "leave out layers=False, or the depth"),
        ({"engine": "symbolic", "walks": 3}, 'leave out engine="symbolic", or walks'),
        ({"engine": "auto", "walks": 3}, 'leave out engine="auto", or walks'),
    ],
)
def test_arguments_without_sense(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore(Ladder(), **arguments)


@pytest.mark.parametrize(
    ("model", "limits"), [(Ladder(climbers=2), {"states": 4}), (Bounded(), {})], ids=["states", "bound"]
)
def test_what_needs_layers_is_refused_without(model: Model, limits: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="leave out layers=False"):
        explore(model, engine="symbolic", layers=False, **limits)


def interrupting(method: Callable[..., Any], at: int) -> Callable[..., Any]:
    """The method, which hears Ctrl-C when it is called for the so-manieth time."""
    calls = 0

    def call(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at:
            raise KeyboardInterrupt
        return method(*args)

    return call


@WAYS
@pytest.mark.parametrize("at", [1, 2, 3, 5])
def test_ctrl_c_while_python_learns(layers: bool, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first time is in the warm-up, others are not."""
    monkeypatch.setattr(warmup, "_STATES", 1)
    monkeypatch.setattr(warmup, "_TIMES", 0)
    monkeypatch.setattr(System, "learn", interrupting(System.learn, at))
    result = explore(Greets(climbers=2), engine="symbolic", layers=layers, properties=["arrives"])
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "interrupted")
    assert 1 <= result.states <= explore(Greets(climbers=2), properties=["arrives"]).states


@WAYS
@pytest.mark.parametrize("seconds", [0.01, 0.4, 2.0])
def test_ctrl_c_at_any_time(layers: bool, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    search = SymbolicSearch.run

    def run(*args: Any) -> Any:
        timer.start()
        return search(*args)

    monkeypatch.setattr(SymbolicSearch, "run", run)
    result = large(layers=layers, time=100)
    timer.join()
    check_partial(result, "interrupted")
