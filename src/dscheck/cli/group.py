"""The command `dscheck`: its verbs, and what becomes of errors.

checker/verdict.py has the exit codes.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from importlib import import_module
from typing import Any, Final

import click

from dscheck.checker.errors import DscheckError
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.verdict import EXIT_BUG, Verdict
from dscheck.checker.version import version

_VERBS: Final = {
    "convert": "Write a recording in another format.",
    "explore": "Search a model for what can go wrong.",
    "graph": "Draw the state graph of a small model.",
    "models": "List the models of the catalogue, or show one of them.",
    "new": "Begin a model of your own with a copy of another.",
    "prove": "Prove by induction that a model keeps its promises.",
    "replay": "Take the steps of a saved counterexample again.",
    "stats": "Show the load and the latencies in a recording.",
    "verify": "Test a recording of a real system for the promises that it should keep.",
}


class Dscheck(click.Group):
    """A group whose verbs are imported when they are used: a small verdict should not wait for the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command: click.Command = getattr(import_module(f"dscheck.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        ctx.color = _colour()
        try:
            with interrupts_kept():
                return super().invoke(ctx)
        except DscheckError as error:
            click.secho(f"{error}", fg="red", err=True)
            ctx.exit(Verdict.AT_FAULT.exit_code)
        except KeyboardInterrupt:  # click's own way out is status 1, which means "violated" here
            click.echo("interrupted", err=True)
            ctx.exit(Verdict.UNDECIDED.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, OSError):
            raise
        except Exception:
            _report_bug()
            ctx.exit(EXIT_BUG)


def _colour() -> bool | None:
    """None: as the terminal can; see no-color.org."""
    return False if os.environ.get("NO_COLOR") else None


def _report_bug() -> None:
    traceback.print_exc()
    python = f"Python {platform.python_version()}, {platform.platform()}"
    click.secho("\nThis is a bug of dscheck, not of your model.", fg="red", err=True)
    click.echo("Please report it to its maintainers, with the text above, the model, and this:", err=True)
    click.echo(f"  dscheck {version()}, {python}\n  {' '.join(sys.argv)}", err=True)


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"dscheck {version()}")
        ctx.exit()


@click.group(
    cls=Dscheck,
    epilog="Exit codes: 0 holds, 1 violated, 2 usage, 3 undecided, 4 the model or the input "
    "is at fault, 70 a bug of dscheck.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show it."
)
def main() -> None:
    """Can my distributed protocol go wrong, and did my system?"""
