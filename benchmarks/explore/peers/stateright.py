"""Stateright: our own program on its crate, built once for the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from benchmarks.explore.contest import Contestant, Facts
from benchmarks.explore.spaces import Space
from benchmarks.process import ROOT, BenchmarkError, call

NAME: Final = "Stateright"
ONE: Final = f"{NAME}, 1 thread"
TWO: Final = f"{NAME}, 2 threads"

SOURCE: Final = ROOT / "benchmarks" / "explore" / "stateright"


class Stateright:
    """Stateright where Cargo is on the PATH and has a way to the crates."""

    name = NAME

    def missing(self) -> str:
        if shutil.which("cargo") is None:
            return "no cargo on the PATH"
        return self._built[1]

    def version(self) -> str:
        wanted = (SOURCE / "Cargo.toml").read_text("utf-8").partition('stateright = "=')[2].partition('"')[0]
        return f"{NAME} {wanted}, {call(['rustc', '--version'])}, release build with LTO"

    def declines(self, space: Space) -> str:
        return ""

    def contestants(self, space: Space) -> Sequence[Contestant]:
        program = str(self._built[0])
        protocol, *sizes = space.stateright
        search = "dfs" if space.depth_first else "bfs"
        return [
            Contestant(name, [program, protocol, search, threads, *sizes], read, space.states)
            for name, threads in ((ONE, "1"), (TWO, "2"))
        ]

    @cached_property
    def _built(self) -> tuple[Path, str]:
        """The program, and what went wrong; it takes a minute or two, and nothing the second time."""
        place = os.environ.get("CARGO_TARGET_DIR") or str(Path(tempfile.gettempdir()) / "dscheck-stateright")
        command = ["cargo", "build", "--release", "--locked", "--target-dir", place]
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
        why = done.stderr.strip().splitlines()[-1:] if done.returncode else []
        return Path(place) / "release" / "contest", "".join(
            f"cargo could not build it: {line}" for line in why
        )


def read(printed: str) -> Facts:
    """Understand what our program printed."""
    try:
        return Facts(**json.loads(printed))
    except (TypeError, ValueError) as error:
        raise BenchmarkError(f"Stateright printed {printed[:200]!r}") from error
