"""Whether what was wrong at the end of a run still is, whatever else is wrong there, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dscheck._engine import Search
from dscheck.checker.rules.footprint import DISABLED
from dscheck.checker.rules.instances import STEPS
from dscheck.checker.rules.recorder import answers_of
from dscheck.checker.traces.evidence import abstract_step, find
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.tell import variables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dscheck._engine import Step as Numbers
    from dscheck.checker.rules.system import System
    from dscheck.checker.traces.slicing import Judged

    Found = tuple[Finding, Judged] | None


def still_wrong(system: System, path: Sequence[Numbers], finding: Finding) -> Found:
    """What is wrong in the last state of a path, or with its last step, if that is what `finding` says."""
    match finding.kind:
        case "refines":
            return _unrefined(system, path, finding)
        case "initial":
            return _odd_start(system, path)
        case "deadlock":
            return _stuck(system, path)
        case "fault":
            return _raises(system, path, finding)
        case _:
            return _is_false(system, path, finding)


def _unrefined(system: System, path: Sequence[Numbers], finding: Finding) -> Found:
    (_, _, before), (_, _, after) = path[max(0, len(path) - 2)], path[-1]
    spec = system.spec
    if spec is None:  # the property is of another kind now
        return None
    search = Search(spec.rules, spec, [system.abstract(before)])
    count = search.breadth_first(depth=1).states
    reached = [variables(spec, search.state(index)) for index in range(count)]
    if variables(spec, system.abstract(after)) in reached:
        return None
    reason = abstract_step(system, before, after)
    return Finding("refines", finding.name, reasons=(reason,)), ("refines", -1, [])


def _odd_start(system: System, path: Sequence[Numbers]) -> Found:
    spec = system.spec
    if spec is None:
        return None
    abstract = variables(spec, system.abstract(path[-1][2]))
    if abstract in [variables(spec, start) for start in spec.initial]:
        return None
    judged: Judged = ("initial", -1, [])
    return find(system, path, judged), judged


def _stuck(system: System, path: Sequence[Numbers]) -> Found:
    _, _, state = path[-1]
    if any(run.leaf != DISABLED for tree in system.trees(*STEPS) for run in system.runs(tree, state)):
        return None
    ends = system.trees("ends")
    if ends and all(system.run(tree, answers_of(state), ()).result for tree in ends):
        return None
    judged: Judged = ("deadlock", -1, [])
    return find(system, path, judged), judged


def _raises(system: System, path: Sequence[Numbers], finding: Finding) -> Found:
    _, _, state = path[-1]
    for tree, instance in enumerate(list(system.instances)):
        for run in system.runs(tree, state) if instance.label() == finding.name else ():
            if run.error is not None:
                judged: Judged = ("fault", tree, list(run.run.picks))
                return find(system, path, judged), judged
    return None


def _is_false(system: System, path: Sequence[Numbers], finding: Finding) -> Found:
    """Of a property; rather for those for whom it was false than for others."""
    _, _, state = path[-1]
    found: Found = None
    for tree in system.trees(finding.kind):
        if system.instances[tree].name != finding.name:
            continue
        run = system.run(tree, answers_of(state), ())
        if run.error is None and not run.result:
            judged: Judged = ("always", tree, [])
            now = find(system, path, judged)
            if now.arguments == finding.arguments:
                return now, judged
            found = found or (now, judged)
    return found
