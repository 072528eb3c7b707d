"""Porcupine on the same recordings: built from our own program on its library, where Go is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.process import ROOT, BenchmarkError, measure

SOURCE: Final = ROOT / "benchmarks" / "verify" / "porcupine"


def build(folder: Path) -> Path | None:
    """The program; None where there is no Go, or no way to its packages."""
    if shutil.which("go") is None:
        return None
    program = folder / "porcupine"
    done = subprocess.run(
        ["go", "build", "-o", program, "."], cwd=SOURCE, capture_output=True, text=True, check=False
    )
    return program if done.returncode == 0 else None


def judge(program: Path, mode: str, files: Sequence[Path]) -> dict[str, Any]:
    """Its verdicts by file, and what it cost: cpu (s), median and sum of wall times (s), peak_kib."""
    printed, _ = measure([str(program), mode, *map(str, files)])
    try:
        return dict(json.loads(printed))
    except ValueError as error:
        raise BenchmarkError(f"porcupine printed {printed[:200]!r}") from error


def export(job: str, file: Path) -> None:
    """Write a job's recording to a file."""
    measure([sys.executable, "-m", "benchmarks.verify.child", job, str(file)])
