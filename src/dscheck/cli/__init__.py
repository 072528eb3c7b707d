"""The command line: one file per verb."""

from dscheck.cli.group import main

__all__ = ["main"]
