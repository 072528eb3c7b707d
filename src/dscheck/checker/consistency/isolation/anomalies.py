"""Anomalies by name: Adya's (1999; with Liskov and O'Neil, ICDE 2000), Elle's (VLDB 2020), everyday ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from dscheck.checker.consistency.isolation.explain import Explainer, Step, around
from dscheck.checker.consistency.judgement import Anomaly, Edge, Witness
from dscheck.histories.history import History

Finding = tuple[str, int, int, int, int, int]
"""What, code of the key, of the element and of the value, row of the reader, other row."""
Found = tuple[list[Step], bool, int]
"""The steps of a cycle, whether it is surely a shortest one, and how many such were found."""

_SINGLE: Final = {
    "aborted-read": ("G1a", "aborted read"),
    "dirty-update": ("dirty update", "write on top of an aborted write"),
    "intermediate-read": ("G1b", "intermediate read"),
    "internal": ("internal", "own write not seen"),
    "future-read": ("future read", "own write seen before it was made"),
    "duplicate": ("duplicate elements", "one write took effect twice"),
    "incompatible": ("incompatible order", "reads that cannot come before each other"),
    "garbage": ("garbage read", "value that nobody wrote"),
    "lost-update": ("lost update", "lost update"),
    "cyclic-versions": ("cyclic versions", "versions that come before each other"),
}
COMMITTED: Final = frozenset(_SINGLE) - {"lost-update", "garbage"}
"""Findings that no level from read committed upwards permits."""

_CYCLES: Final = {
    "G0": "dirty write",
    "G1c": "circular information flow",
    "G-single": "read skew",
    "G-nonadjacent": "conflicting snapshots",
    "prefix": "no common prefix",
    "G2-item": "write skew",
    "item": "write skew",
    "G2": "phantom",
    "causal": "effect without its cause",
}


def of_findings(history: History, explainer: Explainer, findings: Iterable[Finding]) -> dict[str, Anomaly]:
    """One anomaly per kind of finding: the first, with the number of all."""
    first: dict[str, Finding] = {}
    counts: Counter[str] = Counter()
    for finding in findings:
        first.setdefault(finding[0], finding)
        counts[finding[0]] += 1
    return {what: _single(history, explainer, finding, counts[what]) for what, finding in first.items()}


def _single(history: History, explainer: Explainer, finding: Finding, count: int) -> Anomaly:
    what, key_code, element_code, value_code, row, other = finding
    value = history.values.value
    key, element, read = value(key_code), value(element_code), value(value_code)
    reader, writer = explainer.name(row), explainer.name(other)
    seen = around(read, element) if isinstance(read, tuple | frozenset) else repr(read)
    what_it_did = f"{reader} read {seen} of key {key!r}"
    sentence = {
        "aborted-read": f"{what_it_did}, but {writer}, which wrote {element!r}, failed.",
        "dirty-update": f"{what_it_did}, where {element!r} is on top of what {writer}, which failed, wrote.",
        "intermediate-read": f"{what_it_did}, but {element!r} was not the last that {writer} wrote to it.",
        "internal": f"{reader} wrote {element!r} to key {key!r}, and then read {seen}.",
        "future-read": f"{what_it_did}, whose {element!r} it wrote itself, and only later.",
        "duplicate": f"{what_it_did}, where {element!r}, which was written once, is twice.",
        "incompatible": f"{what_it_did}, which from {element!r} on does not fit what {writer} did or saw.",
        "garbage": f"{what_it_did}, but nobody wrote {element!r}.",
        "lost-update": f"{reader} and {writer} read the same version of key {key!r}, and both replaced it.",
        "cyclic-versions": f"{reader} and {writer} replaced versions of key {key!r} later than their own.",
    }[what]
    name, everyday = _SINGLE[what]
    rows = tuple(sorted({row, other}))
    witness = Witness(operations=rows, sentence=sentence, minimal=True)
    return Anomaly(name=name, everyday=everyday, witness=witness, key=key, count=count)


def of_cycle(explainer: Explainer, shape: str, found: Found) -> Anomaly:
    """The anomaly that a cycle is."""
    steps, is_shortest, count = found
    edges = tuple(explainer.edge(step) for step in steps)
    name, everyday = named(shape, edges)
    rows = tuple(sorted({edge.source for edge in edges}))
    round_trip = " -> ".join(f"T{edge.source}" for edge in edges)
    return Anomaly(
        name=name,
        everyday=everyday,
        witness=Witness(
            operations=rows,
            sentence=f"{round_trip} -> T{edges[0].source}: each had to come before the next, in a circle.",
            edges=edges,
            minimal=is_shortest,
        ),
        key=edges[0].key if len({edge.key for edge in edges}) == 1 else None,
        count=count,
    )


def named(shape: str, edges: Sequence[Edge]) -> tuple[str, str]:
    """The name in the literature, with the order that is needed, and the everyday name of a cycle."""
    kinds = [edge.kind for edge in edges]
    anti = sum(kind in ("rw", "predicate") for kind in kinds)
    several = {"prefix": "G-nonadjacent", "item": "G2-item"}
    is_single = anti == 1 and shape in ("prefix", "item", "monotonic", "atomic", "causal", "lost-update")
    name = "G-single" if is_single else several.get(shape, shape)
    everyday = _everyday(shape, edges, kinds) or _CYCLES[shape if shape in ("causal", "prefix") else name]
    suffix = "-realtime" if "real-time" in kinds else "-session" if "session" in kinds else ""
    if name == "G-single" and "predicate" in kinds:
        name = "G-single-predicate"
    return name + suffix, everyday


def _everyday(shape: str, edges: Sequence[Edge], kinds: list[str]) -> str | None:
    keys = {edge.key for edge in edges}
    sorts = sorted(kinds)
    if sorts == ["rw", "rw", "wr", "wr"] and shape != "G2-item":
        return "long fork"
    if len(edges) != 2:
        return "phantom" if "predicate" in kinds else None
    match sorts:
        case ["rw", "wr"]:
            return "non-repeatable read" if len(keys) == 1 else "fractured read"
        case ["rw", "ww"] if len(keys) == 1:
            return "lost update"
        case ["rw", "session"]:
            return "stale read within a session"
        case ["real-time", "rw"]:
            return "stale read"
        case ["real-time", "wr"]:
            return "read of the future"
        case ["rw", "rw"]:
            return "lost update" if len(keys) == 1 else "write skew"
    return "phantom" if "predicate" in kinds else None
