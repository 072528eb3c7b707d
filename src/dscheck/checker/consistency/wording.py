"""A verification in words: the verdict first, then what was covered, each promise, the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from dscheck.checker.amounts import duration, plural, shortened
from dscheck.checker.consistency.isolation.levels import BASES, LEVELS, VARIANTS, named
from dscheck.checker.consistency.judgement import Anomaly, Judgement, Witness
from dscheck.checker.consistency.sessions import staleness
from dscheck.checker.line import Line
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import History, Operation

if TYPE_CHECKING:
    from dscheck.checker.consistency.verification import Verification

_SHOWN = 12
"""Operations of a witness, and anomalies of a promise, that a terminal shows."""
_WIDE = 160
"""Characters of an operation."""
_BEFORE = 6
"""Operations before the one that does not fit, that a terminal shows."""
_Of = TypeVar("_Of")
_COLUMN = 14
_VARIANTS = {"": "alone", "strong-session-": "in sessions", "strong-": "in real time"}
_WORST = (Verdict.AT_FAULT, Verdict.VIOLATED, Verdict.UNDECIDED, Verdict.HOLDS)
MEASURES: Final = ("bounded-staleness",)
"""Promises that, without a bound, are kept by any recording: they measure."""
_WITHOUT_LINES: Final = ("dbcop", "cobra")
"""Formats that are read record by record."""
_ROLES = {Verdict.HOLDS: "good", Verdict.VIOLATED: "bad", Verdict.UNDECIDED: "warning"}


def sentence(result: Verification) -> str:
    """The verdict in one line."""
    name = result.history.name
    asked = _listed(result.asked)
    match result.verdict:
        case Verdict.HOLDS:
            return f"{name} is {asked}"
        case Verdict.VIOLATED:
            broken = [j.promise for j in result.of(Verdict.VIOLATED) if j.promise in result.asked]
            return f"{name} is not {_listed(broken)}"
        case _:
            return f"{name} is undecided: whether it is {asked} was not found out"


def lines(result: Verification) -> Iterator[Line]:
    """The whole result, line by line."""
    yield Line("good" if result.verdict is Verdict.HOLDS else "bad", sentence(result))
    history = result.history
    about = f"{counted(history)}, {result.datatype}, read as {history.format}"
    yield Line("note", f"  {about}; judged in {duration(result.seconds)}")
    yield Line("plain", "")
    yield from _table(result)
    if len(result.judgements) > 1:
        yield from _extremes("strongest kept", result.strongest_kept, result.open_kept)
        yield from _extremes("weakest broken", result.weakest_broken, result.open_broken)
    yield from (Line("warning", f"  warning: {text}") for text in result.warnings)
    for anomaly in distinct_anomalies(result.judgements)[:_SHOWN]:
        yield Line("plain", "")
        yield from anomaly_lines(history, anomaly)


def _extremes(what: str, names: Sequence[str], open_ones: Sequence[str]) -> Iterator[Line]:
    """Which promises are the strongest that are kept, or the weakest broken; and what may change that."""
    if names and not open_ones:
        yield Line("plain", f"  {what}: {_listed(names)}")
    elif open_ones:
        of_these = _listed(open_ones) if len(open_ones) < 4 else f"{len(open_ones)} promises"
        known = _listed(names) if names else "none"
        are = "is" if len(open_ones) == 1 else "are"
        yield Line("plain", f"  {what} so far: {known}; {of_these} {are} undecided and may change that")


def distinct_anomalies(judgements: Iterable[Judgement]) -> list[Anomaly]:
    """Each anomaly once, though several promises proscribe it; those of the weakest promises first."""
    found: dict[tuple[str, tuple[int, ...]], Anomaly] = {}
    for judged in reversed(tuple(judgements)):
        for anomaly in judged.anomalies:
            found.setdefault((anomaly.name, anomaly.witness.operations), anomaly)
    return list(found.values())


def anomaly_lines(history: History, anomaly: Anomaly) -> Iterator[Line]:
    """An anomaly with the operations that prove it."""
    witness = anomaly.witness
    everyday = f" ({anomaly.everyday})" if anomaly.everyday not in ("", anomaly.name) else ""
    where = "" if anomaly.key is None else f" on key {plain(anomaly.key)}"
    more = f", {anomaly.count:,} found; a smallest one" if anomaly.count > 1 else ""
    yield Line("heading", f"{anomaly.name}{where}{everyday}{more}:")
    yield Line("bad", f"  {witness.sentence}")
    yield from (Line("plain", f"  {text}") for text in witness.details)
    first, last = witness.operations[:_BEFORE], witness.operations[_BEFORE:]
    yield from (Line("step", f"  {told(history.operation(row), history)}") for row in first)
    if len(last) > _BEFORE:
        yield Line("note", f"  then {plural(len(last) - _BEFORE, 'operation')} that are not shown")
    yield from (Line("step", f"  {told(history.operation(row), history)}") for row in last[-_BEFORE:])
    if witness.edges:
        yield Line("plain", "  because")
        for number, edge in folded(list(enumerate(witness.edges))):
            text = f"... {number:,} more ..." if edge is None else edge.sentence
            yield Line("plain", f"    {text}")
    yield from _order_lines(history, witness)


def folded(numbered: Sequence[tuple[int, _Of]]) -> list[tuple[int, _Of | None]]:
    """A dozen of them at most: of more the middle is left out, which (how many, None) stands for."""
    if len(numbered) <= _SHOWN:
        return list(numbered)
    half = _SHOWN // 2
    return [*numbered[:half], (len(numbered) - _SHOWN + 1, None), *numbered[-half + 1 :]]


def measures(judged: Judgement) -> bool:
    """Whether it says how much, rather than that a promise is kept."""
    return judged.promise in MEASURES and judged.verdict is Verdict.HOLDS


def counted(history: History) -> str:
    """How many operations or transactions there are."""
    return plural(len(history), "operation" if history.micro is None else "transaction")


def place(history: History, row: int) -> str:
    """Where an operation was recorded: `line 12`; `record 12` in files that have no lines."""
    unit = "record" if history.format in _WITHOUT_LINES else "line"
    return f"{unit} {int(history.line[row]):,}"


def transaction(history: History, row: int) -> str:
    """What a transaction is called, with its place in the recording: `T8 (line 91)`."""
    return f"T{row} ({place(history, row)})"


def told(operation: Operation, history: History) -> str:
    """An operation in one line: where it was recorded, who, what, and what came of it."""
    return f"{place(history, operation.row):<12} {who(operation):<12} {shortened(what(operation), _WIDE)}"


def who(operation: Operation) -> str:
    """The process, as people call it."""
    name = str(operation.process)
    return f"process {name}" if name.isdigit() else name


def what(operation: Operation) -> str:
    """`write 3`, `read gave 2`, `w(x, 1) r(y) gave 2`."""
    if operation.micro:
        done = " ".join(_micro(kind, key, value) for kind, key, value in operation.micro)
        return done if operation.outcome == "ok" else f"{done} ({_unknown(operation)})"
    key = "" if operation.key is None else f" of key {plain(operation.key)}"
    argument = "" if operation.argument is None else f" {plain(operation.argument)}"
    if operation.outcome != "ok":
        return f"{operation.function}{argument}{key} ({_unknown(operation)})"
    silent = operation.result is None and operation.argument is not None
    result = "" if silent else f" gave {plain(operation.result)}"
    return f"{operation.function}{argument}{key}{result}"


def _unknown(operation: Operation) -> str:
    return "never happened" if operation.outcome == "fail" else "outcome unknown"


def _micro(kind: str, key: object, value: object) -> str:
    if kind in ("r", "scan"):
        return f"{kind}({plain(key)}) = {plain(value)}"
    return f"{kind}({plain(key)}, {plain(value)})"


def plain(value: object) -> str:
    """A value as people write it: `nil`, `x`, `[1 2]`, `{x: 1}`."""
    match value:
        case None:
            return "nil"
        case str():
            return value if value and value.isprintable() and not value.isspace() else repr(value)
        case tuple():
            return f"[{' '.join(map(plain, value))}]"
        case frozenset():
            return f"#{{{' '.join(sorted(map(plain, value)))}}}"
        case dict():
            return f"{{{', '.join(f'{plain(key)}: {plain(of)}' for key, of in value.items())}}}"
        case _:
            return repr(value)


def _table(result: Verification) -> Iterator[Line]:
    """A line per promise; levels of isolation, of which there are many, as a table of their variants."""
    several = sum(judged.promise in LEVELS for judged in result.judgements) > 4
    if several:
        yield from _level_lines({judged.promise: judged.verdict for judged in result.judgements})
        levels = [judged for judged in result.judgements if judged.promise in LEVELS]
        reasons = {judged.covered: None for judged in levels if judged.verdict is Verdict.UNDECIDED}
        yield from (Line("warning", f"  undecided: {reason}") for reason in reasons)
    rest = [judged for judged in result.judgements if not several or judged.promise not in LEVELS]
    width = max((len(judged.promise) for judged in rest), default=0)
    before = ""
    for judged in rest:
        how = f"follows from {judged.implied_by}" if judged.implied_by else judged.covered
        told_already, before = how == before, how
        is_measure = measures(judged)
        found = "measured" if is_measure else str(judged.verdict)
        text = f"  {judged.promise:<{width}}  {found:<9}  {'' if told_already else how}"
        yield Line("plain" if is_measure else _ROLES.get(judged.verdict, "bad"), text.rstrip())
        if judged.promise in result.asked:
            yield from (Line("note", f"    {text}") for text in staleness.lines(judged.measures))


def _level_lines(verdicts: Mapping[str, Verdict]) -> Iterator[Line]:
    """A line per level; a column per variant: transactions alone, in their sessions, in real time."""
    wide = max(map(len, BASES))
    heads = [f"{_VARIANTS[variant]:<{_COLUMN}}" for variant in reversed(VARIANTS)]
    yield Line("heading", f"  {'':<{wide}}  {''.join(heads)}".rstrip())
    for base in BASES:
        names = [named(base, variant) for variant in reversed(VARIANTS)]
        found = [verdicts.get(name) for name in names]
        cells = [f"{'' if verdict is None else verdict!s:<{_COLUMN}}" for verdict in found]
        worst = next((verdict for verdict in _WORST if verdict in found), None)
        if worst is not None:
            yield Line(_ROLES.get(worst, "bad"), f"  {base:<{wide}}  {''.join(cells)}".rstrip())


def _order_lines(history: History, witness: Witness) -> Iterator[Line]:
    if witness.order:
        yield Line("plain", "  the longest prefix that fits ends with")
        for row in witness.order[-_BEFORE:]:
            yield Line("note", f"    {told(history.operation(row), history)}")
    if witness.states:
        yield Line("plain", f"  possible then: {_listed(witness.states)}")
    if witness.stuck:
        yield Line("plain", "  and none of these fits next")
        for row in witness.stuck[:_SHOWN]:
            yield Line("note", f"    {told(history.operation(row), history)}")


def _listed(texts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = list(texts) or ["nothing"]
    return f"{', '.join(most)} and {last}" if most else last
