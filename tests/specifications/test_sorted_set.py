"""A sorted set does what Redis does."""

from __future__ import annotations

from dscheck.checker.specifications.sorted_set import SortedSet
from specifications.steps import allows

FILLED = (("zadd", ("b", 1), 1), ("zadd", ("a", 1), 1), ("zadd", ("c", 0.5), 1))


def after(*steps):  # type: ignore[no-untyped-def]
    return allows(SortedSet(), *FILLED, *steps)


def test_order_is_by_score_then_by_member() -> None:
    assert after(("zrange", (0, -1), ("c", "a", "b")), ("zrevrange", (0, 0), ("b",)))
    assert not after(("zrange", (0, -1), ("c", "b", "a")))


def test_places_count_from_either_end() -> None:
    assert after(("zrange", (1, 1), ("a",)), ("zrange", (-2, -1), ("a", "b")), ("zrange", (5, 9), ()))
    assert after(("zrange", (2, 1), ()), ("zrange", (0, -4), ()), ("zrange", (-9, 0), ("c",)))
    assert allows(SortedSet(), ("zrange", (0, -1), ()))


def test_scores_are_numbers_whatever_their_type() -> None:
    assert after(("zscore", "a", 1.0), ("zscore", "a", 1), ("zscore", "x", None))
    assert not after(("zscore", "a", 2))
    assert not after(("zscore", "x", 0))


def test_ranks() -> None:
    assert after(("zrank", "c", 0), ("zrank", "b", 2), ("zrevrank", "b", 0), ("zrank", "x", None))


def test_updates_are_not_additions() -> None:
    assert after(("zadd", ("a", 3), 0), ("zrank", "a", 2), ("zcard", None, 3))
    assert not after(("zadd", ("a", 3), 1))
    assert after(("zadd", ("a", 3, "CH"), 1), ("zadd", ("a", 3, "CH"), 0))


def test_options() -> None:
    assert after(("zadd", ("a", 9, "NX"), 0), ("zscore", "a", 1), ("zadd", ("d", 9, "NX"), 1))
    assert after(
        ("zadd", ("d", 9, "XX"), 0), ("zscore", "d", None), ("zadd", ("a", 9, "XX"), 0), ("zscore", "a", 9)
    )
    assert after(
        ("zadd", ("a", 0, "GT"), 0), ("zscore", "a", 1), ("zadd", ("a", 2, "GT"), 0), ("zscore", "a", 2)
    )
    assert after(("zadd", ("a", 0, "LT"), 0), ("zscore", "a", 0))


def test_increments_and_removals() -> None:
    assert after(("zincrby", ("c", 2), 2.5), ("zrank", "c", 2), ("zincrby", ("d", -1), -1), ("zrank", "d", 0))
    assert after(("zrem", "a", 1), ("zrem", "a", 0), ("zcard", None, 2))
    assert not after(("zrem", "x", 1))
