"""TLC, from a jar that the user names, on our own TLA+."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.explore.contest import Contestant, Facts
from benchmarks.explore.spaces import Space
from benchmarks.process import ROOT, BenchmarkError

NAME: Final = "TLC"
ONE: Final = f"{NAME}, 1 worker"
TWO: Final = f"{NAME}, 2 workers"

SOURCE: Final = ROOT / "benchmarks" / "explore" / "tla"

JAVA: Final = ("java", "-Xmx4g", "-XX:MaxDirectMemorySize=512m", "-XX:+UseParallelGC")
"""The collector that TLC recommends; off the heap no more than it needs, for it clears that at the start."""


class Tlc:
    """TLC where there is Java, and a jar was given."""

    name = NAME

    def __init__(self, folder: Path, jar: Path | None) -> None:
        self._folder = folder
        self._jar = jar

    def missing(self) -> str:
        if self._jar is None:
            return "no jar was given: --tlc tla2tools.jar"
        return "no java on the PATH" if shutil.which(JAVA[0]) is None else ""

    def version(self) -> str:
        """From the jar: TLC itself does not always know which one it is."""
        assert self._jar is not None
        with zipfile.ZipFile(self._jar) as jar:
            manifest = jar.read("META-INF/MANIFEST.MF").decode()
        told = dict(line.split(": ", 1) for line in manifest.splitlines() if ": " in line)
        built = " ".join(told[key] for key in ("Build-TimeStamp", "X-Git-ShortRevision") if key in told)
        return f"built {built or 'some time'}, {' '.join(JAVA)}"

    def declines(self, space: Space) -> str:
        return space.tla if isinstance(space.tla, str) else ""

    def contestants(self, space: Space) -> Sequence[Contestant]:
        assert not isinstance(space.tla, str), space.tla
        return [self._contestant(space, name, workers) for name, workers in ((ONE, "1"), (TWO, "2"))]

    def _contestant(self, space: Space, name: str, workers: str) -> Contestant:
        """In a folder of its own, where TLC leaves its files; it refuses one that is in use."""
        model = space.tla
        assert not isinstance(model, str), model
        room = self._folder / f"tlc-{space.name}-{workers}"
        room.mkdir()
        config = room / "model.cfg"
        constants = [f"CONSTANT {constant} = {value}" for constant, value in model.constants.items()]
        config.write_text("\n".join(["SPECIFICATION Spec", "INVARIANT Holds", *constants, ""]))
        # -deadlock: do not look for them.
        options = ["-workers", workers, "-deadlock", "-metadir", str(room / "states"), "-config", str(config)]
        return Contestant(name, [*self._program(), *options, str(SOURCE / f"{model.module}.tla")], read)

    def _program(self) -> list[str]:
        return [*JAVA, "-cp", str(self._jar), "tlc2.TLC"]


def read(printed: str) -> Facts:
    """Understand what TLC printed; it counts the initial state among those that it generated."""
    if "Model checking completed. No error has been found." not in printed:
        raise BenchmarkError(f"TLC found something else:\n{printed[-2000:]}")
    found = re.search(r"(\d+) states generated, (\d+) distinct states found, 0 states left on queue", printed)
    if found is None:
        raise BenchmarkError(f"TLC did not say how many states there are:\n{printed[-2000:]}")
    return Facts(int(found[2]), int(found[1]) - 1, before=0)
