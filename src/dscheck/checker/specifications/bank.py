"""Banks: money moves between accounts, and none is made or lost."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dscheck.checker.specifications.equality import Table, by_type, in_order, same, table
from dscheck.checker.specifications.specification import (
    REFUSED,
    UNKNOWN,
    Asked,
    Specification,
    is_number,
    needs,
)


class Bank(Specification):
    """Accounts with whole balances.  `read` returns all of them, a map from account to balance; `total`
    returns their sum; `transfer` moves money, and its argument is a map with the keys from, to and amount, or
    that row.  A transfer needs enough money in its account, unless `overdraft` is allowed; the result False
    says that there was not enough.  Accounts that neither a read nor the initial balances have do not exist:
    money cannot go there.

    Without `initial` balances any accounts may have been there, with any balances (none below 0 unless
    `overdraft` is allowed), as long as they explain what every operation said.
    """

    name = "bank"
    functions = ("read", "transfer", "total")
    keyed = False

    def __init__(self, initial: Mapping[Any, int] | None = None, overdraft: bool = False) -> None:
        self._initial = None if initial is None else in_order(_named(initial).items())
        self._overdraft = overdraft

    def initial(self) -> Hashable:
        return Unseen() if self._initial is None else self._initial

    def step(self, state: Any, asked: Asked) -> Any:
        if isinstance(asked.result, Mapping):
            asked = replace(asked, result=_named(asked.result))
        if isinstance(state, Unseen):
            return self._before_first_read(state, asked)
        balances = table(state)
        if asked.function == "read":
            return state if asked.returned(dict(state)) else REFUSED
        if asked.function == "total":
            return state if asked.returned(sum(balance for _, balance in state)) else REFUSED
        source, target, amount = parts(asked.argument)
        enough = by_type(source) in balances and by_type(target) in balances
        enough = enough and (self._overdraft or _of(balances, source) >= amount)
        if not enough:
            return state if asked.returned(False) else REFUSED
        if asked.result is False:
            return REFUSED
        return _moved(state, source, target, amount)

    def _before_first_read(self, state: Unseen, asked: Asked) -> Any:
        if asked.function == "transfer":
            otherwise = state if asked.result is UNKNOWN else REFUSED
            return state.after_transfer(asked, self._overdraft) or otherwise
        if asked.result is UNKNOWN:
            return state
        if asked.function == "total":
            return state.after_total(asked.result, self._overdraft) or REFUSED
        fits = isinstance(asked.result, Mapping) and state.fits(asked.result, self._overdraft)
        return in_order(asked.result.items()) if fits else REFUSED

    def fault(self, asked: Asked) -> str | None:
        if asked.function != "transfer":
            return None
        argument = asked.argument
        if isinstance(argument, Mapping):
            amounts = [argument["amount"]] if {"from", "to", "amount"} <= argument.keys() else []
        else:
            amounts = [argument[2]] if isinstance(argument, tuple) and len(argument) == 3 else []
        is_fine = any(map(is_number, amounts))
        return (
            None if is_fine else needs(asked, "a map with from, to and a number amount, or these as a list")
        )

    def is_pure(self, asked: Asked) -> bool:
        return self._initial is not None and (asked.function != "transfer" or asked.result is False)

    def describe(self, state: Any) -> str:
        if isinstance(state, Unseen):
            return "balances not known yet"
        return ", ".join(f"{account}: {balance}" for account, balance in state)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What is known of a bank before the first read of all balances."""

    moved: tuple[tuple[Any, int], ...] = ()
    """Of each account that certainly exists, how much more it has than at the beginning."""
    least: tuple[tuple[Any, int], ...] = ()
    """Of the same accounts, how much they had at least at the beginning."""
    short: tuple[tuple[Any, Any, int], ...] = ()
    """From, to and amount of transfers of which not all can have been possible at the beginning: either
    account is missing, or the first had less than that amount at the beginning."""
    total: int | None = None
    """The sum of all balances."""

    def after_transfer(self, asked: Asked, overdraft: bool) -> Unseen | None:
        """With what a transfer told; None if nothing explains it.  One that nobody saw return was done."""
        source, target, amount = parts(asked.argument)
        needed = amount - _of(table(self.moved), source)
        if asked.result is False:
            told = next((of for _, to, of in self._short_of(source) if same(to, target)), needed)
            others = (
                short for short in self.short if not (same(short[0], source) and same(short[1], target))
            )
            return self._if_possible(
                overdraft, short=in_order((*others, (source, target, min(told, needed))))
            )
        least = table(self.least)
        for account, bound in ((source, needed), (target, 0)):
            least[by_type(account)] = account, max(_of(least, account), bound)
        moved = _moved(self.moved, source, target, amount)
        return self._if_possible(overdraft, moved=moved, least=in_order(least.values()))

    def after_total(self, told: Any, overdraft: bool) -> Unseen | None:
        """With the sum of all balances; None if nothing explains it."""
        if not isinstance(told, int | float) or (self.total is not None and not same(told, self.total)):
            return None
        return self._if_possible(overdraft, total=told)

    def fits(self, balances: Mapping[Any, Any], overdraft: bool) -> bool:
        """Whether these can be the balances now."""
        now, moved = table(balances), table(self.moved)
        if not (moved.keys() <= now.keys() and all(isinstance(of, int | float) for of in balances.values())):
            return False
        start = {key: (account, balance - _of(moved, account)) for key, (account, balance) in now.items()}
        if self.total is not None and not same(sum(balances.values()), self.total):
            return False
        enough = all(_of(start, account) >= bound for account, bound in self.least)
        if not overdraft and not (enough and all(balance >= 0 for _, balance in start.values())):
            return False
        return not any(
            by_type(source) in start
            and by_type(target) in start
            and (overdraft or _of(start, source) >= amount)
            for source, target, amount in self.short
        )

    def _short_of(self, source: Any) -> list[tuple[Any, Any, int]]:
        return [short for short in self.short if same(short[0], source)]

    def _if_possible(self, overdraft: bool, **known: Any) -> Unseen | None:
        """What is known with more; None if no accounts and balances have it.  Accounts that nobody named may
        hold the rest of a total."""
        values = {"moved": self.moved, "least": self.least, "short": self.short, "total": self.total}
        after = Unseen(**{**values, **known})
        least = table(after.least)
        for source, target, amount in after.short:
            both = by_type(source) in least and by_type(target) in least
            if both and (overdraft or _of(least, source) >= amount):
                return None
        too_much = after.total is not None and sum(bound for _, bound in after.least) > after.total
        return None if too_much and not overdraft else after


def parts(argument: Any) -> tuple[Any, Any, int]:
    """From, to and amount of a transfer; a negative amount goes the other way."""
    fields = ("from", "to", "amount")
    source, target, amount = (
        (argument[name] for name in fields) if isinstance(argument, Mapping) else argument
    )
    source, target = account_name(source), account_name(target)
    return (target, source, -amount) if amount < 0 else (source, target, amount)


def account_name(name: Any) -> Any:
    """An account's name.  JSON writes the keys of a map as texts, so account 1 of a transfer is "1" there."""
    return str(name) if type(name) is int else name


def _named(balances: Mapping[Any, Any]) -> dict[Any, Any]:
    return {account_name(account): balance for account, balance in balances.items()}


def _of(amounts: Table, account: Any) -> int:
    """What an account has, 0 if nothing is known of it."""
    amount: int = amounts.get(by_type(account), (account, 0))[1]
    return amount


def _moved(balances: Any, source: Any, target: Any, amount: int) -> tuple[tuple[Any, int], ...]:
    """The balances, or differences, after a transfer."""
    after = table(balances)
    after[by_type(source)] = source, _of(after, source) - amount
    after[by_type(target)] = target, _of(after, target) + amount
    return in_order(after.values())
