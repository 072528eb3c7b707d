"""Which data type a history is about, from what its format says, its functions and their values."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from dscheck.checker.errors import DscheckError
from dscheck.checker.specifications.catalogue import ALIASES, SPECIFICATIONS, by_name, canonical
from dscheck.checker.specifications.specification import Specification
from dscheck.histories.history import APPEND, MICRO_KINDS, OK, READ, History
from dscheck.histories.values import ATOM, COMPOUND, LIST, MAP, NIL, SET

TRANSACTIONS: Final = {"list-append", "rw-register"}
"""Histories of transactions, which isolation levels are about; the latter may be taken for a
multi-register."""

_BY_FUNCTIONS: Final = (
    ("multi-register", {"txn"}),
    ("cas-register", {"read", "write", "cas"}),
    ("bank", {"read", "transfer", "total"}),
    ("queue", {"enqueue", "dequeue", "peek"}),
    ("priority-queue", {"insert", "poll", "peek"}),
    ("stack", {"push", "pop", "peek"}),
    ("deque", {"push_front", "push_back", "pop_front", "pop_back", "peek_front", "peek_back"}),
    ("lock", {"acquire", "release"}),
    ("append-list", {"append", "read"}),
    ("set", {"add", "remove", "contains", "read"}),
    ("counter", {"read", "add", "inc", "dec", "add_and_get", "get_and_add"}),
    ("kv", {"get", "put", "append", "delete"}),
    ("rate-limiter", {"allow", "take"}),
    ("sorted-set", set(SPECIFICATIONS["sorted-set"].functions)),
)
"""In this order: the first that knows every function of a history is what it is about."""


def recognise(history: History) -> str:
    """The name of the data type: what the format says, or what the functions and their values fit.

    One of `SPECIFICATIONS` or of TRANSACTIONS.  Raises DscheckError where nothing fits.
    """
    hint = history.hints.get("datatype")
    if isinstance(hint, str):
        hint = ALIASES.get(hint, hint)
        if hint in SPECIFICATIONS or hint in TRANSACTIONS:
            return hint
    used = {history.functions[number] for number in np.unique(history.function)}
    if history.micro is not None:
        kinds = set(np.unique(history.micro.kind).tolist())
        if kinds <= {READ, APPEND}:
            return "list-append"
        named = {MICRO_KINDS[kind] for kind in kinds}
        if named <= {"r", "w", "scan", "delete"}:
            return "rw-register"
        if named <= {"r", "add"}:
            return "set"
    for name, functions in _BY_FUNCTIONS:
        if used <= functions and used:
            return _narrower(history, name, used)
    said = f"; the format says {hint!r}" if hint else ""
    raise DscheckError(
        f"{history.name} has the functions {', '.join(sorted(used)) or 'none'}{said}: no data type is "
        f"recognised.  Name one of {', '.join(SPECIFICATIONS)}, or a file of your own, ./mine.py:Mine"
    )


def _narrower(history: History, name: str, used: set[str]) -> str:
    """The same functions may be those of several data types: their results tell."""
    if name == "cas-register" and "cas" not in used:
        whole: dict[type, str] = {tuple: "append-list", frozenset: "set", dict: "bank"}
        found = (whole.get(kind) for kind in _results(history, "read")) if used == {"read"} else ()
        return next(filter(None, found), "register")
    if name == "set" and used <= {"add", "read"}:
        return "counter" if any(kind in (int, float) for kind in _results(history, "read")) else "set"
    if name == "lock":
        return "mutex" if all(kind is bool for kind in _results(history, "acquire")) else "lock"
    return name


def _results(history: History, function: str) -> Iterator[type]:
    """Of what types the results of a function are, but for nil; some types come often."""
    if function not in history.functions:
        return
    number = history.functions.index(function)
    codes = np.unique(history.result[(history.function == number) & (history.outcome == OK)])
    codes = codes[codes != NIL]
    if (codes < COMPOUND).any():
        yield int
    compounds = {LIST: tuple, SET: frozenset, MAP: dict}
    inside = codes[(codes >= COMPOUND) & (codes < ATOM)] - COMPOUND
    yield from (compounds[history.values.kinds[at]] for at in inside)
    yield from (type(history.values.atoms[at]) for at in codes[codes >= ATOM] - ATOM)


def specification_of(history: History, name: str | None = None) -> Specification:
    """The specification of that name, or of the recognised data type, with what the format says of it.

    Hints that specifications take: `initial`, the value before the first write, and `order`, "min" or "max",
    of priority queues; options in the name win.  Raises DscheckError where there is no such specification.
    """
    name = recognise(history) if name is None else name
    if name == "list-append":
        raise DscheckError(
            f"{history.name} has transactions that append to lists: ask for an isolation level, such as "
            "strict-serializable"
        )
    name = "multi-register" if name == "rw-register" else name
    kind = None if ".py" in name else SPECIFICATIONS.get(canonical(name.partition(":")[0]))
    if kind is None:
        return by_name(name)
    taken = inspect.signature(kind).parameters
    options: dict[str, Any] = {}
    initial = history.hints.get("initial")
    if "initial" in taken and initial is not None:
        if kind.name == "bank" and not isinstance(initial, Mapping):
            raise DscheckError(
                f"{history.name}: initial balances are a map from account to balance, not {initial!r}"
            )
        options["initial"] = initial
    if "largest_first" in taken and "order" in history.hints:
        options["largest_first"] = history.hints["order"] != "min"
    return by_name(name, **options)
