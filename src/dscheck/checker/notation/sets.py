"""Tracked sets: their members are observed one by one, or counted, but never read as a whole.

Reading a whole set would be one observation with as many answers as there are sets, and footprints would
multiply.  Here ``x in s.votes`` observes one membership, and ``len(s.votes)`` one number.  A plain set on the
other side of an operator is walked in canonical order: its own order differs between processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSet, Set
from typing import Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation import values
from dscheck.checker.notation.run import Collection, Run, current_run, run_for
from dscheck.checker.notation.values import NotAValue, in_order


class ObservedSet(NotAValue, Set[Any]):
    """What every tracked set can be asked, as a built-in set can; results are built-in sets."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Set):
            return NotImplemented
        return len(self) == len(other) and all(element in self for element in in_order(other))

    __hash__ = None  # type: ignore[assignment]

    def __le__(self, other: Set[Any]) -> bool:
        return len(self) <= len(other) and all(element in other for element in self)

    def __lt__(self, other: Set[Any]) -> bool:
        return len(self) < len(other) and all(element in other for element in self)

    def __ge__(self, other: Set[Any]) -> bool:
        return len(self) >= len(other) and all(element in self for element in in_order(other))

    def __gt__(self, other: Set[Any]) -> bool:
        return len(self) > len(other) and all(element in self for element in in_order(other))

    def __and__(self, other: Iterable[Any]) -> set[Any]:
        return {element for element in in_order(other) if element in self}

    def __or__(self, other: Iterable[Any]) -> set[Any]:
        return {*self, *other}

    def __sub__(self, other: Iterable[Any]) -> set[Any]:
        return {*self} - {*other}

    def __rsub__(self, other: Iterable[Any]) -> set[Any]:
        return {element for element in in_order(other) if element not in self}

    def __xor__(self, other: Iterable[Any]) -> set[Any]:
        return {*self} ^ {*other}

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """Whether nothing in `other` is a member."""
        return not any(element in self for element in in_order(other))

    def issubset(self, other: Iterable[Any]) -> bool:
        """Whether every member is in `other`."""
        return self <= {*other}

    def issuperset(self, other: Iterable[Any]) -> bool:
        """Whether everything in `other` is a member."""
        return self >= {*other}

    def union(self, *others: Iterable[Any]) -> set[Any]:
        """The members and everything in `others`."""
        return {*self}.union(*others)

    def intersection(self, *others: Iterable[Any]) -> set[Any]:
        """The members that are in all of `others`."""
        return self & set.intersection(*map(set, others)) if others else {*self}

    def difference(self, *others: Iterable[Any]) -> set[Any]:
        """The members that are in none of `others`."""
        return {*self}.difference(*others)

    def symmetric_difference(self, other: Iterable[Any]) -> set[Any]:
        """What is in one of the two only."""
        return self ^ other

    def copy(self) -> set[Any]:
        """The members as a built-in set."""
        return {*self}


class TrackedSet(ObservedSet, MutableSet[Any]):
    """A set variable of a node or model."""

    _why_not = "a set variable, whose members differ from state to state; write frozenset(...) around it"

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    @property
    def _name(self) -> str:
        return f"{self._collection.owner}.{self._collection.name}"

    @property
    def _run(self) -> Run:
        return run_for(self._name)

    def __contains__(self, element: Any) -> bool:
        run = self._run
        return self._can_hold(element) and run.contains(self._collection, element)

    def __iter__(self) -> Iterator[Any]:
        return self._run.members(self._collection)

    def __len__(self) -> int:
        return self._run.size(self._collection)

    def __repr__(self) -> str:
        return f"<set {self._name}>" if current_run() is None else f"{{{', '.join(map(repr, self))}}}"

    def _can_hold(self, element: Any) -> bool:
        return self._collection.owner.layout.can_hold(self._collection, element)

    def _checked(self, elements: Iterable[Any]) -> list[Any]:
        """The elements in canonical order, each of which the set can hold."""
        checked = in_order(elements)
        for element in checked:
            values.freeze_check(element, f"element of {self._name}")
            if not self._can_hold(element):
                universe = ", ".join(map(repr, self._collection.universe or ()))
                raise ModelError(
                    f"{self._name} cannot hold {element!r}: by its annotation it holds some of {universe}; "
                    "add one of these, or annotate the set with another type"
                )
        return checked

    def _assign(self, value: Any) -> None:
        mine = self._collection
        if (
            isinstance(value, TrackedSet)
            and value._collection.owner is mine.owner
            and value._name == self._name
        ):
            return  # `s.votes |= ...` ends with assigning the set to itself
        if not isinstance(value, Set):
            raise ModelError(f"{self._name}: {value!r} is not a set; write {{...}}, set(...) or set()")
        members = self._checked(value)
        self.clear()
        self.update(members)

    def add(self, element: Any) -> None:
        """Make `element` a member; nothing is observed."""
        self.update((element,))

    def discard(self, element: Any) -> None:
        """Make `element` no member; nothing is observed."""
        run = self._run
        if self._can_hold(element):
            run.put(self._collection, element, False)

    def clear(self) -> None:
        """Make the set empty; where the possible members are known, nothing is observed."""
        universe = self._collection.universe
        for element in in_order(self) if universe is None else universe:
            self.discard(element)

    def update(self, *others: Iterable[Any]) -> None:
        """Add everything in `others`; nothing of this set is observed."""
        run = self._run
        for element in [element for other in others for element in self._checked(other)]:
            run.put(self._collection, element, True)

    def difference_update(self, *others: Iterable[Any]) -> None:
        """Take out everything in `others`; nothing of this set is observed."""
        for element in [element for other in others for element in in_order(other)]:
            self.discard(element)

    def intersection_update(self, *others: Iterable[Any]) -> None:
        """Keep what is in all of `others`."""
        self._assign(self.intersection(*others))

    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """Keep what is in one of the two only."""
        self._assign(self ^ other)

    def __ior__(self, other: Iterable[Any]) -> TrackedSet:  # type: ignore[override]
        self.update(other)
        return self

    def __isub__(self, other: Iterable[Any]) -> TrackedSet:  # type: ignore[override]
        self.difference_update(other)
        return self

    def __iand__(self, other: Iterable[Any]) -> TrackedSet:  # type: ignore[override]
        self.intersection_update(other)
        return self

    def __ixor__(self, other: Iterable[Any]) -> TrackedSet:  # type: ignore[override]
        self.symmetric_difference_update(other)
        return self
