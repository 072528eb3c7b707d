"""Proofs that a level is broken, checked step by step against the recording alone."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from dscheck import _engine
from dscheck.checker.consistency.isolation.circles import Case
from dscheck.checker.consistency.isolation.recorded import Recorded, demand, recorded
from dscheck.checker.consistency.isolation.steps import Link
from isolation.drawing import draw_history

PROMISES = [
    f"{variant}{level}"
    for variant in ("", "strong-session-", "strong-")
    for level in ("prefix", "parallel-snapshot", "snapshot-isolation", "serializable")
]
Order = tuple[int, int, int]


def is_true(known: Recorded, link: Link, orders: set[Order]) -> bool:
    """Whether one transaction comes before the other, given these orders of writers."""
    source, target, kind, key, _ = link
    history, rows, facts = known.history, known.rows, known.facts
    a, b = rows[source], rows[target]
    match kind:
        case "wr":
            return (target, key, source) in facts.reads
        case "session":
            return bool(history.process[a] == history.process[b] and history.invoked[a] < history.invoked[b])
        case "real-time":
            return bool(history.returned[a] < history.invoked[b])
        case "ww":
            return (source, target, key) in orders
        case _:
            read_from = [writer for reader, k, writer in facts.reads if (reader, k) == (source, key)]
            is_writer = target in facts.writers[key] and target != source
            return is_writer and any(w == 0 or (w, target, key) in orders for w in read_from)


def is_circle(known: Recorded, level: str, circle: list[Link], orders: set[Order]) -> bool:
    """Whether these steps are true, lead back to their beginning, and are forbidden by the level."""
    kinds = [link[2] for link in circle]
    missed = [kind == "rw" for kind in kinds]
    adjacent = [missed[at - 1] and missed[at] for at in range(len(missed))]
    after_write = [missed[at] and kinds[at - 1] == "ww" for at in range(len(missed))]
    allowed = {
        "serializable": True,
        "snapshot-isolation": not any(adjacent),
        "prefix": not any(adjacent) and not any(after_write),
        "parallel-snapshot": sum(missed) <= 1,
    }[level]
    closed = all(a[1] == b[0] for a, b in zip(circle, circle[1:] + circle[:1], strict=True))
    real = all(0 not in link[:2] for link in circle)
    return (
        bool(circle) and real and allowed and closed and all(is_true(known, link, orders) for link in circle)
    )


def is_proof(known: Recorded, level: str, cases: list[Case]) -> bool:
    """Whether the cases cover all orders, and each leads to a circle by lemmas that hold in their turn."""
    if not covers([set(assumed) for assumed, _, _ in cases]):
        return False
    for assumed, lemmas, circle in cases:
        orders = set(assumed)
        for (earlier, later, key), opposite in lemmas:
            if not is_circle(known, level, opposite, orders | {(later, earlier, key)}):
                return False
            orders.add((earlier, later, key))
        if not is_circle(known, level, circle, orders):
            return False
    return True


def covers(cases: list[set[Order]]) -> bool:
    """Whether every way to order the writers is one of the cases."""
    if any(not case for case in cases):
        return True
    for earlier, later, key in set.union(set(), *cases):
        ways = [(earlier, later, key), (later, earlier, key)]
        if all(any(way in case for case in cases) for way in ways):
            parts = [
                [case - {way} for case in cases if ways[1 - at] not in case] for at, way in enumerate(ways)
            ]
            return all(covers(part) for part in parts)
    return False


@settings(max_examples=400, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_step_of_a_proof_is_in_the_recording(rng: Random) -> None:
    known = recorded(draw_history(rng, transactions=6, keys=3, operations=4))
    for promise in PROMISES:
        asked = demand(promise)
        judged = _engine.judge_strong(known.facts, asked.level, asked.base)
        if judged.answer == "violated":
            assert judged.minimal
            assert is_proof(known, asked.level, judged.cases), (promise, judged.cases, known.facts.reads)
