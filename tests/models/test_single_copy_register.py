"""One copy is atomic and two are not; the counts of Stateright, and why ours are smaller."""

from __future__ import annotations

import pytest

from dscheck import Verdict, action, explore, replay, require
from dscheck.models.registers.single_copy_register import SingleCopyRegister
from oracle import search


@pytest.mark.parametrize(
    ("clients", "states", "without"), [(1, 6, 6), (2, 104, 60), (3, 3_758, 716), (4, 251_408, 9_584)]
)
def test_one_server_is_atomic(clients: int, states: int, without: int) -> None:
    result = explore(SingleCopyRegister(clients=clients))
    assert (result.verdict, result.states, result.never_enabled) == (Verdict.HOLDS, states, ())
    unwatched = explore(SingleCopyRegister(clients=clients), properties=["all_done"])
    assert (unwatched.verdict, unwatched.states) == (Verdict.HOLDS, without)
    assert result.python_calls <= unwatched.python_calls + 1, "monitors add no footprints"


@pytest.mark.parametrize("servers", [2, 3])
def test_several_servers_are_not(servers: int) -> None:
    result = explore(SingleCopyRegister(servers=servers))
    assert result.verdict is Verdict.VIOLATED
    assert result.sentence() == "SingleCopyRegister violates atomic: not linearizable, after 5 steps"
    assert result.finding is not None
    what, possible = result.finding.reasons
    assert what.condition.endswith("explains c1 read() = None:")
    assert what.values == (
        ("c1 write('A')", "None, from step 1 to 3"),
        ("c1 read()", "None, from step 3 to 5"),
    )
    assert possible.condition == "possible before step 5: 'A'"
    again = replay(result.to_json(), SingleCopyRegister(servers=servers))
    assert (again.finding, again.differences, again.obstacle) == (result.finding, (), None)


class AllAtOnce(SingleCopyRegister):
    """As in Stateright, where the clients' first messages are in flight at the start."""

    put = None

    @action
    def start(self) -> None:
        require(all(c.doing == "nothing" for c in self.users))
        for c in self.users:
            self.begin(c)


@pytest.mark.parametrize(("clients", "stateright", "ours"), [(2, 93, 68), (3, 4_243, 1_523)])
def test_the_counts_of_stateright(clients: int, stateright: int, ours: int) -> None:
    """It keeps in the state who did what in which partial order, as the oracle does; we keep what matters."""
    before_the_start = 1
    answer = search(AllAtOnce(clients=clients))
    assert (answer.states, answer.findings) == (stateright + before_the_start, [])
    assert explore(AllAtOnce(clients=clients)).states == ours
