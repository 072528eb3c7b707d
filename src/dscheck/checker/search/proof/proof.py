"""What a proof came to: the verdict, for which instance, and a step that spoils it if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from typing import TYPE_CHECKING, Any, Final

from dscheck.checker.search.proof import page, wording
from dscheck.checker.search.proof.base import Reach
from dscheck.checker.traces.finding import Finding
from dscheck.checker.traces.trace import Flight, Trace
from dscheck.checker.verdict import Verdict
from dscheck.checker.version import version

if TYPE_CHECKING:
    from dscheck.checker.search.result import Origin

SCHEMA: Final = "dscheck.proof/1"
"""The version of what `Proof.to_json` gives; a change that would mislead old readers gets a new number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """The arguments of `prove` that decide the result; None: no limit."""

    k: int
    houdini: bool
    properties: tuple[str, ...] | None
    time: float | None
    memory: int | None
    search: int

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        for name in ("k", "search", "time", "memory"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name}={value!r}: write a number above 0")


@dataclass(frozen=True, slots=True)
class Gap:
    """A counterexample to induction: states that keep all invariants, and a step that breaks one."""

    finding: Finding
    """What is broken after the last step, or what it raised."""
    trace: Trace
    """From a state that need not be reachable."""
    in_flight: tuple[Flight, ...]
    """The messages in flight before the first step."""
    label: str
    """The last step."""

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "finding": self.finding.to_json(),
            "trace": self.trace.to_json(),
            "in_flight": [list(astuple(message)) for message in self.in_flight],
            "step": self.label,
        }


@dataclass(frozen=True, slots=True)
class Covered:
    """How far a proof came."""

    footprints: int
    """Runs of the model's methods, each of which stands for all states that look the same to it."""
    rules: int
    """Steps among them that may break an invariant."""
    checked: int
    """How many of these were found to keep all invariants; all, where it is proved."""
    slots: int
    """Places of the state that may hold more than one value."""
    values: int
    """The values that all places together may hold."""


@dataclass(frozen=True, kw_only=True, repr=False)
class Proof:
    """The outcome of `prove`."""

    verdict: Verdict
    origin: Origin
    params: Mapping[str, Any]
    request: Attempt
    stop: str
    """How it ended: proved, gap, violation, domains, time, memory, interrupted, or why Z3 gave up."""

    properties: tuple[str, ...]
    """The properties marked @always that it is about."""
    lemmas: tuple[str, ...]
    """Those marked @lemma that it rests on; they are proved together with the properties."""
    dropped: tuple[str, ...]
    """Lemmas that Houdini took away, since they are not inductive."""
    unseen: tuple[tuple[str, str], ...]
    """What the model promises besides and this does not look at: names and kinds."""
    is_bounded: bool
    """Whether a @bound limits what is proved."""
    is_closed: bool
    """Whether no step leaves the domains; if one may, only states of values that a search has seen count."""

    gap: Gap | None
    """Why it is not proved."""
    finding: Finding | None
    """What is wrong in a state that is reachable."""
    trace: Trace | None
    """A run that leads there."""
    reach: Reach | None
    """What the bounded search saw; None if it came to no end."""

    covered: Covered
    python_calls: int
    questions: int
    """How often Z3 was asked."""
    audited: int
    """How many runs of the model were repeated to see that they do the same again."""
    seconds: float

    @property
    def model(self) -> str:
        """The name of the model's class."""
        return self.origin.name

    @property
    def exit_code(self) -> int:
        """The exit status of a command that ends with this proof."""
        return self.verdict.exit_code

    @property
    def warnings(self) -> tuple[str, ...]:
        """What makes the verdict weaker than it looks."""
        return tuple(wording.warnings(self))

    def sentence(self) -> str:
        """The verdict in one line."""
        return wording.sentence(self)

    def __repr__(self) -> str:
        return f"<{self.sentence()}>"

    def __str__(self) -> str:
        return "\n".join(line.text for line in wording.lines(self))

    def to_html(self) -> str:
        """One self-contained page: the verdict, and the step that breaks an invariant as a diagram."""
        return page.html(self)

    def _repr_html_(self) -> str:
        return page.framed(self)

    def to_json(self) -> dict[str, Any]:
        """As plain data, ready for `json.dump`; docs/reference/proof-json.md says what each part means."""
        return {
            "schema": SCHEMA,
            "dscheck": version(),
            "model": {**asdict(self.origin), "params": dict(self.params)},
            "request": asdict(self.request),
            "verdict": str(self.verdict),
            "exit_code": self.exit_code,
            "sentence": self.sentence(),
            "warnings": list(self.warnings),
            "stop": self.stop,
            "properties": list(self.properties),
            "lemmas": list(self.lemmas),
            "dropped": list(self.dropped),
            "unseen": dict(self.unseen),
            "is_bounded": self.is_bounded,
            "is_closed": self.is_closed,
            "gap": None if self.gap is None else self.gap.to_json(),
            "finding": None if self.finding is None else self.finding.to_json(),
            "trace": None if self.trace is None else self.trace.to_json(),
            "reach": None if self.reach is None else asdict(self.reach),
            "covered": asdict(self.covered),
            "cost": {
                "seconds": round(self.seconds, 3),
                "python_calls": self.python_calls,
                "questions": self.questions,
                "audited": self.audited,
            },
        }
