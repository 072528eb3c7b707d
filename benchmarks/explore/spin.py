"""The peer: SPIN turns Promela into a checker in C, which is compiled and then run."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.explore import promela
from benchmarks.explore.contest import Contestant, Facts
from benchmarks.process import BenchmarkError

NAME: Final = "SPIN"

COMPILER: Final = "cc"
FLAGS: Final = ("-O2", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=65536")
"""Exact storage and depth-first search, SPIN's fastest; no reduction, so that it visits every state."""


def missing() -> str:
    """Why SPIN cannot take part; empty: it can."""
    wanted = [tool for tool in ("spin", COMPILER) if shutil.which(tool) is None]
    return f"SPIN is left out: no {' and no '.join(wanted)} on the PATH" if wanted else ""


def version() -> str:
    """As it says itself, with the compiler."""
    return f"{_call(['spin', '-V'])}, {_call([COMPILER, '--version']).splitlines()[0]}, {' '.join(FLAGS)}"


def two_phase_commit(nodes: int, states: int, folder: Path) -> Contestant:
    """A checker for the protocol, compiled in a folder of its own under `folder`; that is not measured."""
    room = folder / f"two_phase_commit_{nodes}"
    room.mkdir()
    (room / "model.pml").write_text(promela.two_phase_commit(nodes))
    _call(["spin", "-a", "model.pml"], room)
    _call([COMPILER, *FLAGS, "-w", "-o", "pan", "pan.c"], room)
    # As SPIN does it best: no run is longer than 3 N + 1 steps, and to clear more stack would only cost time;
    # a hash table with more slots than states keeps the chains short.
    stack, table = f"-m{4 * nodes + 10}", f"-w{states.bit_length() + 1}"
    return Contestant(NAME, [str(room / "pan"), stack, table], read)


def read(printed: str) -> Facts:
    """Understand what the checker printed; it counts the initial state as a transition, we do not."""
    if _number(r"errors: (\S+)", printed) != 0 or "search depth too small" in printed:
        raise BenchmarkError(f"SPIN found something else:\n{printed}")
    states = _number(r"(\S+) states, stored", printed)
    transitions = _number(r"(\S+) transitions", printed)
    if states is None:
        raise BenchmarkError(f"SPIN did not say exactly how many states there are:\n{printed}")
    return Facts(states, None if transitions is None else transitions - 1, before=0)


def _number(pattern: str, printed: str) -> int | None:
    """None where SPIN rounded it, as it does with more than eight digits."""
    found = re.search(pattern, printed)
    if found is None:
        raise BenchmarkError(f"SPIN did not say {pattern!r}:\n{printed}")
    return int(found[1]) if found[1].isdecimal() else None


def _call(command: Sequence[str], folder: Path | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchmarkError(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()
