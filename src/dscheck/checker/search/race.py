"""Two engines side by side: the first conclusive verdict counts.

They share nothing but the process, so one memory limit holds for both together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

from dscheck.checker.amounts import plural
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.notation.model import Model
    from dscheck.checker.search.request import Request
    from dscheck.checker.search.result import Result

Progress = Callable[[Mapping[str, float]], None]
Explore = Callable[["Model", "Request", Progress | None], "Result"]

_PULSE: Final = 0.05
"""Seconds between looks at signals."""


class _Runner(Thread):
    """One engine at work, until it is done or told to stop."""

    def __init__(self, engine: str, run: Callable[[Progress], Result], done: SimpleQueue[_Runner]) -> None:
        super().__init__(name=f"dscheck {engine}", daemon=True)
        self.engine = engine
        self.covered: Mapping[str, float] = {}
        self.result: Result | None = None
        self.error: BaseException | None = None
        self._run, self._done, self._context = run, done, copy_context()
        self._stop_now = Event()

    def run(self) -> None:
        """Search, and say that it is over."""
        try:
            self.result = self._context.run(self._run, self._told)
        except BaseException as error:
            self.error = error
        self._done.put(self)

    def stop(self) -> None:
        """End the search soon, as Ctrl-C does."""
        self._stop_now.set()

    def _told(self, numbers: Mapping[str, float]) -> None:
        self.covered = numbers
        if self._stop_now.is_set():
            raise KeyboardInterrupt

    @property
    def is_conclusive(self) -> bool:
        """Whether its verdict decides."""
        return self.result is not None and self.result.verdict is not Verdict.UNDECIDED

    def told(self) -> str:
        """How far it is, in a few words."""
        if "nodes" in self.covered:
            return f"diagrams of {plural(int(self.covered['nodes']), 'node')}"
        return plural(int(self.covered.get("states", 0)), "state")


def race(model: Model, request: Request, explore: Explore, progress: Progress | None) -> Result:
    """Search with both engines at once; the first verdict other than undecided ends it.

    Raises:
        Exception: what an engine raised, such as HiddenState, where no verdict came before.
    """
    done: SimpleQueue[_Runner] = SimpleQueue()
    alone = [replace(request, engine="explicit", layers=None), replace(request, engine="symbolic")]
    runners = [_runner(type(model)(**model.params), asked, explore, done) for asked in alone]
    for runner in runners:
        runner.start()
    ended: list[_Runner] = []
    try:
        while len(ended) < len(runners) and not any(one.is_conclusive or one.error for one in ended):
            ended += _next(done, runners, progress)
    except KeyboardInterrupt:
        pass  # each tells what it had covered
    before = {runner.engine: runner.told() for runner in runners if runner not in ended}
    for runner in runners:
        runner.stop()
    for runner in runners:
        runner.join()
    return _chosen(runners, ended, before, request)


def _runner(model: Model, request: Request, explore: Explore, done: SimpleQueue[_Runner]) -> _Runner:
    def run(told: Progress) -> Result:
        return explore(model, request, told)

    return _Runner(request.engine, run, done)


def _next(done: SimpleQueue[_Runner], runners: list[_Runner], progress: Progress | None) -> list[_Runner]:
    """Who has come to an end just now."""
    try:
        return [done.get(timeout=_PULSE)]
    except Empty:
        if progress is not None:
            explicit = runners[0].covered
            if explicit:
                progress({**explicit, **{k: v for k, v in runners[1].covered.items() if k == "nodes"}})
        return []


def _chosen(
    runners: list[_Runner], ended: list[_Runner], before: Mapping[str, str], request: Request
) -> Result:
    first = next((runner for runner in ended if runner.is_conclusive), None)
    failed = next((runner for runner in runners if runner.error is not None), None)
    if first is None and failed is not None:
        assert failed.error is not None
        raise failed.error
    if first is None:  # both undecided: the one that covered more
        first = max(runners, key=lambda runner: runner.result.states if runner.result else -1)
    assert first.result is not None
    others = [f"{engine} had {told} by then" for engine, told in before.items() if engine != first.engine]
    others += [f"{runner.engine} was undecided" for runner in ended if runner is not first]
    what = "was first" if first.is_conclusive else "covered more, but neither decides"
    told = "; ".join([f"{first.engine} {what}", *others])
    return replace(first.result, request=request, race=told)
