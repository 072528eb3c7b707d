"""A saved counterexample, once more in Python, against the model as it is now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import DscheckError, HiddenState
from dscheck.checker.notation.properties import AIDS, PROMISES, PROPERTIES, WATCHED
from dscheck.checker.rules.instances import STEPS
from dscheck.checker.rules.system import System
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.pictures.page import Story, page
from dscheck.checker.traces.recheck import still_wrong
from dscheck.checker.traces.tell import step as tell_step
from dscheck.checker.traces.tell import tell, variables
from dscheck.checker.traces.text import replay_lines
from dscheck.checker.traces.trace import Step, Trace
from dscheck.checker.traces.witness import witness
from dscheck.checker.verdict import Verdict

if TYPE_CHECKING:
    from dscheck._engine import Step as Numbers
    from dscheck.checker.notation.model import Model
    from dscheck.checker.rules.slot import State


@dataclass(frozen=True)
class Replay:
    """How far a saved counterexample still applies, and whether it still shows what it showed."""

    trace: Trace
    """The steps that could be taken, with what they do now."""
    saved: Trace
    finding: Finding | None
    """The promise that is still broken at the end, or None."""
    differences: tuple[str, ...]
    """What the steps do now that they did not do before, or no longer do."""
    obstacle: str | None
    """Why the replay ended before the last saved step."""

    @property
    def verdict(self) -> Verdict:
        """VIOLATED if the end still breaks the promise; else UNDECIDED: one run proves nothing."""
        if self.finding is None:
            return Verdict.UNDECIDED
        return Verdict.AT_FAULT if self.finding.kind == "fault" else Verdict.VIOLATED

    def sentence(self) -> str:
        """The outcome in one line."""
        if self.obstacle is not None:
            number, count = len(self.trace.steps) + 1, len(self.saved.steps)
            return f"The trace no longer applies at step {number} of {count}"
        if self.finding is None:
            return "The trace still applies, but what was broken at its end no longer is"
        return f"The trace still applies, and {self.finding.name} is still broken at its end"

    def __str__(self) -> str:
        return "\n".join(line.text for line in replay_lines(self))

    def to_html(self) -> str:
        """One self-contained page: what the steps do now as a sequence diagram."""
        obstacle = () if self.obstacle is None else (f"step {len(self.trace.steps) + 1}: {self.obstacle}",)
        story = Story(
            title=self.sentence(),
            kind="unknown" if self.finding is None else "broken",
            warnings=(*self.differences, *obstacle),
            finding=self.finding,
            trace=self.trace,
        )
        return page(story)


def replay(saved: Mapping[str, Any], model: Model) -> Replay:
    """Take the steps of a result that `Result.to_json` wrote, as far as the model allows them now."""
    if not saved.get("finding") or saved.get("trace") is None:
        raise DscheckError("there is nothing to replay: the saved result has no counterexample")
    try:
        trace, finding = Trace.from_json(saved["trace"]), Finding.from_json(saved["finding"])
        asked = saved.get("request", {}).get("properties")
        asked = None if asked is None else set(asked)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DscheckError(f"the saved counterexample is damaged: {error!r}") from error
    return _Replayer(model, trace, finding, asked).run()


def retrace(
    model: Model, *steps: str | tuple[str | int, ...], breaks: str, start: Mapping[str, str] | None = None
) -> Replay:
    """Take steps by their labels, for a test that a counterexample no longer is one.

    Args:
        model: what takes them: ``Raft(nodes=3)``.
        steps: the label of each, as traces show it; in a tuple with the options that its `choose` took, by
            position.
        breaks: the promise in question, "deadlock", or what raised, as a label.
        start: variables of the initial state that set-up chose, as a trace shows them.
    """
    taken = [step if isinstance(step, tuple) else (step,) for step in steps]
    told = tuple(Step(str(label), picks=tuple(map(int, picks))) for label, *picks in taken)
    kinds = {declared.name: kind for kind in (*PROMISES, *AIDS) for declared in model.declared(kind)}
    kind = kinds.get(breaks, "deadlock" if breaks == "deadlock" else "fault")
    if kind == "refines" and not steps:
        kind = "initial"
    outcome = _Replayer(model, Trace(start or {}, (), told), Finding(kind, breaks)).run()
    return replace(outcome, differences=())  # labels alone do not say what the steps did


class _Replayer:
    """Walks along the saved steps."""

    def __init__(
        self, model: Model, trace: Trace, finding: Finding, asked: Collection[str] | None = None
    ) -> None:
        self._system = System(model, properties=_in_question(model, finding, asked))
        self._trace, self._finding = trace, finding
        self._path: list[Numbers] = []
        self._differences: list[str] = []

    def run(self) -> Replay:
        """Start as the saved trace does, and follow it."""
        start = self._start()
        self._path.append((-1, [], list(start)))
        now = variables(self._system, start)
        for name, value in self._trace.start.items():
            if name in now and now[name] != value:
                self._differences.append(f"at the start {name} is {now[name]}, no longer {value}")
        obstacle = None
        for saved in self._trace.steps:
            obstacle = self._take(saved)
            if obstacle is not None:
                break
        found = None if obstacle else still_wrong(self._system, self._path, self._finding)
        finding, judged = found or (None, None)
        trace = replace(tell(self._system, self._path, judged), free=self._trace.free)
        finding = finding and witness(finding, trace)
        return Replay(trace, self._trace, finding, tuple(self._differences), obstacle)

    def _start(self) -> State:
        """The initial state most like the saved one."""
        saved = self._trace.start.items()
        return max(self._system.initial, key=lambda s: len(saved & variables(self._system, s).items()))

    def _take(self, saved: Step) -> str | None:
        """Take a step, or say why it cannot be taken."""
        _, _, state = self._path[-1]
        obstacle = f"there is no {saved.label}"
        for tree, instance in enumerate(list(self._system.instances)):
            if instance.kind not in STEPS or not saved.label.startswith(instance.name):
                continue
            try:
                after, happening = self._system.after(tree, state, saved.picks)
            except HiddenState:  # it makes fewer choices, or has fewer options
                if instance.label() == saved.label:
                    obstacle = f"{saved.label} can no longer choose {', '.join(saved.chosen)}"
                continue
            if happening.label != saved.label:
                continue
            if happening.enabled and happening.exception is None:
                self._path.append((tree, list(saved.picks), after))
                self._note(saved, tell_step(self._system, happening, state, after, saved.picks))
                return None
            raised = happening.exception
            obstacle = f"{saved.label} raises {raised!r}" if raised else f"{saved.label} cannot happen here"
        return obstacle

    def _note(self, saved: Step, now: Step) -> None:
        number = len(self._path) - 1
        self._differences += (f"step {number}, {saved.label}: {text}" for text in _differences(saved, now))


def _in_question(model: Model, finding: Finding, asked: Collection[str] | None) -> list[str]:
    """The properties to look at: the broken one, or all that were asked for if any of them may have raised.

    Also promises about operations, which are part of the state: without them it would not be as it was.
    """

    def names(*kinds: str) -> list[str]:
        return [declared.name for kind in kinds for declared in model.declared(kind)]

    may_raise = finding.kind == "fault"
    known = names(*(PROPERTIES if may_raise else WATCHED))
    looked_at = [name for name in known if asked is None or name in asked]
    if may_raise:
        looked_at += names(*AIDS)
    elif finding.kind != "deadlock" and finding.name not in looked_at:
        looked_at.append(finding.name)
    return looked_at


def _differences(saved: Step, now: Step) -> Iterator[str]:
    """What a step does now and did not do then, or the other way round."""
    then = {change.variable: change for change in saved.changes}
    today = {change.variable: change for change in now.changes}
    for variable in then | today:
        old, new = then.get(variable), today.get(variable)
        if new is None:
            yield f"{variable} no longer becomes {then[variable].after}"
        elif old is None or old.after != new.after:
            yield f"{variable} becomes {new.after}" + (f", no longer {old.after}" if old else "")
    then_told, told = saved.operations, now.operations
    yield from (f"no longer: {operated}" for operated in then_told if operated not in told)
    yield from (f"now {operated}" for operated in told if operated not in then_told)
    yield from (f"no longer sends {message}" for message in saved.sent if message not in now.sent)
    yield from (f"sends {message}" for message in now.sent if message not in saved.sent)
