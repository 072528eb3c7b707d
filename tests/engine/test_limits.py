"""Limits end a search in the right way, soon enough, and never as if it had seen everything."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections.abc import Callable
from time import monotonic

import pytest

from dscheck._engine import Report, Rules, Search

VALUES = 12
GENEROUS = 20.0
"""Seconds within which a machine that is busy with something else must react, too."""


class Counting:
    """Ten variables, each of which counts on its own: far more states than anybody can visit."""

    def __init__(self) -> None:
        self.rules = Rules()
        self.slots = [self.rules.add_slot() for _ in range(10)]
        for slot in self.slots:
            self.rules.grow_slot(slot, VALUES)
        self.trees = [self.rules.add_tree("step") for _ in self.slots]

    def learn(self, misses: list[tuple[int, list[int], list[int]]]) -> None:
        for tree, state, _ in misses:
            slot = self.slots[tree]
            more = state[slot] + 1
            leaf = self.rules.add_outcome([(slot, more)], []) if more < VALUES else -1
            self.rules.learn(tree, [(self.rules.observe_slot(slot), state[slot])], leaf)

    def operate(self, gaps: list[tuple[int, int]]) -> None:
        raise AssertionError("there are no blind updates")

    def search(self, workers: int) -> Search:
        return Search(self.rules, self, [[0] * len(self.slots)], workers=workers)


def interrupt_after(seconds: float) -> threading.Timer:
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def check_partial(report: Report) -> None:
    assert report.finding is None
    assert report.frontier > 0
    assert sum(report.levels) == report.states


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_time(workers: int, seconds: float) -> None:
    started = monotonic()
    report = Counting().search(workers).breadth_first(seconds=seconds)
    assert report.stop == "time"
    assert monotonic() - started < seconds + GENEROUS
    check_partial(report)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("states", [100, 50_000])
def test_states(workers: int, states: int) -> None:
    report = Counting().search(workers).breadth_first(states=states)
    assert (report.stop, report.states) == ("states", states)
    check_partial(report)


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="the system does not tell")
def test_memory() -> None:
    room = 20_000_000
    limit = resident() + room
    report = Counting().search(2).breadth_first(memory=limit, seconds=120)
    assert report.stop == "memory"
    assert resident() < limit + room
    check_partial(report)


SEARCHES: dict[str, Callable[[Search], Report]] = {
    "breadth first": lambda search: search.breadth_first(seconds=120),
    "walks": lambda search: search.walks(walks=10**9, length=100, seed=1, seconds=120),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_interrupt(name: str) -> None:
    search, started = Counting().search(2), monotonic()
    timer = interrupt_after(0.5)
    report = SEARCHES[name](search)
    timer.join()
    assert report.stop == "interrupted"
    assert monotonic() - started < GENEROUS
    assert report.finding is None
