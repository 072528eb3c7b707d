"""What the state of one model consists of: its nodes, and every place that holds a value."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast, get_args

from dscheck.checker.errors import ModelError
from dscheck.checker.notation import values
from dscheck.checker.notation.annotations import annotation_of, resolve
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.parameters import Budget
from dscheck.checker.notation.quantifiers import how_to_declare, universe
from dscheck.checker.notation.run import Collection, Place
from dscheck.checker.notation.variables import SetVariable, TableVariable, Variable, variables_of

if TYPE_CHECKING:
    from dscheck.checker.notation.model import Model

N = TypeVar("N", bound=Node)


class Layout:
    """The places of one model in their canonical order; only open sets add places later."""

    def __init__(self, model: Model, nodes: Sequence[Node], domains: dict[Any, tuple[Any, ...]]) -> None:
        self.model = model
        self.nodes = nodes
        self.domains = domains
        self.budgets: dict[str, Place] = {}
        """What remains of each kind of fault."""
        self.up: dict[Node, Place] = {}
        """Whether a node is up; empty without a budget of restarts."""
        self.partition: Place | None = None
        """One side of the split network, a frozenset of nodes, or None; only with a budget of partitions."""
        self.starts: list[dict[Place, Any]] = []
        """The initial states, each as its differences from the defaults; filled in by set-up."""
        self._places: dict[tuple[Any, str, Hashable], Place] = {}
        self._collections: dict[tuple[Any, str], Collection] = {}
        self._keys: dict[tuple[Any, str], tuple[Any, ...]] = {}
        self._defaults: dict[Place, Any] = {}  # of the places of faults; variables know their own
        self._lay_out()
        self.places = tuple(self._places.values())
        """The places that exist from the start: budgets, the model's variables, then node by node."""
        self.collections = tuple(self._collections.values())

    def all(self, kind: type[N]) -> list[N]:
        """The nodes of a class and its subclasses, in the order of their making."""
        return [node for node in self.nodes if isinstance(node, kind)]

    def check_present(self, node: Node) -> None:
        """Refuse a node that is not one of this model's."""
        if node not in self.nodes:
            what = "was removed in setup" if node.layout.model is self.model else "belongs to another model"
            kind = type(node).__name__
            raise ModelError(f"{node} {what}, so it has no state; take one of self.all({kind})")

    # -- places

    def place(self, owner: Any, name: str, key: Hashable = None) -> Place:
        """The place of a variable, or of a table's entry."""
        return self._places.get((owner, name, values.key(key))) or self._missing(owner, name, key)

    def collection(self, owner: Any, name: str) -> Collection:
        """The collection that a set variable stands for."""
        return self._collections.get((owner, name)) or self._missing_collection(owner, name)

    def keys(self, owner: Any, name: str) -> tuple[Any, ...]:
        """The keys of a table."""
        return self._keys[owner, name]

    def member_place(self, collection: Collection, element: Hashable) -> Place:
        """The place of an element of a set; that of an open set appears when it is first asked for."""
        where = collection.owner, collection.name, values.key(element)
        return self._places.get(where) or self._add(collection.owner, collection.name, element)

    def member_places(self, collection: Collection) -> list[Place]:
        """The places of all elements of a set so far, in canonical order."""
        mine = [
            place
            for place in self._places.values()
            if (place.owner, place.name) == (collection.owner, collection.name)
        ]
        return (
            sorted(mine, key=lambda place: values.order(place.key)) if collection.universe is None else mine
        )

    def default(self, place: Place) -> Any:
        """The declared initial value, to which a crash returns what is volatile."""
        if place in self._defaults:
            return self._defaults[place]
        return self._variable(place).initial_at(place.key)

    def is_durable(self, place: Place | Collection) -> bool:
        """Whether the value survives a crash of its node."""
        return place in self._defaults or self._variable(place).durable

    # -- making them

    def _lay_out(self) -> None:
        model = self.model
        for name, variable in variables_of(type(model)).items():
            if isinstance(variable, Budget):
                self.budgets[variable.fault] = self._add_fault(model, name, model.params[name])
        if "partition" in self.budgets:
            self.partition = self._add_fault(model, "partition", None)
        self._add_variables(model)
        for node in self.nodes:
            if "restart" in self.budgets:
                self.up[node] = self._add_fault(node, "up", True)
            self._add_variables(node)

    def _add(self, owner: Any, name: str, key: Hashable = None) -> Place:
        place = self._places[owner, name, values.key(key)] = Place(owner, name, key)
        return place

    def _add_fault(self, owner: Any, name: str, default: Any) -> Place:
        place = self._add(owner, name)
        self._defaults[place] = default
        return place

    def _add_variables(self, owner: Any) -> None:
        for name, variable in variables_of(type(owner)).items():
            if not isinstance(variable, Budget):
                for key in self._keys_of(owner, name, variable):
                    self._add(owner, name, key)

    def _keys_of(self, owner: Any, name: str, variable: Variable) -> Sequence[Any]:
        """The keys of the places that a variable needs from the start."""
        if isinstance(variable, SetVariable):
            elements = self._universe(owner, name)
            self._collections[owner, name] = Collection(owner, name, elements)
            return values.in_order(variable.initial) if elements is None else elements
        if isinstance(variable, TableVariable):
            self._keys[owner, name] = keys = self._universe(owner, name, must=True) or ()
            return keys
        return (None,)

    def _universe(self, owner: Any, name: str, must: bool = False) -> tuple[Any, ...] | None:
        """The keys of a table or the elements of a set, as its annotation has them."""
        where = f"{type(owner).__name__}.{name}"
        written = annotation_of(type(owner), name)
        arguments: tuple[Any, ...] = ()
        if written is not None:
            arguments = get_args(resolve(*written, where, type(self.model)))
        members = universe(arguments[0], self) if arguments else None
        if members is None and must:
            advice = (
                how_to_declare(arguments[0])
                if arguments
                else f"annotate it, `{name}: dict[Server, int] = ...`"
            )
            raise ModelError(f"{where}: the keys of a table must be known; {advice}")
        return members

    def _variable(self, place: Place | Collection) -> Variable:
        return cast(Variable, getattr(type(place.owner), place.name))

    # -- what is not there

    def _missing(self, owner: Any, name: str, key: Hashable) -> Place:
        if isinstance(owner, Node):
            self.check_present(owner)
        keys = ", ".join(map(repr, self._keys[owner, name]))
        raise ModelError(
            f"{owner}.{name}[{key!r}]: there is no such entry; by its annotation the keys are {keys}"
        )

    def _missing_collection(self, owner: Any, name: str) -> Collection:
        self.check_present(owner)
        raise AssertionError(f"{owner}.{name} is not a set")


class Draft(Layout):
    """The layout while set-up runs for the first time: the nodes are not all made yet, so any place may exist."""

    def _lay_out(self) -> None:
        for name, variable in variables_of(type(self.model)).items():
            if isinstance(variable, Budget):
                self._add_fault(self.model, name, self.model.params[name])

    def keys(self, owner: Any, name: str) -> tuple[Any, ...]:
        return self._universe(owner, name, must=True) or ()

    def _missing(self, owner: Any, name: str, key: Hashable) -> Place:
        return self._add(owner, name, key)

    def _missing_collection(self, owner: Any, name: str) -> Collection:
        return Collection(owner, name, None)
