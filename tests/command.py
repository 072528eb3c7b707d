"""The command `dscheck` for tests: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from click.testing import CliRunner, Result

from dscheck.cli import main


def dscheck(*args: object, color: bool = False) -> Result:
    """Run the command here."""
    return CliRunner().invoke(main, [str(arg) for arg in args], color=color, prog_name="dscheck")


def popen(
    *args: object, stdin: int | None = None, stdout: int = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    """Start the command in a process of its own."""
    streams = {"stdin": stdin, "stdout": stdout, "stderr": subprocess.PIPE}
    options: dict[str, Any] = {**streams, "text": True}
    # A test run in the background inherits a deaf ear for Ctrl-C; the command must hear it all the same.
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [sys.executable, "-c", f"{start}from dscheck.cli import main; main()", *map(str, args)]
    return subprocess.Popen(command, env={**os.environ, **environment}, **options)
