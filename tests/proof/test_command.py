"""The verb `prove`."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path

from command import dscheck, popen


def test_proved() -> None:
    done = dscheck("prove", "two_phase_commit", "--nodes", 2)
    assert done.exit_code == 0
    assert done.output.startswith("TwoPhaseCommit is proved: consistent holds in every state\n  nodes 2\n")


def test_a_wrong_variant_is_not() -> None:
    done = dscheck("prove", "peterson", "--mutant", "PassesItsEquals")
    assert done.exit_code == 1
    assert "violates" in done.output


def test_files(tmp_path: Path) -> None:
    data, page = tmp_path / "proof.json", tmp_path / "proof.html"
    done = dscheck("prove", "raft", "--nodes", 2, "--terms", 1, "--json", data, "--html", page)
    assert done.exit_code == 3
    assert json.loads(data.read_text())["stop"] == "gap"
    assert "is not proved" in page.read_text()


def test_misuse() -> None:
    assert dscheck("prove", "paxos", "--k", 0).exit_code == 2
    done = dscheck("prove", "paxos", "--property", "voting")
    assert done.exit_code == 4
    assert "only what is marked @always is proved" in done.output


def test_lemmas_are_listed_and_explored_on_demand() -> None:
    assert "  lemmas\n    decision_is_final(tm, rm)" in dscheck("models", "two_phase_commit").output
    assert dscheck("explore", "two_phase_commit", "--property", "word_is_kept").exit_code == 0


def test_ctrl_c() -> None:
    process = popen("prove", "raft", "--search", 10_000_000)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 3, errors
    assert "it was interrupted" in output
