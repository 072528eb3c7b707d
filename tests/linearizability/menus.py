"""For every data type, the few operations that small histories are made of."""

from __future__ import annotations

from typing import Any

MENUS: dict[str, list[tuple[str, Any, Any]]] = {
    "register": [("write", 1, None), ("write", 2, None), ("read", None, 1), ("read", None, None)],
    "cas-register": [
        ("write", 1, None),
        ("read", None, 2),
        ("cas", (1, 2), True),
        ("cas", (1, 2), False),
        ("cas", (2, 1), None),
    ],
    "multi-register": [
        ("txn", (("w", "x", 1),), ()),
        ("txn", (("w", "x", 2), ("w", "y", 1)), ()),
        ("txn", (("r", "x", None), ("r", "y", None)), (2, None)),
        ("txn", (("r", "x", None), ("w", "y", 2)), (1,)),
    ],
    "counter": [("add", 2, None), ("dec", None, None), ("read", None, 1), ("add_and_get", 1, 2)],
    "mutex": [("acquire", None, None), ("acquire", None, False), ("release", None, None)],
    "lock": [
        ("acquire", None, 1),
        ("acquire", None, 2),
        ("release", 1, None),
        ("release", None, None),
        ("acquire", None, False),
    ],
    "queue": [
        ("enqueue", 1, None),
        ("enqueue", 2, None),
        ("dequeue", None, 1),
        ("dequeue", None, 2),
        ("dequeue", None, None),
    ],
    "unordered-queue": [
        ("enqueue", 1, None),
        ("enqueue", 2, None),
        ("dequeue", None, 1),
        ("dequeue", None, 2),
        ("dequeue", None, None),
    ],
    "priority-queue": [
        ("insert", 1, None),
        ("insert", 2, None),
        ("poll", None, 1),
        ("poll", None, 2),
        ("peek", None, 2),
    ],
    "stack": [("push", 1, None), ("push", 2, None), ("pop", None, 1), ("pop", None, 2), ("pop", None, None)],
    "deque": [
        ("push_front", 1, None),
        ("push_back", 2, None),
        ("pop_front", None, 2),
        ("pop_back", None, 2),
        ("peek_back", None, 1),
    ],
    "set": [
        ("add", 1, True),
        ("add", 2, None),
        ("remove", 1, False),
        ("contains", 1, True),
        ("read", None, (2, 1)),
    ],
    "sorted-set": [
        ("zadd", ("a", 1), 1),
        ("zincrby", ("b", 2), 2),
        ("zrange", (0, -1), ("a", "b")),
        ("zrank", "b", 0),
        ("zrem", "a", 1),
    ],
    "append-list": [
        ("append", 1, None),
        ("append", 2, None),
        ("read", None, (1, 2)),
        ("read", None, (2,)),
        ("read", None, ()),
    ],
    "kv": [("put", "a", None), ("append", "b", None), ("get", None, "ab"), ("delete", None, None)],
    "bank": [
        ("transfer", ("a", "b", 2), True),
        ("transfer", ("b", "a", 1), None),
        ("transfer", ("b", "a", 1), False),
        ("read", None, {"a": 0, "b": 2}),
        ("read", None, {"a": 1, "b": 1}),
    ],
    "rate-limiter": [
        ("allow", 0, True),
        ("allow", 0, False),
        ("allow", 500_000_000, False),
        ("allow", 1_000_000_000, True),
    ],
}
OPTIONS: dict[str, dict[str, Any]] = {"bank": {"initial": {"a": 2, "b": 0}}}
"""What the specifications need to be told for these."""
