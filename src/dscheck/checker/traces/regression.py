"""A counterexample as a test: it fails as long as the model still does what was found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dscheck.checker.traces.finding import Finding
    from dscheck.checker.traces.trace import Trace


def as_test(origin: Mapping[str, Any], sentence: str, finding: Finding, trace: Trace) -> str:
    """A module for pytest; `origin` has the model's `name`, `module`, `file` and `params`."""
    return "\n".join(_lines(origin, sentence, finding, trace)) + "\n"


def _lines(origin: Mapping[str, Any], sentence: str, finding: Finding, trace: Trace) -> Iterator[str]:
    name = origin["name"]
    params = ", ".join(f"{key}={value!r}" for key, value in origin["params"].items())
    yield f"# {sentence}"
    yield ""
    yield "from dscheck import retrace"
    in_package = "." in origin["module"] or not origin["file"]  # of a lone file, the name may be borrowed
    module = origin["module"] if in_package else Path(origin["file"]).stem
    yield f"from {module} import {name.partition('.')[0]}"
    yield ""
    yield ""
    yield f"def test_{_snake(name)}_{_snake(finding.name)}() -> None:"
    yield "    outcome = retrace("
    yield f"        {name}({params}),"
    for step in trace.steps:
        picks = "".join(f", {pick}" for pick in step.picks)
        yield f"        ({_quoted(step.label)}{picks})," if picks else f"        {_quoted(step.label)},"
    yield f"        breaks={_quoted(finding.name)},"
    if trace.free:
        yield f"        start={ {variable: trace.start[variable] for variable in trace.free}!r},"
    yield "    )"
    yield "    assert outcome.finding is None, str(outcome)"


def _snake(name: str) -> str:
    """`ForgetsItsVote` as `forgets_its_vote`; what cannot stand in a name is left out."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+", "_", words).strip("_").lower()


def _quoted(text: str) -> str:
    """A string of Python, in double quotes where that needs no escapes."""
    return repr(text) if '"' in text or "\\" in text else f'"{text}"'
