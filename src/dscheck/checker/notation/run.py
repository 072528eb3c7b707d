"""One run of a model's method: what it may observe, change and choose.

The notation never touches a state.  Every access to a variable goes to the run under way, so whoever executes
it (the recorder of footprints, set-up, the test oracle) decides what a read returns and what a write does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.values import Ranked, show

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.notation.nodes import Node
    from dscheck.checker.notation.operations import Event


class Disabled(BaseException):
    """The action cannot happen in this state.

    Not an ``Exception``: a model's own ``except Exception`` must not swallow a guard.
    """


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One smallest piece of state: a variable, an entry of a table, the membership of one element in a set.

    A place is one object per model and piece of state, so it is compared by identity.
    """

    owner: Model | Node
    name: str
    key: Hashable = None
    """The table's key or the set's element; None for a plain variable."""
    is_member: bool = False
    """Whether it is the membership of the element `key` in a set."""

    def __str__(self) -> str:
        """As traces show it: ``s1.term``, ``s1.next[s2]``, ``s1.votes has s2``; the model has no name."""
        name = f"{self.owner}.{self.name}" if isinstance(self.owner, Ranked) else self.name
        if self.is_member:
            return f"{name} has {show(self.key)}"
        return name if self.key is None else f"{name}[{show(self.key)}]"


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """A tracked set: its members are observed one by one, counted, or listed, never read as a whole."""

    owner: Model | Node
    name: str
    universe: tuple[Any, ...] | None
    """Every possible member in canonical order, or None where members appear as they are added."""


class Run(ABC):
    """What a method of a model can do to the state; one object per execution."""

    @abstractmethod
    def read(self, place: Place) -> Any:
        """The value at `place`: an observation, unless this run has written it before."""

    @abstractmethod
    def write(self, place: Place, value: Hashable) -> None:
        """Set `place` to `value` when, and if, the run succeeds."""

    @abstractmethod
    def view(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> Any:
        """Observe only ``function(value)``; two functions of one name are the same function."""

    @abstractmethod
    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        """Replace the value by ``function(value)`` without observing it."""

    @abstractmethod
    def contains(self, collection: Collection, element: Hashable) -> bool:
        """Whether `element` is a member: one observation of one place."""

    @abstractmethod
    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        """Make `element` a member, or not a member, without observing anything."""

    @abstractmethod
    def size(self, collection: Collection) -> int:
        """The number of members: one observation, whatever the members are."""

    @abstractmethod
    def members(self, collection: Collection) -> Iterator[Any]:
        """The members in canonical order, observed as far as the iteration goes."""

    @abstractmethod
    def choose(self, options: Sequence[Any]) -> Any:
        """One of the options; who drives the run sees to it that all are tried.  No option: `Disabled`."""

    @abstractmethod
    def send(self, message: Message) -> None:
        """Put `message`, complete with source and destination, into the network."""

    @abstractmethod
    def is_in_flight(self, message: Message) -> bool:
        """Whether `message` is in the network."""

    @abstractmethod
    def count_in_flight(self, kind: type[Message]) -> int:
        """The number of different messages of exactly this type in the network."""

    @abstractmethod
    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        """The different messages of exactly this type in the network, in canonical order."""

    @abstractmethod
    def record(self, event: Event) -> None:
        """Note that a client began an operation or learnt its result, without observing anything."""


_current: ContextVar[Run | None] = ContextVar("dscheck run", default=None)


def current_run() -> Run | None:
    """The run under way, or None outside of one."""
    return _current.get()


def run_for(what: object) -> Run:
    """The run under way; `what` is about to be observed or changed, which makes no sense outside of one."""
    if (run := _current.get()) is None:
        raise ModelError(
            f"{what} is only known while an action or property runs, for it differs from state to state; "
            "use it in setup, or in a method marked @action, @receive, @always, ..."
        )
    return run


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Make `run` the one that variables, `choose` and `send` talk to."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)
