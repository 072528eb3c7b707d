"""What follows from verdicts: what a kept promise implies is kept, what implies a broken one is broken.

What stays open after that is kept where the recording is linearizable: that one order is a witness for all
that linearizability implies, also where reads do not say what they saw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dscheck.checker.consistency.datatypes import specification_of
from dscheck.checker.consistency.judgement import Judgement, Limits
from dscheck.checker.consistency.linearizability import realtime
from dscheck.checker.consistency.linearizability.check import learned_of
from dscheck.checker.consistency.linearizability.instants import check_positions
from dscheck.checker.consistency.sessions.asking import Asked
from dscheck.checker.errors import DscheckError
from dscheck.checker.verdict import Verdict
from dscheck.histories.errors import HistoryError
from dscheck.histories.history import History

_SECONDS: Final = 5.0
"""For finding out whether the recording is linearizable, at most."""
Implications = Mapping[str, tuple[str, ...]]


def settled(
    found: Mapping[Asked, Judgement], history: History, implications: Implications, limits: Limits
) -> dict[Asked, Judgement]:
    """The judgements; what is undecided is settled where it follows from others or from linearizability."""
    judged = dict(found)
    for strong, weak in ((one, other) for one in found for other in found if one != other):
        if not _implies(strong, weak, implications):
            continue
        if found[strong].verdict is Verdict.HOLDS and judged[weak].verdict is Verdict.UNDECIDED:
            judged[weak] = _kept(weak, judged[weak], found[strong].promise)
        if found[weak].verdict is Verdict.VIOLATED and judged[strong].verdict is Verdict.UNDECIDED:
            broken = found[weak]
            judged[strong] = replace(
                judged[strong],
                verdict=Verdict.VIOLATED,
                anomalies=broken.anomalies,
                implied_by=broken.promise,
                interrupted=False,
            )
    top = Asked("linearizable")
    left = [
        one
        for one, of in judged.items()
        if of.verdict is Verdict.UNDECIDED and not of.interrupted and _implies(top, one, implications)
    ]
    if left and _is_linearizable(history, limits):
        judged.update((one, _kept(one, judged[one], top.name)) for one in left)
    return judged


def _implies(strong: Asked, weak: Asked, implications: Implications) -> bool:
    reached, todo = set(), [str(strong)]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += implications.get(name, ())
    if str(weak) in reached:
        return True
    if weak.name != "bounded-staleness":
        return False
    if "bounded-staleness:k=1" in reached:
        return True
    is_less = weak.versions is not None or weak.time is not None
    for asked, given in ((weak.versions, strong.versions), (weak.time, strong.time)):
        is_less &= asked is None or (given is not None and given <= asked)
    return is_less and strong.name == weak.name


def _kept(one: Asked, judged: Judgement, by: str) -> Judgement:
    """Kept, as another promise is."""
    measures = dict(judged.measures)
    if one.name == "bounded-staleness":
        strict = by == "linearizable"
        for name, least, asked in (("k", 1, one.versions), ("t", 0, one.time)):
            if f"enough_{name}" in measures and (strict or asked is not None):
                measures[f"enough_{name}"] = least if strict else asked
    return replace(judged, verdict=Verdict.HOLDS, implied_by=by, measures=measures, interrupted=False)


def _is_linearizable(history: History, limits: Limits) -> bool:
    """Whether it certainly is, of operations on registers."""
    if not history.ordered_in_time or history.micro is not None:
        return False
    seconds = _SECONDS if limits.seconds is None else min(limits.seconds, _SECONDS)
    try:
        check_positions(history)
        learned = learned_of(specification_of(history))
        return realtime.holds(history, learned, Limits(seconds=seconds, memory=limits.memory))[0]
    except (DscheckError, HistoryError):
        return False
