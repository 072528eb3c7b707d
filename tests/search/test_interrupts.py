"""A Ctrl-C that comes in a callback, where Python loses it, is heard all the same."""

from __future__ import annotations

import gc
import signal
import sys
import threading
import weakref
from collections.abc import Callable
from typing import Any

import click
import pytest
from click.testing import CliRunner

from climbing import Climber, Ladder
from dscheck import Verdict, action, explore, prove, require
from dscheck.checker.consistency.verify import verify
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.search.request import Engine
from dscheck.checker.specifications.specification import Asked, Specification
from dscheck.cli import models
from dscheck.cli.group import main
from dscheck.histories.history import OK
from linearizability.small import history_of


class Thing:
    """Something to be forgotten."""


def ctrl_c(*_: Any) -> None:
    signal.raise_signal(signal.SIGINT)


def by_weak_reference() -> None:
    thing = Thing()
    reference = weakref.ref(thing, ctrl_c)
    del thing
    assert reference() is None


def by_finalizer() -> None:
    class Closes:
        __del__ = ctrl_c

    Closes()


def by_collector() -> None:
    gc.callbacks.append(ctrl_c)
    try:
        gc.collect()
    finally:
        gc.callbacks.remove(ctrl_c)


WAYS = pytest.mark.parametrize("lose", [by_weak_reference, by_finalizer, by_collector])


@WAYS
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_python_loses_it(lose: Callable[[], None]) -> None:
    """Otherwise the tests below show nothing."""
    lose()


@WAYS
def test_it_is_raised_again(lose: Callable[[], None]) -> None:
    @interrupts_kept()
    def work() -> None:
        lose()
        for _ in range(1000):
            pass

    with pytest.raises(KeyboardInterrupt):
        work()


def test_other_errors_go_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: told.append(lost.exc_type))
    before = sys.unraisablehook
    with interrupts_kept():
        thing = Thing()
        reference = weakref.ref(thing, lambda _: 1 // 0)
        del thing
        assert reference() is None
    assert told == [ZeroDivisionError]
    assert sys.unraisablehook is before


def test_other_threads_change_nothing() -> None:
    before, within = sys.unraisablehook, []

    def run() -> None:
        with interrupts_kept():
            within.append(sys.unraisablehook)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert within == [before]


class Forgets(Ladder):
    """Near the top a Ctrl-C comes, and is lost."""

    @action
    def climb(self, c: Climber) -> None:
        require(c.height < self.top)
        if c.height == self.top - 1:
            by_weak_reference()
        c.height += 1


@pytest.mark.parametrize("engine", ["explicit", "symbolic"])
def test_a_search_hears_it(engine: Engine) -> None:
    result = explore(Forgets(climbers=2), engine=engine, audit="none")
    assert (result.verdict, result.stop) == (Verdict.UNDECIDED, "interrupted")


def test_a_proof_hears_it() -> None:
    proof = prove(Forgets(climbers=2))
    assert (proof.verdict, proof.stop) == (Verdict.UNDECIDED, "interrupted")


class Adder(Specification):
    """Loses a Ctrl-C before its first step."""

    name = "adder"
    functions = ("add",)

    def initial(self) -> int:
        by_weak_reference()
        return 0

    def step(self, state: Any, asked: Asked) -> int:
        total: int = state + asked.argument
        return total


def test_a_check_hears_it() -> None:
    history = history_of([("add", 1, None, OK)] * 3, [0, 1, 2], [3, 4, 5], range(3))
    verification = verify(history, model=Adder())
    assert verification.verdict is Verdict.UNDECIDED
    assert verification.judgements[0].interrupted


def test_a_command_hears_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def show(context: click.Context) -> None:
        by_weak_reference()
        for _ in range(1000):
            pass

    monkeypatch.setattr(models.models, "invoke", show)
    answer = CliRunner().invoke(main, ["models"])
    assert (answer.exit_code, answer.stderr) == (3, "interrupted\n")
