"""What a result offers beside its verdict."""

from __future__ import annotations

import json

import pytest

from climbing import Anywhere, Greets, Ladder, Overshoots
from dscheck import DscheckError, explore


def test_json_is_plain_and_complete() -> None:
    data = json.loads(json.dumps(explore(Overshoots()).to_json()))
    assert data["schema"] == "dscheck.result/2"
    assert data["model"]["name"] == "Overshoots"
    assert data["model"]["params"] == {"climbers": 1, "top": 3}
    assert (data["verdict"], data["exit_code"], data["stop"]) == ("violated", 1, "violation")
    assert data["finding"]["arguments"] == {"c": "c1"}
    assert [step["chosen"] for step in data["trace"]["steps"]] == [["2"], ["2"]]
    assert data["covered"]["actions"] == {"climb": data["covered"]["transitions"]}
    assert data["cost"]["python_calls"] > 0


def test_json_without_a_finding() -> None:
    data = explore(Ladder()).to_json()
    assert (data["finding"], data["trace"]) == (None, None)
    assert data["covered"]["goals"] == [{"name": "arrives", "reached": True, "depth": 2, "state": 3}]


def test_actions_that_never_happen() -> None:
    result = explore(Greets(climbers=1, top=2))
    assert result.actions == {"climb": 4, "greet": 0, "look_down": 0, "on_hello": 0}
    assert result.never_enabled == ("greet", "look_down", "on_hello")
    assert result.warnings == ("never happened in any of 4 states: greet, look_down, on_hello",)


def test_the_state_graph() -> None:
    graph = explore(Ladder(top=2)).to_networkx()
    heights = {node: data["variables"]["c1.height"] for node, data in graph.nodes(data=True)}
    assert sorted(heights.values()) == ["0", "1", "2", "3"]
    edges = sorted((heights[a], heights[b]) for a, b in graph.edges())
    assert edges == [("0", "1"), ("0", "2"), ("1", "2"), ("1", "3")]
    assert {data["label"] for _, _, data in graph.edges(data=True)} == {"climb(c1)"}
    assert [node for node, initial in graph.nodes(data="initial") if initial] == [0]


def test_the_state_graph_shows_messages() -> None:
    graph = explore(Greets(climbers=2, top=1), properties=["stays_near"]).to_networkx()
    assert ("Hello(height=1) c1->c2",) in [data["messages"] for _, data in graph.nodes(data=True)]


def test_a_state_graph_that_is_too_large() -> None:
    with pytest.raises(DscheckError, match="16 states, more than limit=15"):
        explore(Ladder(climbers=2, top=2)).to_networkx(limit=15)
    with pytest.raises(DscheckError, match="random walks keep no state graph"):
        explore(Ladder(), walks=2).to_networkx()


def test_text_has_the_verdict_first_and_the_reason_last() -> None:
    lines = str(explore(Anywhere(top=4))).splitlines()
    assert lines[0] == "Anywhere violates never_above for c = c1, after 2 steps"
    assert lines[-3:] == ["     c.height != rung", "       rung = 5", "       c.height = 5"]
    assert "  0  set-up" in lines
