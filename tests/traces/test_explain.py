"""Which part of a property failed, and for which values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from dscheck.checker.traces.explain import explain

Explained = list[tuple[str, dict[str, str]]]


def explained(function: Callable[..., Any], *args: Any) -> Explained:
    assert not function(*args)
    return [(reason.condition, dict(reason.values)) for reason in explain(function, *args)]


class Point:
    def __init__(self, x: int, y: int | None = None) -> None:
        self.x, self.y = x, y

    def __repr__(self) -> str:
        return f"<{self.x}>"


def positive(p: Point) -> bool:
    return p.x > 0


def both(p: Point, q: Point) -> bool:
    return p.x > 0 and q.x > 0 and p.x < q.x


def different(p: Point, q: Point) -> bool:
    return p is q or not (p.x == q.x > 0)


def ordered(p: Point, q: Point) -> bool:
    x, y = p.x, q.x
    return x < y or x == 9


def either(p: Point) -> bool:
    return p.x == 1 or p.x == 2


def ascending(points: Iterable[Point]) -> bool:
    limit = 3
    return all(p.x < limit for p in points if p.x != 1)


def pairs(points: list[Point]) -> bool:
    return all(p.x <= q.x for i, p in enumerate(points) for q in points[i:])


def none_like(points: list[Point]) -> bool:
    return not any(p.x == 2 or p.x == 3 for p in points)


def early(p: Point) -> bool:
    if p.x == 0:
        return p.y is not None and p.y > 0
    for y in range(3):
        if p.x == y + 5:
            return y != y
    return True


def over_lines(p: Point) -> bool:
    return (
        p.x == 1
        and
        # a comment
        p.x == 2
    )


def choosy(p: Point) -> bool:
    return p.x == 1 if p.y is None else p.x == 2


def none_there(points: list[Point]) -> bool:
    return any(p.x == 1 for p in points)


def double_negation(p: Point) -> bool:
    return not (not p.x)  # noqa: SIM208


@pytest.mark.parametrize(
    ("function", "args", "expected"),
    [
        (positive, (Point(0),), [("p.x > 0", {"p.x": "0"})]),
        (both, (Point(1), Point(0)), [("q.x > 0", {"q.x": "0"})]),
        (both, (Point(2), Point(1)), [("p.x < q.x", {"p.x": "2", "q.x": "1"})]),
        (different, (Point(1), Point(1)), [("not (p.x == q.x > 0)", {"p.x": "1", "q.x": "1"})]),
        (
            ordered,
            (Point(2), Point(1)),
            [("x < y", {"x": "2", "y": "1"}), ("x == 9", {"x": "2"})],
        ),
        (either, (Point(3),), [("p.x == 1", {"p.x": "3"}), ("p.x == 2", {"p.x": "3"})]),
        (
            ascending,
            ([Point(1), Point(4)],),
            [("p.x < limit", {"p": "<4>", "p.x": "4", "limit": "3"})],
        ),
        (
            pairs,
            ([Point(1), Point(3), Point(2)],),
            [("p.x <= q.x", {"i": "1", "p": "<3>", "q": "<2>", "p.x": "3", "q.x": "2"})],
        ),
        (none_like, ([Point(1), Point(3)],), [("not (p.x == 3)", {"p": "<3>", "p.x": "3"})]),
        (early, (Point(0),), [("p.y is not None", {"p.y": "None"})]),
        (early, (Point(6),), [("y != y", {"y": "1"})]),
        (over_lines, (Point(1),), [("p.x == 2", {"p.x": "1"})]),
        (choosy, (Point(1, 1),), [("p.x == 2", {"p.x": "1"})]),
        (none_there, ([Point(2)],), [("any(p.x == 1 for p in points)", {})]),
        (double_negation, (Point(0),), [("p.x", {"p.x": "0"})]),
    ],
)
def test_the_deciding_part(function: Callable[..., Any], args: tuple[Any, ...], expected: Explained) -> None:
    assert explained(function, *args) == expected


def test_names_of_an_enclosing_function() -> None:
    limit = 3

    def low(p: Point) -> bool:
        return p.x < limit

    assert explained(low, Point(5)) == [("p.x < limit", {"p.x": "5", "limit": "3"})]


def test_no_source_no_reason() -> None:
    names: dict[str, Any] = {}
    exec("def f(p):\n    return p.x > 0\n", names)
    assert explain(names["f"], Point(0)) == ()


def test_the_profiler_of_others_is_left_alone() -> None:
    import sys

    def profile(*_: object) -> None: ...

    sys.setprofile(profile)
    try:
        explain(positive, Point(0))
        assert sys.getprofile() is profile
    finally:
        sys.setprofile(None)
