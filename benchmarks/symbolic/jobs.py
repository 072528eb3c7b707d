"""What is measured: contests between ways to find the same states."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from statistics import median
from typing import Any, Final

from benchmarks.process import BenchmarkError, measure
from benchmarks.symbolic.orders import NAMES


@dataclass(frozen=True)
class Contest:
    """Ways to find one set of states."""

    name: str
    model: str
    params: Mapping[str, int]
    ways: Mapping[str, Mapping[str, Any]]
    """What the child is told, by what the report calls it."""
    states: int | None = None
    """How many there are, where that is known from elsewhere."""
    absent: Sequence[str] = ()
    """Who does not take part, and why."""
    unequal: str = ""
    """Why promises change the number of states; empty: they do not."""


@dataclass(frozen=True)
class Figure:
    """What one run of one way came to."""

    states: int
    cpu: float
    """Seconds of the search alone; Python had started before."""
    nodes: int | None
    """Of the set of all states."""
    made: int | None
    """All nodes that were there at the end, in use or not."""
    python_calls: int
    is_done: bool
    """Whether it came to its end within the limit."""


@dataclass(frozen=True)
class Standing:
    """What one way came to, in all its runs."""

    way: str
    runs: Sequence[Figure]

    @property
    def median(self) -> Figure:
        """With the median of CPU seconds; all else is the same in each run."""
        is_done = all(run.is_done for run in self.runs)
        return replace(self.runs[0], cpu=median(run.cpu for run in self.runs), is_done=is_done)


@dataclass(frozen=True)
class Table:
    """A contest that was held."""

    contest: Contest
    standings: Sequence[Standing] = field(default_factory=tuple)


SATURATION: Final = "saturation"
LAYERS: Final = "layers"
EXPLICIT: Final = "state by state"
PROMISED: Final = "all promises"

_NOTHING: Final[Mapping[str, Any]] = {"properties": []}
"""Only which states there are."""
_SYMBOLIC: Final = {"work": "search", "engine": "symbolic", "layers": False}
_LAYERED: Final = {"work": "search", "engine": "symbolic", "layers": True}
_EXPLICIT: Final = {"work": "search", "engine": "explicit", "workers": 1}

_HUGE: Final = {"raft terms=1 requests=2": 12_077_045_476, "raft terms=2": 597_901_445_275}
"""What nothing but saturation can be asked for, and how many states there are."""

FULL: Final = {
    "commit": (20, 50, 100),
    "promised": (20, 50, 100),
    "against": (
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 9}),
        ("raft:Raft", {"terms": 1, "requests": 1}),
        ("raft:Raft", {"terms": 1, "requests": 2}),
        ("raft:Raft", {"terms": 2}),
        ("paxos:Paxos", {"ballots": 3}),
        ("lamport_mutex:LamportMutex", {"nodes": 3, "turns": 1}),
        ("single_copy_register:SingleCopyRegister", {"clients": 4}),
    ),
    "orders": (
        ("raft:Raft", {"terms": 1}),
        ("paxos:Paxos", {"ballots": 3}),
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 9}),
        ("lost_update:LostUpdate", {"clients": 3}),
    ),
    "peers": (
        ("raft:Raft", {"terms": 1}),
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 9}),
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 50}),
        ("lost_update:LostUpdate", {"clients": 3}),
    ),
}
QUICK: Final = {
    "commit": (5,),
    "promised": (5,),
    "against": (("raft:Raft", {"nodes": 2, "terms": 1}), ("paxos:Paxos", {"ballots": 1})),
    "orders": (
        ("raft:Raft", {"nodes": 2, "terms": 1}),
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 5}),
        ("lost_update:LostUpdate", {"clients": 2}),
    ),
    "peers": (
        ("raft:Raft", {"nodes": 2, "terms": 1}),
        ("two_phase_commit:TwoPhaseCommit", {"nodes": 5}),
        ("lost_update:LostUpdate", {"clients": 2}),
    ),
}


def commit_states(nodes: int) -> int:
    """The states of two-phase commit: nothing decided, aborted, committed."""
    states: int = 6**nodes + 4**nodes + 2**nodes
    return states


def suite(quick: bool, only: Sequence[str]) -> list[Contest]:
    """The contests whose names start with one of `only`."""
    contests = list(_contests(QUICK if quick else FULL))
    for wanted in only:
        if not any(contest.name.startswith(wanted) for contest in contests):
            known = ", ".join(contest.name for contest in contests)
            raise BenchmarkError(f"there is no {wanted}; there are {known}")
    return [one for one in contests if not only or one.name.startswith(tuple(only))]


def _contests(sizes: Mapping[str, Any]) -> Iterator[Contest]:
    commit = "two_phase_commit:TwoPhaseCommit"
    for nodes in sizes["commit"]:
        ways = {f"{SATURATION}, only the states": {**_SYMBOLIC, **_NOTHING}}
        if nodes in sizes["promised"]:
            ways[f"{SATURATION}, {PROMISED}"] = _SYMBOLIC
        params = {"nodes": nodes}
        yield Contest(_name("two_phase_commit", params), commit, params, ways, commit_states(nodes))
    for model, params in sizes["against"]:
        yield _against(model, params)
    for model, params in sizes["orders"]:
        ways = {name: {"work": "order", "order": name} for name in NAMES}
        yield Contest(_name("orders", model.partition(":")[0], params), model, params, ways)
    for model, params in sizes["peers"]:
        yield peer(model, params)


def _against(model: str, params: Mapping[str, int]) -> Contest:
    """Sets against states; with all promises, and without any."""
    ways: dict[str, Mapping[str, Any]] = {
        f"{SATURATION}, only the states": {**_SYMBOLIC, **_NOTHING},
        f"{SATURATION}, @always": {**_SYMBOLIC, "properties": "always"},
        f"{SATURATION}, {PROMISED}": _SYMBOLIC,
    }
    name = _name(model.partition(":")[0], params)
    if name in _HUGE:
        return Contest(name, model, params, ways, _HUGE[name])
    ways |= {
        f"{LAYERS}, only the states": {**_LAYERED, **_NOTHING},
        f"{EXPLICIT}, only the states": {**_EXPLICIT, **_NOTHING},
        f"{EXPLICIT}, {PROMISED}": _EXPLICIT,
    }
    unequal = "a promise about operations is part of the state" if "register" in model else ""
    return Contest(name, model, params, ways, unequal=unequal)


def peer(model: str, params: Mapping[str, int]) -> Contest:
    """The same rules and the same order, in our diagrams and in those of oxidd."""
    ways: dict[str, Mapping[str, Any]] = {"dscheck, saturation": {"work": "order", "order": NAMES[0]}}
    absent = []
    if find_spec("oxidd") is None:
        absent.append("oxidd takes no part: it is not installed (pip install oxidd)")
    else:
        ways["oxidd BDDs, rule by rule"] = {"work": "oxidd", "order": NAMES[0]}
    return Contest(_name("oxidd", model.partition(":")[0], params), model, params, ways, absent=tuple(absent))


def _name(*parts: Any) -> str:
    *names, params = parts
    return " ".join([*filter(None, names), *(f"{key}={value}" for key, value in params.items())])


Say = Callable[[str], None]


def hold(contest: Contest, rounds: int, limit: float, say: Say) -> Table:
    """Let every way run in turn, so that a busy minute of the machine hits all alike."""
    done: dict[str, list[Figure]] = {way: [] for way in contest.ways}
    for at in range(rounds):
        for way, task in contest.ways.items():
            if any(not run.is_done for run in done[way]):
                continue  # once is enough to know that it takes too long
            say(f"{contest.name}: {way}, run {at + 1} of {rounds}")
            job = {"model": contest.model, "params": dict(contest.params), "limit": limit, **task}
            printed, _ = measure([sys.executable, "-m", "benchmarks.symbolic.child", json.dumps(job)])
            done[way].append(Figure(**json.loads(printed)))
        _agree(contest, done)
    return Table(contest, [Standing(way, runs) for way, runs in done.items()])


def _agree(contest: Contest, done: Mapping[str, Sequence[Figure]]) -> None:
    known = [] if contest.states is None else [("as known", contest.states)]
    for has_promises in (False, True) if contest.unequal else (None,):
        ways = [way for way in done if has_promises in (None, way.endswith(PROMISED))]
        counts = [*known, *((way, run.states) for way in ways for run in done[way] if run.is_done)]
        if len({number for _, number in counts}) > 1:
            told = [f"  {way}: {number:,}" for way, number in counts]
            raise BenchmarkError("\n".join([f"{contest.name}: different numbers of states", *told]))
