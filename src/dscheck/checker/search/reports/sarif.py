"""A result in SARIF 2.1.0 (OASIS 2020), which code hosts show beside the source: a finding at its promise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.promises import Promise
    from dscheck.checker.search.result import Result

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Verdict.VIOLATED: "error", Verdict.AT_FAULT: "error", Verdict.UNDECIDED: "warning"}


def sarif(result: Result) -> str:
    """The text of the file: a rule for each promise, a result for what was found or left undecided."""
    run = {
        "tool": {
            "driver": {
                "name": "dscheck",
                "version": result.to_json()["dscheck"],
                "rules": [{"id": promise.name, "name": promise.kind} for promise in result.promises],
            }
        },
        "results": [_finding(result)] if result.verdict in _LEVELS else [],
        "invocations": [{"executionSuccessful": result.verdict is not Verdict.AT_FAULT}],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _finding(result: Result) -> dict[str, Any]:
    finding = result.finding
    about = [p for p in result.promises if finding is not None and p.name == finding.name]
    told: dict[str, Any] = {
        "ruleId": finding.name if finding is not None else "undecided",
        "level": _LEVELS[result.verdict],
        "message": {"text": result.sentence()},
        "locations": [{"physicalLocation": place(result, about[0] if about else None)}],
    }
    if result.trace is not None:
        steps = [{"location": {"message": {"text": step.label}}} for step in result.trace.steps]
        told["codeFlows"] = [{"threadFlows": [{"locations": steps}]}] if steps else []
    return told


def place(result: Result, promise: Promise | None) -> dict[str, Any]:
    """Where a promise is written; without one, the file of the model."""
    file = promise.file if promise is not None else result.origin.file or result.origin.module
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(relative(file))}}
    if promise is not None:
        place["region"] = {"startLine": promise.line}
    return place


def relative(file: str) -> str:
    """A path from here, if it is below: that is what code hosts expect of a checkout."""
    path = Path(file)
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()
