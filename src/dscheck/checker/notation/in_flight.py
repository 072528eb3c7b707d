"""The network as a modeller may look at it: the set of the messages of one type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.run import Run, run_for
from dscheck.checker.notation.sets import ObservedSet
from dscheck.checker.notation.values import freeze_check


class InFlight(ObservedSet):
    """The different messages of a class, or its subclasses, that are in the network."""

    _why_not = "a view of the network, which differs from state to state; write frozenset(...) around it"

    def __init__(self, kind: type[Message]) -> None:
        self._kinds = [kind]
        for known in self._kinds:
            self._kinds += known.__subclasses__()

    @property
    def _run(self) -> Run:
        return run_for(repr(self))

    def __contains__(self, message: Any) -> bool:
        run = self._run
        if type(message) not in self._kinds:
            return False
        if message.src is None or message.dst is None:
            raise ModelError(
                f"{message!r} in {self!r}: a message in flight is on its way between two nodes; "
                f"write {type(message).__name__}(..., src=a, dst=b)"
            )
        freeze_check(message, repr(self))
        return run.is_in_flight(message)

    def __iter__(self) -> Iterator[Message]:
        for kind in self._kinds:
            yield from self._run.list_in_flight(kind)

    def __len__(self) -> int:
        return sum(self._run.count_in_flight(kind) for kind in self._kinds)

    def __repr__(self) -> str:
        return f"in_flight({self._kinds[0].__name__})"
