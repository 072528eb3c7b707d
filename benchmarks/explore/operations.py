"""What promises about operations cost: `python -m benchmarks.explore.operations [--quick]`.

Each model is searched in four ways, by one thread, in this process; the time is CPU time of the search, the
median of some runs.

    checked    with the promise: its monitor is part of the state
    known      the same states once more, when all tables are there: what the states alone cost
    without    the promise is not asked for, so it is not in the state either, and there are fewer states
    history    the whole history is in the state and nobody checks it, as peers measure "without"; where they
               check, they search it from the start in every state
    observed   with the promise, its monitor in the footprints of actions: what blind updates save
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from statistics import median
from time import process_time
from unittest import mock

from benchmarks.explore.models.single_copy_register import AllAtOnce
from dscheck import Model
from dscheck._engine import Search
from dscheck.checker.notation.operations import Event, Invoked
from dscheck.checker.notation.run import Run
from dscheck.checker.rules.monitors import watch
from dscheck.checker.rules.monitors.monitor import Known, Monitor
from dscheck.checker.rules.monitors.steps import Steps
from dscheck.checker.rules.system import System
from dscheck.models.registers.abd_register import AbdRegister
from dscheck.models.registers.quorum_register import QuorumRegister
from dscheck.models.registers.single_copy_register import SingleCopyRegister


class History(Monitor):
    """Keeps everything: who did what, and what was over when it began.  Checks nothing."""

    def __init__(self, steps: Steps, may_crash: bool) -> None:
        super().__init__(steps, may_crash)
        self._known: dict[object, int] = {}
        self._content: list[dict[int, tuple[object, ...]]] = []
        self._value({})

    def numbers(self, before: Sequence[int], event: Event) -> list[int]:
        return [self._after(self._content[value], event) for value in before]

    def _after(self, events: dict[int, tuple[object, ...]], event: Event) -> int:
        client = self._client(event)
        over = tuple(sorted((c, len(e) // 2) for c, e in events.items() if c != client and len(e) > 1))
        told = (event.identity(), over if isinstance(event, Invoked) else ())
        return self._value({**events, client: (*events.get(client, ()), told)})

    def _value(self, events: dict[int, tuple[object, ...]]) -> int:
        number = self._known.setdefault(tuple(sorted(events.items())), len(self.values))
        if number == len(self.values):
            self.values.append(Known(number, lambda: "a history", True))
            self._content.append(events)
        return number


def observed(self: watch.Watch, run: Run, event: Event) -> None:
    """An event as an ordinary assignment: what it makes of the monitor is part of the footprint."""
    run.write(self.place, self.monitor.after(run.read(self.place), event))


def search(model: Model, properties: list[str] | None) -> tuple[float, float, int, int]:
    """CPU seconds of a search, and of one that repeats it; states, and Python calls."""
    system = System(model, properties=properties)
    times = []
    for _ in range(2):
        started = process_time()
        states = Search(system.rules, system, system.initial, workers=1).breadth_first().states
        times.append(process_time() - started)
    return times[0], times[1], states, system.python_calls


def ways(model: type[Model], params: dict[str, int], runs: int, slow: bool) -> None:
    """Measure one model in every way, and print a line for each."""
    print(f"\n{model.__name__} {' '.join(f'{key} {value}' for key, value in params.items())}")

    def show(way: str, properties: list[str] | None) -> None:
        found = [search(model(**params), properties) for _ in range(runs)]
        states, calls = found[0][2:]
        for name, at in ((way, 0), ("known", 1)) if way == "checked" else ((way, 0),):
            seconds = median(measured[at] for measured in found)
            each = seconds / states * 1e6
            print(
                f"  {name:<9} {states:>9,} states  {seconds:7.3f} s  {each:6.2f} us/state  {calls:>7,} calls"
            )

    show("checked", None)
    show("without", ["all_done"])
    if not slow:
        with mock.patch.dict(watch._MONITORS, dict.fromkeys(watch._MONITORS, History)):
            show("history", None)
        with mock.patch.object(watch.Watch, "record", observed):
            show("observed", None)


def main() -> None:
    """Measure everything, or, for a look, the small ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explore.operations", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small models, one run of each")
    quick = parser.parse_args().quick
    runs = 1 if quick else 3
    clients = 3 if quick else 4
    ways(AllAtOnce, {"clients": clients}, runs, slow=False)
    ways(SingleCopyRegister, {"clients": clients}, runs, slow=not quick)
    ways(AbdRegister, {"servers": 2} if quick else {}, runs, slow=False)
    ways(QuorumRegister, {"servers": 2} if quick else {}, runs, slow=False)
    if not quick:
        ways(AbdRegister, {"servers": 2, "writers": 2, "readers": 2}, runs, slow=True)


if __name__ == "__main__":
    main()
