"""`dscheck models`, and the command itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import climbing
from command import dscheck


def test_the_list() -> None:
    lines = dscheck("models").output.splitlines()
    assert lines.index("commit") < lines.index("consensus")
    assert "  two_phase_commit  All resource managers commit, or all abort." in lines


def test_one_model() -> None:
    output = dscheck("models", "raft").output
    assert "    election_safety(a, b)           At most one leader is elected in a term." in output
    assert "    crashes 1   how many times a node may crash" in output
    assert "Breaks leader_append_only." in output
    assert "109,540, up to depth 9" in output


def test_a_model_of_a_file() -> None:
    result = dscheck("models", f"{Path(climbing.__file__)}:Stuck")
    assert result.exit_code == 0
    assert result.output.splitlines()[:2] == ["Stuck", "  A climber above the top cannot come down."]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_small_verdict_needs_little() -> None:
    """No rich, no networkx; under 80 MB; the benchmarks watch the time."""
    program = (
        "import sys\n"
        "from dscheck.cli import main\n"
        "main(['explore', 'two_phase_commit'], standalone_mode=False)\n"
        "print(*sys.modules)\n"
        "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    *_, modules, kilobytes = done.stdout.splitlines()
    assert not {"rich", "networkx", "asyncio"} & set(modules.split())
    assert int(kilobytes) < 80_000


def test_the_verbs() -> None:
    output = dscheck("--help").output
    for verb in ("explore", "models", "replay"):
        assert f"\n  {verb} " in output
    assert "3 undecided" in output
    assert dscheck("nonsense").exit_code == 2
    assert dscheck("--version").output.startswith("dscheck ")
