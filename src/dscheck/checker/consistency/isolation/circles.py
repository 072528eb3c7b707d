"""Circles of dependencies by their names, and the proofs that they are there, in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from dscheck.checker.consistency.isolation.steps import Link, Telling
from dscheck.checker.consistency.judgement import Anomaly, Witness

Order = tuple[int, int, int]
"""Earlier and later writer, and the key."""
Case = tuple[list[Order], list[tuple[Order, list[Link]]], list[Link]]
"""What is assumed; lemmas, each with the circle that its opposite would close; the circle."""


def name_of(telling: Telling, circle: Sequence[Link]) -> tuple[str, str]:
    """What Adya and Elle call a circle of these kinds of edges, and what people do."""
    kinds = [link[2] for link in circle]
    has_predicate = any(telling.kind(link) == "predicate" for link in circle)
    missed = kinds.count("rw")
    keys = {link[3] for link in circle if link[2] in ("rw", "ww")}
    plus = "-realtime" if "real-time" in kinds else "-session" if "session" in kinds else ""
    if missed == 0:
        name, everyday = ("G0", "dirty write") if "wr" not in kinds else ("G1c", "circular information flow")
    elif len(circle) == 2 and len(keys) == 1 and not plus and "wr" not in kinds:
        return "lost update", "two transactions replaced the same version"
    elif missed == 1:
        name, everyday = "G-single", "stale read" if plus else "read skew"
        if has_predicate:
            return "G-single-predicate" + plus, "phantom"
    elif all(kinds[at] != "rw" or kinds[at - 1] != "rw" for at in range(len(kinds))):
        name, everyday = "G-nonadjacent", "long fork" if missed == 2 else "forks"
    elif has_predicate:
        name, everyday = "G2", "phantom"
    else:
        name, everyday = "G2-item", "write skew"
    return name + plus, everyday


def anomaly_of(telling: Telling, core: Sequence[int], cases: Sequence[Case], *, minimal: bool) -> Anomaly:
    """The circle of the simplest case as the witness, with all that it rests on."""
    rows = tuple(sorted(telling.row(number) for number in core))
    if not cases:
        sentence = "No order of these transactions explains what they read."
        witness = Witness(operations=rows, sentence=sentence, minimal=minimal)
        return Anomaly(name="no commit order", everyday="contradictory reads", witness=witness)
    _, _, circle = min(cases, key=lambda case: (len(case[1]), len(case[2])))
    # A name is given only to what happened whatever the order of versions: the same circle in every case.
    named = {name_of(telling, circle) for _, _, circle in cases}
    is_certain = len(named) == 1 and not any(lemmas for _, lemmas, _ in cases)
    name, everyday = named.pop() if is_certain else ("no commit order", "contradictory reads")
    names = [telling.name(link[0]) for link in circle]
    sentence = f"{', '.join(names)} would have to come before each other."
    if len(cases) > 1:
        sentence += f" That is one of {len(cases)} cases, each of which ends in such a circle."
    keys = {link[3] for link in circle if link[3] >= 0}
    witness = Witness(
        operations=rows,
        sentence=sentence,
        edges=tuple(telling.edge(link) for link in circle),
        details=tuple(_details(telling, cases)),
        minimal=minimal,
    )
    key = telling.key(keys.pop()) if len(keys) == 1 else None
    return Anomaly(name=name, everyday=everyday, witness=witness, key=key)


def _details(telling: Telling, cases: Sequence[Case]) -> list[str]:
    texts: list[str] = []
    for assumed, lemmas, circle in cases:
        if assumed:
            orders = " and ".join(_older(telling, order) for order in assumed)
            texts.append(f"Suppose that {orders}:")
        for order, opposite in lemmas:
            because = " ".join(telling.sentence(link) for link in opposite[:-1])
            texts.append(f"{_older(telling, order)}; the other way round, there would be a circle: {because}")
        if assumed:
            texts.append("Then: " + " ".join(telling.sentence(link) for link in circle))
    return list(dict.fromkeys(texts))


def _older(telling: Telling, order: Order) -> str:
    earlier, later, key = order
    return (
        f"{telling.name(earlier)}'s write of key {telling.key(key)!r} is older than {telling.name(later)}'s"
    )
