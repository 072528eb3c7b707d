"""Sorted sets, as Redis has them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from dscheck.checker.specifications.equality import Table, by_type, same, table
from dscheck.checker.specifications.specification import (
    REFUSED,
    UNKNOWN,
    Asked,
    Specification,
    is_number,
    needs,
)


class SortedSet(Specification):
    """Members with scores, ordered by score and then by the bytes of the member.  Scores are floating-point
    numbers: 1 and 1.0 are the same.

    | function | argument | result |
    |---|---|---|
    | `zadd` | (member, score, options ...) | how many members are new, 0 or 1; with CH how many changed |
    | `zincrby` | (member, increment) | the new score; a member that is not there starts at 0 |
    | `zrem` | member | how many were removed, 0 or 1 |
    | `zscore` | member | its score, or None |
    | `zrank`, `zrevrank` | member | how many come before it, from the low or high end, or None |
    | `zrange`, `zrevrange` | (start, stop) | members in these places; negative ones from the end |
    | `zcard` | | how many there are |

    Options of `zadd`: NX only adds, XX only updates, GT and LT update only to a greater or lesser score, CH.
    Results of `zadd`, `zincrby` and `zrem` may be None: not said.
    """

    name = "sorted-set"
    functions = ("zadd", "zincrby", "zrem", "zscore", "zrank", "zrevrank", "zrange", "zrevrange", "zcard")
    pure = ("zscore", "zrank", "zrevrank", "zrange", "zrevrange", "zcard")

    def initial(self) -> Hashable:
        return ()

    def step(self, state: Any, asked: Asked) -> Any:
        if asked.function in self.pure:
            return state if _equal(asked.result, _answer(state, asked)) else REFUSED
        scores = table((member, score) for score, member in state)
        result = _change(scores, asked)
        if asked.result is not None and not _equal(asked.result, result):
            return REFUSED
        return tuple(sorted(((score, member) for member, score in scores.values()), key=_place))

    def fault(self, asked: Asked) -> str | None:
        argument = asked.argument
        is_pair = isinstance(argument, tuple) and len(argument) >= 2
        if asked.function in ("zadd", "zincrby"):
            return None if is_pair and is_number(argument[1]) else needs(asked, "[member, number]")
        if asked.function in ("zrange", "zrevrange"):
            is_fine = is_pair and len(argument) == 2 and all(type(at) is int for at in argument)
            return None if is_fine else needs(asked, "[start, stop]")
        return None

    def describe(self, state: Any) -> str:
        return ", ".join(f"{member}: {score:g}" for score, member in state) or "empty"


def _place(pair: tuple[float, Any]) -> tuple[float, bytes, str]:
    score, member = pair
    return score, member if isinstance(member, bytes) else str(member).encode(), type(member).__name__


def _change(scores: Table, asked: Asked) -> float:
    """Carries out a change, and gives the result."""
    if asked.function == "zrem":
        return 0 if scores.pop(by_type(asked.argument), None) is None else 1
    member, number, *rest = asked.argument
    options = {str(option).upper() for option in rest}
    _, before = scores.get(by_type(member), (member, None))
    if asked.function == "zincrby":
        after: float = (before or 0.0) + number
        scores[by_type(member)] = member, after
        return after
    if before is None:
        if "XX" not in options:
            scores[by_type(member)] = member, float(number)
        return int("XX" not in options)
    kept = "NX" in options or ("GT" in options and number <= before) or ("LT" in options and number >= before)
    if kept:
        return 0
    scores[by_type(member)] = member, float(number)
    return int("CH" in options and number != before)


def _answer(state: tuple[tuple[float, Any], ...], asked: Asked) -> Any:
    members = [member for _, member in state]
    if asked.function == "zcard":
        return len(state)
    if asked.function in ("zrange", "zrevrange"):
        if asked.function == "zrevrange":
            members.reverse()
        start, stop = (max(at + len(members), 0) if at < 0 else at for at in asked.argument)
        return tuple(members[start : stop + 1]) if asked.argument[1] >= -len(members) else ()
    rank = next((at for at, member in enumerate(members) if same(member, asked.argument)), None)
    if rank is None:
        return None
    if asked.function == "zscore":
        return state[rank][0]
    return len(members) - 1 - rank if asked.function == "zrevrank" else rank


def _equal(result: Any, answer: Any) -> bool:
    """Equal as Redis's replies are: members by value and type, numbers by value, True as 1, False as 0."""
    if result is UNKNOWN or isinstance(answer, tuple):
        return result is UNKNOWN or same(result, answer)
    return same(result, answer) or ((result is None) == (answer is None) and bool(result == answer))
