"""The state spaces that several checkers visit, and how each is asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from benchmarks.explore import promela
from benchmarks.explore.child import Job


@dataclass(frozen=True)
class Promela:
    """A text for SPIN."""

    text: str
    longest: int
    """No run has more steps without coming back to where it was."""


@dataclass(frozen=True)
class Tla:
    """A module for TLC."""

    module: str
    constants: Mapping[str, int]


@dataclass(frozen=True)
class Space:
    """A protocol at one size."""

    name: str
    job: str
    states: int
    """In closed form, or as many as all checkers found when this was written; else it is an error."""
    ours: Job
    stateright: tuple[str, ...]
    """What our program on Stateright is told."""
    promela: Promela | str
    """Or why SPIN does not take part."""
    tla: Tla | str
    """Or why TLC does not take part."""
    depth_first: bool = True
    """Whether SPIN and Stateright are faster that way."""
    uncounted: int = 0
    """States at the start that only our model has, each with one transition."""
    unequal: str = ""
    """Why we do not have as many states as the others."""
    our_states: int | None = None
    """How many we have, if not as many as the others."""


_MODELS: Final = "benchmarks.explore.models"


def two_phase_commit(nodes: int) -> Space:
    """All that can happen to a transaction."""
    params = {"nodes": nodes}
    return Space(
        name=f"two_phase_commit-{nodes}",
        job=f"{nodes} resource managers: every state, and the invariant `consistent`",
        states=two_phase_commit_states(nodes),
        ours=Job(
            model="two_phase_commit:TwoPhaseCommit", params=params, options={"properties": ["consistent"]}
        ),
        stateright=("two_phase_commit", str(nodes)),
        promela=Promela(promela.text("two_phase_commit", nodes), 3 * nodes + 1),
        tla=Tla("two_phase_commit", params),
    )


def two_phase_commit_states(nodes: int) -> int:
    """How many there are, in closed form."""
    states: int = 6**nodes + 4**nodes + 2**nodes
    return states


def ring_election(nodes: int) -> Space:
    """Everyone may call an election at any time."""
    params = {"nodes": nodes}
    bids = nodes * (nodes + 1) // 2
    return Space(
        name=f"ring_election-{nodes}",
        job=f"{nodes} stations, links that keep the order: every state, and the invariant `one_leader`",
        states={4: 116, 8: 50_152, 10: 1_243_826}[nodes],
        ours=Job(
            model=f"{_MODELS}.ring_election:RingElection",
            params=params,
            options={"properties": ["one_leader"]},
        ),
        stateright=("ring_election", str(nodes)),
        promela=Promela(promela.text("ring_election", nodes), nodes + bids + nodes),
        tla=Tla("ring_election", params),
    )


def philosophers(nodes: int) -> Space:
    """Everyone may starve: the search goes on past the deadlock."""
    params = {"nodes": nodes}
    states = philosophers_states(nodes)
    return Space(
        name=f"philosophers-{nodes}",
        job=f"{nodes} philosophers: every state, the deadlock among them, and the invariant `nobody_shares`",
        states=states,
        ours=Job(
            model=f"{_MODELS}.philosophers:Philosophers",
            params=params,
            options={"properties": ["nobody_shares"]},
        ),
        stateright=("philosophers", str(nodes)),
        promela=Promela(promela.text("philosophers", nodes), states),
        tla=Tla("philosophers", params),
        depth_first=False,  # all can be undone: a run without repetition may be as long as there are states
    )


def philosophers_states(nodes: int) -> int:
    """How many there are: the trace of the nth power of who may sit beside whom."""
    now, after = 2, 2
    for _ in range(nodes):
        now, after = after, 2 * after + now
    return now


def small_raft(terms: int, candidates: int) -> Space:
    """Raft as it fits on a page of each language."""
    params = {"terms": terms, "candidates": candidates}
    safe = ["election_safety", "state_machine_safety"]
    return Space(
        name=f"small_raft-{terms}-{candidates}",
        job=f"3 servers, one entry, {terms} terms, {candidates} of the servers stand for election, "
        f"a set of messages: every state, and {' and '.join(f'`{name}`' for name in safe)}",
        states={(2, 1): 47_821, (2, 2): 2_826_327}[terms, candidates],
        ours=Job(model=f"{_MODELS}.small_raft:SmallRaft", params=params, options={"properties": safe}),
        stateright=("small_raft", str(terms), str(candidates)),
        promela=Promela(promela.text("small_raft", terms, candidates), 1000),
        tla=Tla("small_raft", {"nodes": 3, **params}),
    )


_REGISTER: Final = f"{_MODELS}.single_copy_register"


def single_copy_register(clients: int) -> Space:
    """What clients and server do, without the operations' history."""
    params = {"clients": clients}
    return Space(
        name=f"single_copy_register-{clients}",
        job=f"{clients} clients write and read at one server: every state, without any history",
        states={2: 49, 5: 103_121, 6: 1_723_225}[clients],
        ours=Job(model=f"{_REGISTER}:AllAtOnce", params=params, options={"properties": ["all_done"]}),
        stateright=("single_copy_register", str(clients)),
        promela=Promela(promela.text("single_copy_register", clients), 4 * clients),
        tla=Tla("single_copy_register", params),
        uncounted=1,
    )


_NO_HISTORY: Final = "the language has nothing that records operations"


def kept_history(clients: int) -> Space:
    """The same with the history in the state, as Stateright keeps it; nobody checks it."""
    return Space(
        name=f"single_copy_register-{clients}-kept",
        job=f"{clients} clients: every state, the whole history of operations in it, unchecked",
        states={2: 93, 3: 4_243, 4: 400_233}[clients],
        ours=Job(
            model=f"{_REGISTER}:KeepsHistory",
            params={"clients": clients},
            options={"properties": ["all_done"]},
        ),
        stateright=("single_copy_register-kept", str(clients)),
        promela=_NO_HISTORY,
        tla=_NO_HISTORY,
        uncounted=1,
    )


def checked_history(clients: int) -> Space:
    """The same with the question that a user has: is it linearizable?"""
    return Space(
        name=f"single_copy_register-{clients}-checked",
        job=f"{clients} clients: every state, and linearizability in each",
        states={2: 93, 3: 4_243, 4: 400_233}[clients],
        ours=Job(
            model=f"{_REGISTER}:AllAtOnce",
            params={"clients": clients},
            options={"properties": ["atomic", "all_done"]},
        ),
        stateright=("single_copy_register-checked", str(clients)),
        promela=_NO_HISTORY,
        tla=_NO_HISTORY,
        uncounted=1,
        unequal="Stateright keeps the whole history in the state, we what the promise may still need of it",
        our_states={2: 67, 3: 1_522, 4: 56_881}[clients],
    )
