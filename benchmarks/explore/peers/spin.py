"""SPIN turns Promela into a checker in C, which is compiled and then run."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.explore.contest import Contestant, Facts
from benchmarks.explore.spaces import Space
from benchmarks.process import BenchmarkError, call

NAME: Final = "SPIN"

COMPILER: Final = "cc"
FLAGS: Final = ("-O2", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=65536")
"""Exact storage and no reduction, so that it visits every state."""


class Spin:
    """SPIN where it and a compiler are on the PATH; it searches with one thread."""

    name = NAME

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def missing(self) -> str:
        wanted = [tool for tool in ("spin", COMPILER) if shutil.which(tool) is None]
        return f"no {' and no '.join(wanted)} on the PATH" if wanted else ""

    def version(self) -> str:
        compiler = call([COMPILER, "--version"]).splitlines()[0]
        return f"{call(['spin', '-V'])}, {compiler}, {' '.join(FLAGS)}"

    def declines(self, space: Space) -> str:
        return space.promela if isinstance(space.promela, str) else ""

    def contestants(self, space: Space) -> Sequence[Contestant]:
        """A checker for the protocol, compiled in a folder of its own."""
        model = space.promela
        assert not isinstance(model, str), model
        room = self._folder / f"spin-{space.name}"
        room.mkdir()
        (room / "model.pml").write_text(model.text)
        call(["spin", "-a", "model.pml"], room)
        breadth_first = () if space.depth_first else ("-DBFS",)
        call([COMPILER, *FLAGS, *breadth_first, "-w", "-o", "pan", "pan.c"], room)
        # As SPIN does it best: to clear more stack than it needs would only cost time; a hash table with more
        # slots than states keeps the chains short.
        stack, table = f"-m{model.longest + 10}", f"-w{space.states.bit_length() + 1}"
        return [Contestant(NAME, [str(room / "pan"), stack, table], read)]


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
