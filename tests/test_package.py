"""What users get when they install dscheck; .ci/run sees to it that the wheel is what is under test."""

from __future__ import annotations

import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.metadata import entry_points, version
from pathlib import Path

import dscheck
from house import PACKAGE, files, modules

INSTALLED = Path(dscheck.__file__).parent


def test_nothing_was_left_out() -> None:
    """Every source file, the marker for type checkers and the engine's stub are there, unchanged."""
    shipped = [*files(".py", "src/dscheck"), PACKAGE / "py.typed", PACKAGE / "_engine.pyi"]
    wrong = [
        str(path.relative_to(PACKAGE))
        for path in shipped
        if not (INSTALLED / path.relative_to(PACKAGE)).is_file()
        or (INSTALLED / path.relative_to(PACKAGE)).read_bytes() != path.read_bytes()
    ]
    assert wrong == []


def test_the_engine_is_compiled_in() -> None:
    """One extension module, for the stable ABI: one wheel serves every Python from 3.11 on."""
    [engine] = [path.name for path in INSTALLED.iterdir() if path.name.endswith(tuple(EXTENSION_SUFFIXES))]
    assert engine in ("_engine.abi3.so", "_engine.pyd")


def test_the_links_at_the_top_are_for_readers_only(tmp_path: Path) -> None:
    """Every module is imported far from the checkout, and none of them under a top-level name of a link."""
    code = (
        f"import importlib, sys; list(map(importlib.import_module, {sorted(modules())})); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "dscheck.checker.notation" in loaded
    assert loaded.isdisjoint({"models", "checker", "histories"})


def test_the_command_is_installed() -> None:
    [script] = entry_points(group="console_scripts", name="dscheck")
    assert script.value == "dscheck.cli:main"


def test_the_package_is_the_command_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "dscheck", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == f"dscheck {version('dscheck')}\n"
