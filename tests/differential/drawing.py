"""How Hypothesis draws the programs of random models."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from differential.language import CONSTRUCTS, Effect, Term, Truth, at_least, both
from differential.machine import Program

NEVER = at_least(0, "total", 99)


@cache
def terms(kind: type[Term], depth: int) -> st.SearchStrategy[Any]:
    """Any term of a kind, nested at most so deep."""
    fitting = [meaning for meaning in CONSTRUCTS[kind].values() if depth or not is_nested(meaning)]
    return st.deferred(lambda: st.one_of([terms_of(kind, meaning, depth) for meaning in fitting]))


def terms_of(kind: type[Term], meaning: Any, depth: int) -> st.SearchStrategy[Term]:
    """The terms of one construct."""
    parts = st.tuples(*(part_of(annotation, depth - 1) for annotation in anatomy(meaning)))
    return parts.map(lambda drawn: kind(meaning, drawn))


def anatomy(meaning: Any) -> list[Any]:
    """What a construct's terms are made of."""
    hints = get_type_hints(meaning)
    names = meaning.__code__.co_varnames[1 : meaning.__code__.co_argcount]
    return [hints[name] for name in names]


def is_nested(meaning: Any) -> bool:
    return any(get_origin(annotation) is not Literal for annotation in anatomy(meaning))


def part_of(annotation: Any, depth: int) -> st.SearchStrategy[Any]:
    """What stands for an annotation."""
    if get_origin(annotation) is Literal:
        return st.sampled_from(get_args(annotation))
    if get_origin(annotation) is tuple:
        return st.lists(part_of(get_args(annotation)[0], depth), max_size=3).map(tuple)
    return terms(annotation, depth)


MAIN, MORE = ("alone", "together", "on_ping"), ("told", "everywhere", "on_pong")
FAULTS = ("crash", "restart", "partition", "lose", "duplicate")
SENDS: st.SearchStrategy[Any] = terms_of(Effect, CONSTRUCTS[Effect]["send"], 2)


@st.composite
def blocks(draw: st.DrawFn) -> tuple[Effect, ...]:
    """What a method does; every other one sends something, for a model that never sends shows little."""
    effects = draw(st.lists(terms(Effect, 2), max_size=4))
    return (*effects, draw(SENDS)) if draw(st.booleans()) else tuple(effects)


@st.composite
def conditions(draw: st.DrawFn) -> Truth:
    """Something that rarely holds."""
    return both(draw(terms(Truth, 2)), draw(terms(Truth, 2))) if draw(st.integers(0, 3)) else NEVER


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A whole model."""
    network = draw(st.sampled_from(("set", "bag", "fifo", "persistent")))
    faults = draw(st.sets(st.sampled_from(FAULTS[: 3 if network == "persistent" else 5]), max_size=2))
    if "restart" in faults:
        faults.add("crash")
    return Program(
        cells=draw(st.sampled_from((2, 3, 1))),
        network=network,
        budgets={fault: draw(st.integers(0, 2)) for fault in sorted(faults)},
        starts=draw(st.lists(st.integers(0, 2), max_size=3).map(tuple)),
        bodies=draw(
            st.fixed_dictionaries(dict.fromkeys(MAIN, blocks()), optional=dict.fromkeys(MORE, blocks()))
        ),
        unsafe=draw(conditions()),
        goal=draw(conditions()),
        beyond=draw(conditions() | terms(Truth, 1)),
        restless=draw(terms(Truth, 1)),
        deadlock=draw(st.booleans()),
        allowed=draw(st.sampled_from((None, None, 511, 510, 255)) | st.integers(0, 511)),
        crowds=draw(st.just(15) | st.integers(0, 15)),
        in_turn=draw(st.booleans()),
        watched=draw(st.sampled_from((None, "linearizable", "sequentially_consistent"))),
        unmapped=draw(conditions()),
    )
