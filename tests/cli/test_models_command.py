"""`dscheck models`, and the command itself."""

from __future__ import annotations

from pathlib import Path

import climbing
from command import dscheck


def test_the_list() -> None:
    lines = dscheck("models").output.splitlines()
    assert lines[0] == "raft"
    assert "  parameters  nodes 3, terms 2, requests 1, crashes 1, losses 0" in lines
    assert "  promises    consistent, transaction_commit" in lines
    assert "  mutants     CommitsOnMajority" in lines


def test_one_model() -> None:
    output = dscheck("models", "raft").output
    assert "    election_safety(a, b)           At most one leader is elected in a term." in output
    assert "    crashes 1   how many times a node may crash" in output
    assert "Breaks leader_append_only." in output


def test_a_model_of_a_file() -> None:
    result = dscheck("models", f"{Path(climbing.__file__)}:Stuck")
    assert result.exit_code == 0
    assert result.output.splitlines()[:2] == ["Stuck", "  A climber above the top cannot come down."]


def test_the_verbs() -> None:
    output = dscheck("--help").output
    for verb in ("explore", "models", "replay"):
        assert f"\n  {verb} " in output
    assert "3 undecided" in output
    assert dscheck("nonsense").exit_code == 2
    assert dscheck("--version").output.startswith("dscheck ")
