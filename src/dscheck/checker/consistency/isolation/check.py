"""The entry to levels of isolation: recognises what transactions do, and asks whoever knows about that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dscheck import _engine
from dscheck.checker.consistency.isolation import bank, choices, strong, timestamps, weak
from dscheck.checker.consistency.isolation.dependencies import (
    LISTS,
    REGISTERS,
    check_lists,
    kinds,
    names,
    reads_lists,
    transactions,
)
from dscheck.checker.consistency.isolation.inquiry import STOPS, Clock, Inquiry
from dscheck.checker.consistency.isolation.levels import ITEMS, LEVELS, canonical
from dscheck.checker.consistency.isolation.recorded import Recorded, recorded
from dscheck.checker.consistency.isolation.reductions import Reduced, registers_of
from dscheck.checker.consistency.judgement import (
    INTERRUPTED,
    MISSING,
    Judgement,
    Limits,
    doubted,
    not_reached,
)
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.history import APPEND, History

PROMISES = tuple(LEVELS)
"""What can be judged, strongest first."""
DATATYPES = ("list-append", "rw-register", "long-fork", "set", "set-full", "comments", "bank")
"""The data types that can be judged; of those without micro-operations, what their operations mean."""
IMPLICATIONS = {name: level.weaker for name, level in LEVELS.items()}
"""What follows directly from each."""


def check(
    history: History, levels: Sequence[str] | None = None, limits: Limits | None = None
) -> list[Judgement]:
    """Judges levels of isolation: those that are named, or all.

    Raises DscheckError for unknown names, and for histories that have no transactions of a known kind.
    """
    is_bank = bank.is_bank(history)
    extra = bank.PROMISES if is_bank else timestamps.LEVELS if is_stamped(history) else ()
    known = (*PROMISES, *extra)
    asked = [name if name in known else canonical(name) for name in (known if levels is None else levels)]
    unknown = [name for name in asked if name not in known]
    if unknown:
        raise DscheckError(f"no level of isolation: {', '.join(unknown)}; there are {', '.join(known)}")
    if is_bank:
        return bank.judge(history, None if levels is None else asked, limits or Limits())
    clock = Clock(limits or Limits())
    reduced = registers_of(history)
    done = kinds(reduced.history)
    is_lists = done <= LISTS and (APPEND in done or reads_lists(reduced.history))
    if not is_lists and not done <= REGISTERS:
        raise DscheckError(f"{history.name}: nobody knows about transactions that {names(done)}")
    stamped = [name for name in asked if name in timestamps.LEVELS]
    rest = [name for name in asked if name in LEVELS]
    judged: dict[str, Judgement] = {}
    why = ""
    try:
        judged |= {one.promise: one for one in _stamped(history, stamped, clock)}
        if rest:
            found = _lists(history, rest, clock) if is_lists else _registers(reduced, rest, clock)
            judged |= ((one.promise, one) for one in found)
            if not is_lists and reduced.history is history:

                def judge(world: History, names: Sequence[str]) -> list[Judgement]:
                    return list(_versions(Reduced(world, []), names, clock))

                judged = choices.settled(history, judged, clock, judge)
    except (TimeoutError, MemoryError) as stopped:
        why = f"the dependencies were not all found, as {STOPS[type(stopped)]}"
    except KeyboardInterrupt:  # what is decided by now is told
        why = INTERRUPTED
    is_ctrl_c = why == INTERRUPTED
    doubt = _doubt(history, is_lists, reduced.is_set)
    if doubt:
        judged = {name: doubted(one, doubt) for name, one in judged.items()}
    return [judged.get(name) or not_reached(name, why, interrupted=is_ctrl_c) for name in asked]


def _doubt(history: History, is_lists: bool, is_set: bool) -> str:
    """Why what seems wrong may have an explanation outside of the transactions; empty if it has none."""
    if is_lists and history.hints.get("partial"):
        return MISSING
    if (is_lists or is_set) and history.hints.get("initial"):
        return "what lists and sets held before the first transaction is not taken into account"
    return ""


def is_stamped(history: History) -> bool:
    """Whether the database told when transactions started and committed, in its own order."""
    return history.begin_stamp is not None and history.commit_stamp is not None


def _stamped(history: History, asked: Sequence[str], clock: Clock) -> list[Judgement]:
    """By the database's own timestamps: they say which versions were there to be read."""
    return timestamps.judge(history, asked, clock.rest) if asked else []


def _lists(history: History, asked: Sequence[str], clock: Clock) -> Iterator[Judgement]:
    """By the dependency graph, unless it matters how writes are ordered that nobody saw."""
    check_lists(history)
    found = transactions(history).appends(seconds=clock.seconds, memory=clock.memory)
    inquiry = Inquiry.of(history, found, clock)
    known = Recorded(history, found.facts, found.keys, gaps=inquiry.gaps, rows=found.facts.rows)
    for name in asked:
        by_order = inquiry.depends_on_order(name)
        yield without_order(known, name, clock.rest) if by_order else inquiry.judge(name)


def _registers(reduced: Reduced, asked: Sequence[str], clock: Clock) -> Iterator[Judgement]:
    """Levels that are about items alone do without what predicates did not match."""
    if reduced.items is None:
        yield from _versions(reduced, asked, clock)
        return
    alone = Reduced(reduced.items, [])
    whole = [name for name in asked if LEVELS[name].base not in ITEMS]
    rest = [name for name in asked if LEVELS[name].base in ITEMS]
    yield from _versions(reduced, whole, clock)
    yield from _versions(alone, rest, clock)


def _versions(reduced: Reduced, asked: Sequence[str], clock: Clock) -> Iterator[Judgement]:
    """By the dependency graph as far as versions are in a known order; else by those who do without."""
    known = recorded(reduced.history)
    known = replace(
        known,
        absent=frozenset(reduced.predicates),
        gaps=(*known.gaps, *reduced.gaps),
        findings=known.findings if reduced.findings is None else reduced.findings,
    )
    found = _engine.Dependencies.of_facts(
        known.facts, known.keys, reduced.predicates, seconds=clock.seconds, memory=clock.memory
    )
    inquiry = Inquiry.of(reduced.history, found, clock, known.findings, known.gaps, is_set=reduced.is_set)
    open_ones = []
    for name in asked:
        judged = inquiry.judge(name)
        if inquiry.partial and judged.verdict is not Verdict.VIOLATED:
            open_ones.append(name)
        else:
            yield judged
    for name in open_ones:
        yield without_order(known, name, clock.rest)


def without_order(known: Recorded, name: str, limits: Limits) -> Judgement:
    """One level of registers whose versions are in no complete order; what the database's own timestamps show
    to be kept needs no search."""
    level = LEVELS[name]
    if level.base in weak.LEVELS:
        return weak.judge(known, [name], limits)[0]
    claim = f"{level.variant}timestamped-{level.base}"
    if is_stamped(known.history) and claim in timestamps.LEVELS:
        (claimed,) = timestamps.judge(known.history, [claim], limits)
        if claimed.verdict is Verdict.HOLDS:
            return replace(claimed, promise=name, implied_by=claim)
    return strong.judge(known, [name], limits)[0]
