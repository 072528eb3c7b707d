"""What was seen: compared with the state graph, in which everything can be counted."""

from __future__ import annotations

from collections import Counter

import pytest

from climbing import Anywhere, Greets, Ladder, Unreached
from dscheck import Model, explore
from dscheck.models.commit.two_phase_commit import TwoPhaseCommit
from dscheck.models.registers.abd_register import AbdRegister


@pytest.mark.parametrize(
    "model", [Ladder(climbers=2), TwoPhaseCommit(nodes=2), AbdRegister(servers=2)], ids=str
)
def test_actions_and_values_are_those_of_the_state_graph(model: Model) -> None:
    result = explore(model, coverage=True)
    assert result.coverage is not None
    graph = result.to_networkx()
    taken = Counter(action for _, _, action in graph.edges(data="action"))
    enabled = Counter(
        label.partition("(")[0].partition(" ")[0]
        for node in graph
        for label in {label for _, _, label in graph.out_edges(node, data="label")}
    )
    for action in result.coverage.actions:
        assert (action.enabled, action.taken) == (enabled[action.name], taken[action.name])
    shown = set(graph.nodes[0]["variables"]).intersection(result.coverage.values)
    assert len(shown) >= 2, "those that a trace shows under the same name"
    for name in shown:
        seen = {variables[name] for _, variables in graph.nodes(data="variables")}
        assert set(result.coverage.values[name]) == seen


def test_choices_are_taken_more_often_than_they_are_possible() -> None:
    result = explore(Ladder(), coverage=True)
    assert result.coverage is not None
    [climb] = result.coverage.actions
    assert (climb.enabled, climb.taken) == (3, 6)
    assert result.coverage.values["c1.height"] == ("0", "1", "2", "3", "4")


def test_values_beyond_the_depth_are_not_seen() -> None:
    result = explore(Ladder(top=9), depth=2, coverage=True)
    assert result.coverage is not None
    assert result.coverage.values["c1.height"] == ("0", "1", "2", "3", "4")


def test_the_way_to_a_goal_is_a_shortest_one() -> None:
    result = explore(Greets(climbers=2), properties=["arrives", "stays_near"], coverage=True)
    assert result.coverage is not None
    assert [step.label for step in result.coverage.goals["arrives"].steps] == ["climb(c1)", "climb(c1)"]
    assert [goal.depth for goal in result.goals] == [2]
    lines = str(result).splitlines()
    assert "  the way to arrives" in lines
    assert "  look_down              0              0" in lines


def test_what_is_not_asked_for_and_what_walks_do_not_know() -> None:
    assert explore(Ladder()).coverage is None
    assert explore(Ladder()).to_json()["coverage"] is None
    walks = explore(Ladder(), walks=3, coverage=True).coverage
    assert walks is not None
    assert [(action.enabled, action.taken > 0) for action in walks.actions] == [(None, True)]
    assert (walks.values, walks.goals) == ({}, {})
    unreached = explore(Unreached(), coverage=True).coverage
    assert unreached is not None
    assert list(unreached.goals) == ["arrives"]
    anywhere = explore(Anywhere(top=4), coverage=True).to_json()["coverage"]
    assert anywhere["actions"][0]["name"] == "climb"
