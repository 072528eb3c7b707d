"""Sequential consistency (Lamport 1979), one event after the other.

What a client will do may have to be placed before all that others have done, so nothing can be forgotten: the
monitor keeps what each client did, and a model whose clients go on for ever has no end of states.  Only a
question that a client repeats at once, with the same answer, is kept once.  The promise is asked of every
state, about the operations up to there: a read must not foresee what is written later.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from dscheck.checker.amounts import plural
from dscheck.checker.notation.operations import Abandoned, Event, Invoked
from dscheck.checker.rules.monitors.monitor import Known, Monitor, still_waits, waits_for_nothing
from dscheck.checker.rules.monitors.steps import Steps

MOST: Final = 32
"""Operations that are kept; orders of many more could not be tried in every state."""


class Done(NamedTuple):
    """One operation of a client."""

    operation: int
    result: int | None = None
    """None: not known, or not known yet."""
    waits: bool = False
    """Whether the client still waits for its result; only the last one can."""


class GivenUp(NamedTuple):
    """An operation that its client gave up: it takes effect after what came before it, or never."""

    operation: int
    after: int
    """How many operations of the client come before it."""


class Client(NamedTuple):
    """What one client did."""

    done: tuple[Done, ...] = ()
    given_up: tuple[GivenUp, ...] = ()


Histories = tuple[tuple[int, Client], ...]
"""What each client did, in the order of clients."""


class Remembered(Known):
    """A value with what each client did."""

    def __init__(self, number: int, histories: Histories, text: str, verdict: bool | str) -> None:
        super().__init__(number, partial(str, text), verdict)
        self.histories = histories


class SequentialConsistency(Monitor):
    """Keeps what each client did."""

    def __init__(self, steps: Steps, may_crash: bool) -> None:
        super().__init__(steps, may_crash)
        self._known: dict[Histories | str, int] = {}
        self._value({})

    def numbers(self, before: Sequence[int], event: Event) -> list[int]:
        """What the clients did after one more event."""
        return [self._after(self.values[value], event) for value in before]

    def _after(self, before: Known, event: Event) -> int:
        assert isinstance(before, Remembered)
        if before.verdict is not True:
            return before.number
        histories = dict(before.histories)
        client = self._client(event)
        mine = histories.get(client, Client())
        done = mine.done
        waits = bool(done) and done[-1].waits
        if isinstance(event, Invoked):
            if waits and not self._may_crash:
                return self._misused(still_waits(event))
            mine = self._given_up(mine) if waits else mine
            new = Done(self._steps.operation(event.function, event.argument), waits=True)
            mine = mine._replace(done=(*mine.done, new))
        elif not waits:
            return self._misused(waits_for_nothing(event))
        elif isinstance(event, Abandoned):
            mine = self._given_up(mine)
        else:
            answered = Done(done[-1].operation, self._steps.result(event.result))
            again = self._steps.is_pure(answered.operation) and done[-2:-1] == (answered,)
            mine = mine._replace(done=done[:-1] if again else (*done[:-1], answered))
        return self._value({**histories, client: mine})

    def _given_up(self, mine: Client) -> Client:
        """The last operation may take effect at any time from now on, or never; nothing waits for it."""
        *others, last = mine.done
        lost = () if self._steps.is_pure(last.operation) else (GivenUp(last.operation, len(others)),)
        return Client(tuple(others), tuple(sorted([*mine.given_up, *lost])))

    def _value(self, histories: dict[int, Client]) -> int:
        kept = tuple(sorted((client, mine) for client, mine in histories.items() if any(mine)))
        known = sum(len(mine.done) + len(mine.given_up) for _, mine in kept)
        if known > MOST:
            return self._misused(
                f"more than {MOST} operations, which sequential consistency cannot forget; "
                "bound how many the clients begin, or promise @linearizable"
            )
        if kept not in self._known:
            has_order = self._has_order([mine for _, mine in kept])
            count = plural(known, "operation")
            self._add(kept, kept, count if has_order else f"no order for {count}", has_order)
        return self._known[kept]

    def _misused(self, what: str) -> int:
        if what not in self._known:
            self._add(what, (), what, what)
        return self._known[what]

    def _add(self, identity: Histories | str, histories: Histories, text: str, verdict: bool | str) -> None:
        number = len(self.values)
        self.values.append(Remembered(number, histories, text, verdict))
        self._known[identity] = number  # last: what Ctrl-C leaves half done is done again

    def _has_order(self, clients: list[Client]) -> bool:
        """Whether all that is known to have happened has an order; what is not known may be left out."""
        loose = frozenset(
            (at, number, lost) for at, mine in enumerate(clients) for number, lost in enumerate(mine.given_up)
        )
        start = ((0,) * len(clients), loose, self._steps.start())
        seen, todo = {start}, [start]
        while todo:
            at, left, state = todo.pop()
            if all(
                done.result is None for mine, n in zip(clients, at, strict=True) for done in mine.done[n:]
            ):
                return True
            new = {
                ((*at[:client], at[client] + 1, *at[client + 1 :]), left, after)
                for client, mine in enumerate(clients)
                if at[client] < len(mine.done)
                for after in self._states_after(state, mine.done[at[client]])
            }
            new |= {
                (at, left - {(client, number, lost)}, after)
                for client, number, lost in left
                if at[client] >= lost.after
                for _, after in self._steps.effects(state, lost.operation)
            }
            todo += new - seen
            seen |= new
        return False

    def _states_after(self, state: int, done: Done) -> Iterable[int]:
        """The states after an operation, or after leaving it out where it may not have happened."""
        if done.result is not None:
            return self._steps.answered(state, done.operation, done.result)
        return [state, *(after for _, after in self._steps.effects(state, done.operation))]
