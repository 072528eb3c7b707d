"""What each built-in specification allows and refuses, step by step."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from dscheck.checker.specifications.append_list import AppendList
from dscheck.checker.specifications.bank import Bank
from dscheck.checker.specifications.catalogue import SPECIFICATIONS, by_name
from dscheck.checker.specifications.counter import Counter
from dscheck.checker.specifications.key_value import KeyValue
from dscheck.checker.specifications.lock import FencedLock, Mutex
from dscheck.checker.specifications.queue import FifoQueue, PriorityQueue, UnorderedQueue
from dscheck.checker.specifications.rate_limiter import RateLimiter
from dscheck.checker.specifications.register import CasRegister, MultiRegister, Register
from dscheck.checker.specifications.sets import Set
from dscheck.checker.specifications.specification import REFUSED, UNKNOWN, Asked, OneOf
from dscheck.checker.specifications.stack import Deque, Stack
from linearizability.menus import MENUS, OPTIONS
from specifications.steps import allows, states_after


def test_register() -> None:
    assert allows(Register(), ("read", None, None), ("write", 1, None), ("read", None, 1))
    assert not allows(Register(), ("write", 1, None), ("read", None, 2))
    assert not allows(Register(), ("write", 1, None), ("read", None, True)), "True is not 1"
    assert allows(Register(initial=0), ("read", None, 0))


def test_cas_register() -> None:
    spec = CasRegister(initial=1)
    assert states_after(spec, ("cas", (1, 2), True)) == {2}
    assert states_after(spec, ("cas", (1, 2), None)) == {2}
    assert states_after(spec, ("cas", (3, 2), False)) == {1}
    assert not allows(spec, ("cas", (1, 2), False))
    assert not allows(spec, ("cas", (3, 2), True))
    assert states_after(spec, ("cas", (3, 2), UNKNOWN)) == {1}


def test_multi_register() -> None:
    spec = MultiRegister(initial=0)
    write = ("txn", (("w", "x", 1), ("r", "x", None), ("r", "y", None)), (1, 0))
    assert allows(spec, write, ("txn", (("r", "x", None),), (1,)))
    assert not allows(spec, ("txn", (("r", "x", None), ("w", "x", 1)), (1,)))
    assert spec.is_pure(Asked("txn", (("r", "x", None),), (0,)))


def test_counter() -> None:
    steps = (("add", 2, None), ("inc", None, None), ("dec", 1, None))
    assert states_after(Counter(), *steps) == {2}
    assert allows(Counter(), *steps, ("add_and_get", 3, 5), ("get_and_add", 1, 5), ("read", None, 6))
    assert not allows(Counter(), ("get_and_add", 1, 1))


def test_mutex() -> None:
    assert allows(Mutex(), ("acquire", None, None), ("acquire", None, False), ("release", None, True))
    assert not allows(Mutex(), ("acquire", None, None), ("acquire", None, None))
    assert not allows(Mutex(), ("release", None, None))
    assert allows(Mutex(), ("release", None, False))


def test_tokens_of_a_lock_grow_strictly() -> None:
    free = (("acquire", None, 5), ("release", 5, None))
    assert allows(FencedLock(), *free, ("acquire", None, 6))
    assert not allows(FencedLock(), *free, ("acquire", None, 5))
    assert not allows(FencedLock(), ("acquire", None, 5), ("acquire", None, 6))
    assert not allows(FencedLock(), ("acquire", None, 5), ("release", 4, None))
    assert allows(FencedLock(), ("acquire", None, 5), ("release", 4, False), ("release", None, None))
    assert not allows(FencedLock(), ("acquire", None, 5), ("release", 5, False))


def test_whose_a_release_without_a_token_is_nobody_knows() -> None:
    """False says "you do not hold it", which another client may be told while the lock is held."""
    held = ("acquire", None, 1)
    assert states_after(FencedLock(), held, ("release", None, False)) == states_after(FencedLock(), held)
    assert len(states_after(FencedLock(), held, ("release", None, UNKNOWN))) == 2
    assert allows(FencedLock(), ("release", None, False), held)
    assert allows(FencedLock(), ("release", None, UNKNOWN), held), "it may have been refused"


def test_a_lock_that_nobody_saw_acquired_has_a_greater_token() -> None:
    unseen = (("acquire", None, 5), ("release", 5, None), ("acquire", None, UNKNOWN))
    assert allows(FencedLock(), *unseen, ("release", 8, None), ("acquire", None, 9))
    assert not allows(FencedLock(), *unseen, ("release", 8, None), ("acquire", None, 8))
    assert not allows(FencedLock(), *unseen, ("release", None, None), ("acquire", None, 6))


def test_queue() -> None:
    filled = (("enqueue", 1, None), ("enqueue", 2, True))
    assert allows(FifoQueue(), *filled, ("peek", None, 1), ("dequeue", None, 1), ("dequeue", None, 2))
    assert not allows(FifoQueue(), *filled, ("dequeue", None, 2))
    assert not allows(FifoQueue(), *filled, ("dequeue", None, None))
    assert allows(FifoQueue(), ("dequeue", None, None), ("peek", None, None))


def test_unordered_queue() -> None:
    filled = (("enqueue", 1, None), ("enqueue", 2, None), ("enqueue", 2, None))
    assert states_after(UnorderedQueue(), *filled, ("dequeue", None, 2)) == {(1, 2)}
    assert states_after(UnorderedQueue(), *filled, ("dequeue", None, UNKNOWN)) == {(1, 2), (2, 2)}
    assert not allows(UnorderedQueue(), *filled, ("dequeue", None, 3))
    assert not allows(UnorderedQueue(), *filled, ("dequeue", None, None))


def test_priority_queue() -> None:
    filled = (("insert", 1, None), ("insert", 3, None), ("insert", 2, None))
    assert allows(PriorityQueue(), *filled, ("peek", None, 3), ("poll", None, 3), ("poll", None, 2))
    assert not allows(PriorityQueue(), *filled, ("poll", None, 1))
    assert allows(PriorityQueue(largest_first=False), *filled, ("poll", None, 1), ("poll", None, 2))


def test_stack() -> None:
    filled = (("push", 1, None), ("push", 2, None))
    assert allows(
        Stack(), *filled, ("peek", None, 2), ("pop", None, 2), ("pop", None, 1), ("pop", None, None)
    )
    assert not allows(Stack(), *filled, ("pop", None, 1))


def test_deque() -> None:
    filled = (("push_back", 1, None), ("push_front", 2, None), ("push_back", 3, None))
    assert states_after(Deque(), *filled) == {(2, 1, 3)}
    assert allows(Deque(), *filled, ("peek_front", None, 2), ("pop_back", None, 3), ("pop_front", None, 2))
    assert not allows(Deque(), *filled, ("pop_back", None, 2))
    assert allows(Deque(), ("pop_front", None, None), ("peek_back", None, None))


def test_set() -> None:
    filled = (("add", 1, True), ("add", 1, False), ("add", "1", None))
    assert allows(Set(), *filled, ("read", None, frozenset({1, "1"})), ("contains", 2, False))
    assert allows(Set(), *filled, ("read", None, (1, "1")), ("remove", 1, True), ("contains", 1, False))
    assert not allows(Set(), *filled, ("read", None, (1, "1", 1)))
    assert not allows(Set(), *filled, ("read", None, frozenset({1})))
    assert not allows(Set(), ("remove", 1, True))
    assert allows(Set(), ("remove", 1, False), ("read", None, None))


def test_append_list() -> None:
    filled = (("append", 1, None), ("append", 2, None))
    assert allows(AppendList(), ("read", None, None), *filled, ("read", None, (1, 2)))
    assert not allows(AppendList(), *filled, ("read", None, (2, 1)))


def test_key_value_store() -> None:
    assert allows(
        KeyValue(), ("get", None, ""), ("append", "a", None), ("append", "b", None), ("get", None, "ab")
    )
    assert allows(
        KeyValue(), ("get", None, None), ("put", "x", None), ("delete", None, None), ("get", None, None)
    )
    assert not allows(KeyValue(), ("put", "x", None), ("get", None, ""))


def test_bank() -> None:
    spec = Bank(initial={"a": 10, "b": 0})
    moved = ("transfer", {"from": "a", "to": "b", "amount": 4}, True)
    assert allows(spec, moved, ("read", None, {"b": 4, "a": 6}), ("total", None, 10))
    assert not allows(spec, moved, ("read", None, {"b": 4, "a": 10}))
    assert not allows(spec, ("transfer", ("b", "a", 1), True))
    assert allows(spec, ("transfer", ("b", "a", 1), False))
    assert allows(Bank(initial={"a": 0, "b": 0}, overdraft=True), ("transfer", ("b", "a", 1), True))


def test_a_bank_without_balances_believes_its_first_read() -> None:
    moved = ("transfer", ("a", "b", 4), True)
    assert allows(Bank(), moved, ("read", None, {"a": 1, "b": 9}), (*moved[:2], False))
    assert not allows(Bank(), ("read", None, {"a": 1, "b": 9}), ("read", None, {"a": 2, "b": 8}))
    assert not allows(Bank(), ("transfer", ("a", "c", 4), True), ("read", None, {"a": 1, "b": 9}))


def test_accounts_are_the_same_in_transfers_and_in_maps() -> None:
    """JSON writes the keys of a map as texts."""
    moved = ("transfer", {"from": 1, "to": 2, "amount": 5}, None)
    assert allows(Bank(), ("read", None, {"1": 10, "2": 10}), moved, ("read", None, {"1": 5, "2": 15}))
    assert allows(Bank(initial={"1": 10, "2": 10}), moved, ("read", None, {"1": 5, "2": 15}))
    assert not allows(Bank(initial={1: 10, 2: 10}), moved, ("read", None, {"1": 10, "2": 10}))


def test_a_decimal_rate_is_what_it_says() -> None:
    ten_seconds = 10_000_000_000
    spec = RateLimiter(capacity=3, rate=0.3)
    assert allows(spec, ("take", (0, 3), True), ("take", (ten_seconds, 3), True))
    assert not allows(spec, ("take", (0, 3), True), ("take", (ten_seconds - 1, 3), True))


def test_rate_limiter() -> None:
    second = 1_000_000_000
    spec = RateLimiter(capacity=2, rate=1)
    spent = (("allow", 0, True), ("allow", 0, True), ("allow", 0, False))
    assert allows(spec, *spent, ("take", second, True), ("take", second, False))
    assert allows(spec, *spent, ("allow", (10 * second, 2), True), ("allow", 10 * second, False))
    assert not allows(spec, *spent, ("allow", second // 2, True))
    assert allows(spec, ("allow", (5 * second, 2), True), ("allow", 4 * second, False)), (
        "clocks do not run back"
    )


@pytest.mark.parametrize("name", MENUS)
def test_an_unknown_result_allows_what_any_result_allows(name: str) -> None:
    spec = by_name(name, **OPTIONS.get(name, {}))
    reached: set[Any] = {spec.initial()}
    for _ in range(3):
        reached |= {
            after for state, step in product(reached, MENUS[name]) for after in next_of(spec, state, *step)
        }
    for state, (function, argument, result) in product(reached, MENUS[name]):
        known = set(next_of(spec, state, function, argument, result))
        unknown = set(next_of(spec, state, function, argument, UNKNOWN))
        if name == "lock" and function == "acquire":  # a lower bound stands for all tokens: see FencedLock
            assert unknown or not known
        else:
            assert known <= unknown


def next_of(spec: Any, state: Any, function: str, argument: Any, result: Any) -> tuple[Any, ...]:
    answer = spec.step(state, Asked(function, argument, result))
    return () if answer is REFUSED else answer.states if isinstance(answer, OneOf) else (answer,)


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_every_state_can_be_told(name: str) -> None:
    spec = by_name(name)
    assert isinstance(spec.describe(spec.initial()), str)
