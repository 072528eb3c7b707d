"""Why the operations of a trace break a promise: each with its steps, and which answer does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dscheck.checker.notation.properties import WATCHED
from dscheck.checker.traces.finding import Finding, Named, Reason

if TYPE_CHECKING:
    from dscheck.checker.traces.trace import Step, Trace


@dataclass
class _Operation:
    """One operation of a trace, as it is told."""

    process: str
    called: str
    invoked: int
    result: str | None = None
    returned: int | None = None

    @property
    def name(self) -> str:
        return f"{self.process} {self.called}"

    @property
    def fate(self) -> str:
        if self.returned is None:
            return f"no answer, from step {self.invoked}"
        if self.returned == self.invoked:
            return f"{self.result}, in step {self.invoked}"
        return f"{self.result}, from step {self.invoked} to {self.returned}"


def witness(finding: Finding, trace: Trace) -> Finding:
    """The finding with the operations of the trace, where they are what it is about."""
    if finding.kind not in WATCHED:
        return finding
    on = finding.arguments[0][1] if finding.arguments else ""
    operations = _operations(trace.steps, on)
    if not operations:
        return finding
    listed: Named = tuple((operation.name, operation.fate) for operation in operations)
    reasons = [Reason(_headline(finding.kind, operations, len(trace.steps)), listed)]
    before = _state_before(finding, trace)
    if before is not None and finding.kind == "linearizable":
        reasons.append(Reason(f"possible before step {len(trace.steps)}: {before}"))
    return replace(finding, reasons=tuple(reasons))


def _headline(kind: str, operations: Iterable[_Operation], last: int) -> str:
    kept = "each while it was under way" if kind == "linearizable" else "each client's in its own order"
    ends = [f"{one.name} = {one.result}" for one in operations if one.returned == last]
    return f"no order of the operations, {kept}, explains {' and '.join(ends) or 'the answers'}:"


def _operations(steps: Iterable[Step], on: str) -> list[_Operation]:
    """The operations on one object, by invocation."""
    found: list[_Operation] = []
    waiting: dict[str, _Operation] = {}
    for number, step in enumerate(steps, 1):
        for operated in step.operations:
            if operated.on != on:
                continue
            if operated.event == "invoke":
                waiting[operated.process] = _Operation(operated.process, operated.told, number)
                found.append(waiting[operated.process])
            elif operated.process in waiting:
                operation = waiting.pop(operated.process)
                if operated.event == "respond":
                    operation.result, operation.returned = operated.told, number
    return found


def _state_before(finding: Finding, trace: Trace) -> str | None:
    """What the monitor knew before the last step."""
    place = finding.name + (f"[{finding.arguments[0][1]}]" if finding.arguments else "")
    changes = trace.steps[-1].changes if trace.steps else ()
    return next((change.before for change in changes if change.variable == place), None)
