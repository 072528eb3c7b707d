"""Proofs by induction: whether the invariants of a model survive every step, reachable or not."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from time import monotonic
from typing import Final

from dscheck.checker.errors import ModelError
from dscheck.checker.interrupts import interrupts_kept
from dscheck.checker.notation.model import Model
from dscheck.checker.notation.properties import AIDS, WATCHED
from dscheck.checker.rules.system import System
from dscheck.checker.search.explore import origin_of
from dscheck.checker.search.limits import default_memory
from dscheck.checker.search.proof.base import Base, Reach
from dscheck.checker.search.proof.domains import Domains
from dscheck.checker.search.proof.induction import Escape, Induction, Tally
from dscheck.checker.search.proof.learning import Knowledge
from dscheck.checker.search.proof.proof import Attempt, Covered, Gap, Proof
from dscheck.checker.search.proof.solving import Limits, OutOf
from dscheck.checker.search.proof.telling import finding_of, in_flight, trace_to
from dscheck.checker.search.request import demand_model
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.trace import Trace
from dscheck.checker.verdict import Verdict

Progress = Callable[[Mapping[str, float]], None]
"""Told from time to time: footprints, rules, checked, questions, python_calls, seconds."""

SEARCH: Final = 20_000
"""States of the bounded search, where nobody says: a second or two."""
_SAMPLE: Final = 200
"""Footprints that the audit runs again."""
_PAUSE: Final = 0.2
"""Seconds between two reports of progress."""


@interrupts_kept()
def prove(
    model: Model,
    *,
    k: int = 1,
    houdini: bool = False,
    properties: Collection[str] | None = None,
    time: float | None = None,
    memory: int | None = None,
    search: int = SEARCH,
    progress: Progress | None = None,
) -> Proof:
    """Try to prove that every step keeps what is marked @always and @lemma, from any state that keeps it.

    Args:
        model: what to prove, with its parameters: ``prove(TwoPhaseCommit(nodes=12))``.
        k: look at so many states in a row: what they all keep, the next one must keep.
        houdini: take away lemmas that are not inductive, until the others are.
        properties: prove only these of the properties marked @always; lemmas always help.
        time: stop, undecided, after so many seconds.
        memory: stop, undecided, before Z3 takes more bytes; default: 80 % of what is available.
        search: how many states the bounded search visits, for the base case and for what is reachable.
        progress: called from time to time with what has been covered so far.
    """
    demand_model(model, "prove")
    request = Attempt(
        k=k,
        houdini=houdini,
        properties=None if properties is None else tuple(properties),
        time=time,
        memory=default_memory() if memory is None else memory,
        search=search,
    )
    return _Attempt(model, request, progress).run()


class _Attempt:
    """One proof from start to end."""

    def __init__(self, model: Model, request: Attempt, progress: Progress | None) -> None:
        self._started, self._told = monotonic(), 0.0
        self._model, self._request, self._progress = model, request, progress
        self._limits = Limits(request.time, request.memory)
        self._promises = _promises(model, request.properties)
        self._lemmas = [declared.name for declared in model.declared("lemma")]
        self._dropped: list[str] = []
        self._tally = Tally()
        self._calls = self._audited = 0
        self._base: Base | None = None
        self._reach: Reach | None = None
        self._domains: Domains | None = None
        self._prepare()

    def _prepare(self) -> None:
        """The rules of the properties that are left."""
        self._system = System(self._model, properties=[*self._promises, *self._lemmas])
        self._knowledge = Knowledge(self._system)

    def run(self) -> Proof:
        """The base case, then the step."""
        try:
            wrong = self._begin()
            if wrong is not None:
                return self._proof("violation", finding=wrong[0], trace=wrong[1])
            escape = self._step()
            if escape is not None:
                return self._judge(escape)
            self._audited = self._system.audit(_SAMPLE, self._limits.left)
            return self._proof("proved" if self._is_closed else "domains")
        except OutOf as out:
            return self._proof(str(out.args[0]))
        except KeyboardInterrupt:
            return self._proof("interrupted")

    def _begin(self) -> tuple[Finding, Trace] | None:
        """The base case: what a search finds wrong.  Houdini takes away lemmas until that is no lemma."""
        request = self._request
        while True:
            self._base = Base(self._system, request.search, request.k - 1, self._limits, request.memory)
            self._reach = self._base.reach
            wrong = self._base.violation()
            if wrong is None or not (request.houdini and wrong[0].kind == "lemma"):
                return wrong
            self._drop([wrong[0].name])
            self._calls += self._system.python_calls
            self._prepare()

    def _drop(self, names: Collection[str]) -> None:
        self._dropped += names
        self._lemmas = [name for name in self._lemmas if name not in names]

    def _step(self) -> Escape | None:
        """A step that breaks an invariant.  Houdini takes away lemmas until that is no lemma."""
        assert self._base is not None, "the base case comes first"
        self._domains = Domains(self._base.values())
        while True:
            names = {*self._promises, *self._lemmas}
            instances = self._system.instances
            invariants = [tree for tree, each in enumerate(instances) if each.name in names]
            escape = Induction(
                self._knowledge,
                self._domains,
                invariants,
                self._request.k,
                self._limits,
                self._tally,
                self._tell,
            ).run()
            spoiled = {instances[tree].name for tree in escape.broken} if escape is not None else set()
            weak = [name for name in self._lemmas if name in spoiled]
            if not (self._request.houdini and weak):
                return escape
            self._drop(weak)

    def _judge(self, escape: Escape) -> Proof:
        """Whether the state in question is known to be reachable: then the promise is really broken."""
        assert self._base is not None, "the base case comes first"
        finding = finding_of(self._knowledge, escape)
        way = self._base.way_to(escape.states[0])
        if way is not None:
            return self._proof("violation", finding=finding, trace=trace_to(self._knowledge, escape, way))
        label = self._system.instances[escape.rules[-1].tree].label()
        flights = in_flight(self._system, escape.states[0])
        return self._proof("gap", gap=Gap(finding, trace_to(self._knowledge, escape), flights, label))

    def _proof(
        self, stop: str, *, gap: Gap | None = None, finding: Finding | None = None, trace: Trace | None = None
    ) -> Proof:
        domains = self._domains if self._domains is not None else Domains(())
        return Proof(
            verdict=_verdict(stop, finding),
            origin=origin_of(type(self._model)),
            params=self._model.params,
            request=self._request,
            stop=stop,
            properties=tuple(self._promises),
            lemmas=tuple(self._lemmas),
            dropped=tuple(self._dropped),
            unseen=tuple(_unseen(self._model, self._promises)),
            is_bounded=bool(self._model.declared("bound")),
            is_closed=self._is_closed,
            gap=gap,
            finding=finding,
            trace=trace,
            reach=self._reach,
            covered=Covered(
                footprints=self._knowledge.count,
                rules=self._tally.rules,
                checked=self._tally.checked,
                slots=sum(len(values) > 1 for values in domains.values()),
                values=sum(len(values) for values in domains.values() if len(values) > 1),
            ),
            python_calls=self._calls + self._system.python_calls,
            questions=self._tally.questions,
            audited=self._audited,
            seconds=monotonic() - self._started,
        )

    @property
    def _is_closed(self) -> bool:
        return self._domains is None or self._domains.is_closed

    def _tell(self) -> None:
        """Say how far it is, but not too often."""
        now = monotonic()
        if self._progress is not None and now - self._told > _PAUSE:
            self._told = now
            self._progress(
                {
                    "footprints": self._knowledge.count,
                    "rules": self._tally.rules,
                    "checked": self._tally.checked,
                    "questions": self._tally.questions,
                    "python_calls": self._system.python_calls,
                    "seconds": now - self._started,
                }
            )


def _promises(model: Model, asked: Collection[str] | None) -> list[str]:
    """The names of the properties to prove."""
    known = [declared.name for declared in model.declared("always")]
    if not known:
        raise ModelError(f"{model} has no property marked @always, so there is nothing to prove")
    others = {
        declared.name: kind
        for kind in ("sometimes", "refines", *AIDS, *WATCHED)
        for declared in model.declared(kind)
    }
    for name in asked or ():
        if name in others:
            raise ModelError(
                f"{model}.{name} is marked @{others[name]}, and only what is marked @always is proved; "
                f"write one of {', '.join(known)}"
            )
        if name not in known:
            raise ModelError(f"{model} has no property {name!r} marked @always; it has {', '.join(known)}")
    return known if asked is None else [name for name in known if name in asked]


def _unseen(model: Model, promises: Collection[str]) -> list[tuple[str, str]]:
    """What else the model promises."""
    kinds = ("always", "refines", *WATCHED)
    declared = [(found.name, f"@{kind}") for kind in kinds for found in model.declared(kind)]
    ends = [("no deadlock", "@ends")] if model.declared("ends") else []
    return [(name, kind) for name, kind in declared if name not in promises] + ends


def _verdict(stop: str, finding: Finding | None) -> Verdict:
    if finding is not None:
        return Verdict.AT_FAULT if finding.kind == "fault" else Verdict.VIOLATED
    return Verdict.HOLDS if stop == "proved" else Verdict.UNDECIDED
