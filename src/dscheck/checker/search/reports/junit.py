"""A result as JUnit's XML, which continuous integration counts: a test for each promise."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from dscheck.checker.search.reports.sarif import relative
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck.checker.search.result import Result


def junit(result: Result) -> str:
    """The text of the file.  What was not decided is an error, never a success."""
    suite = Element("testsuite", name=f"dscheck {result.model}", time=f"{result.seconds:.3f}")
    for name, file, line in _tests(result):
        test = SubElement(suite, "testcase", classname=result.model, name=name)
        if line:
            test.set("file", relative(file))
            test.set("line", str(line))
        for kind, message in _outcome(result, name):
            SubElement(test, kind, message=message).text = None if kind == "skipped" else str(result)
    for kind in ("failure", "error", "skipped"):
        plural = kind if kind == "skipped" else f"{kind}s"
        suite.set(plural, str(len(suite.findall(f"testcase/{kind}"))))
    suite.set("tests", str(len(suite)))
    indent(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + _legal(tostring(suite, encoding="unicode")) + "\n"


def _tests(result: Result) -> Iterator[tuple[str, str, int]]:
    """Each promise with its place, and what else may go wrong."""
    yield from ((promise.name, promise.file, promise.line) for promise in result.promises)
    if result.request.deadlock:
        yield "deadlock", "", 0
    yield "search", "", 0


def _outcome(result: Result, name: str) -> Iterator[tuple[str, str]]:
    """What is to be said of one test; nothing if it passed."""
    finding = result.finding
    failed = finding.name if finding is not None else None
    if name == "search":  # whether there is a verdict at all
        if result.verdict in (Verdict.UNDECIDED, Verdict.AT_FAULT):
            yield "error", result.sentence()
    elif name == failed or (finding is not None and finding.kind == "sometimes" and name in result.unreached):
        yield "failure", result.sentence()
    elif result.stop not in ("exhausted", "depth") and not _is_reached(result, name):
        yield "skipped", f"not decided: {result.sentence()}"


def _is_reached(result: Result, name: str) -> bool:
    """Whether it is a goal that was reached: nothing can take that back."""
    return any(goal.name == name and goal.reached for goal in result.goals)


def _legal(text: str) -> str:
    """Without characters that XML does not have."""
    return "".join(c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c != "\ufffe")
