"""What the state of one model consists of: its nodes, and every place that holds a value."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
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
    """The places of one model.  Only open sets, whose members are not known beforehand, add places later."""

    def __init__(self, model: Model, nodes: Sequence[Node], domains: dict[Any, tuple[Any, ...]]) -> None:
        self.model = model
        self.nodes = nodes
        """In the order of their making."""
        self.domains = domains
        """The values of each declared domain."""
        self.budgets: dict[str, Place] = {}
        """What remains of each kind of fault."""
        self.up: dict[Node, Place] = {}
        """Whether a node is up; empty without a budget of restarts."""
        self.partition: Place | None = None
        """One side of the split network, a frozenset of nodes, or None; only with a budget of partitions."""
        self.starts: list[dict[Place, Any]] = []
        """The initial states, each as its differences from the defaults; set-up fills them in."""
        self._present = frozenset(nodes)
        self._places: dict[tuple[Any, str, Hashable], Place] = {}
        self._collections: dict[tuple[Any, str], Collection] = {}
        self._keys: dict[tuple[Any, str], tuple[Any, ...]] = {}
        self._fault_defaults: dict[Place, Any] = {}  # of places that are no variables; these know their own
        self.places = tuple(self._lay_out())
        """The places that exist from the start: budgets, the model's variables, then node by node."""
        self.collections = tuple(self._collections.values())
        """The tracked sets."""

    def all(self, kind: type[N]) -> list[N]:
        """The nodes of a class and its subclasses."""
        return [node for node in self.nodes if isinstance(node, kind)]

    def check_present(self, node: Node) -> None:
        """Refuse a node that is not one of this model's."""
        if node not in self._present:
            what = "was removed in setup" if node.layout.model is self.model else "belongs to another model"
            raise ModelError(
                f"{node} {what}, so it has no state; take one of self.all({type(node).__name__})"
            )

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
        owner, name = collection.owner, collection.name
        return self._places.get((owner, name, values.key(element))) or self._add(owner, name, element, True)

    def can_hold(self, collection: Collection, element: Hashable) -> bool:
        """Whether an element is of the type that the set is annotated with, as far as that is known."""
        where = collection.owner, collection.name, values.key(element)
        return collection.universe is None or where in self._places

    def member_places(self, collection: Collection) -> list[Place]:
        """The places of all elements of a set that there are so far, in canonical order."""
        owner, name = collection.owner, collection.name
        mine = [place for place in self._places.values() if place.owner is owner and place.name == name]
        if collection.universe is None:
            mine.sort(key=lambda place: values.order(place.key))
        return mine

    def default(self, place: Place) -> Any:
        """The declared initial value, to which a crash returns what is volatile."""
        if place in self._fault_defaults:
            return self._fault_defaults[place]
        return _variable(place).initial_at(place.key)

    def is_durable(self, what: Place | Collection) -> bool:
        """Whether it survives a crash of its node."""
        return what in self._fault_defaults or _variable(what).durable

    # -- laying out

    def _lay_out(self) -> list[Place]:
        places = self._add_budgets()
        if "partition" in self.budgets:
            self.partition = self._add_fault("partition", self.model, None)
            places.append(self.partition)
        places += self._add_variables(self.model)
        for node in self.nodes:
            if "restart" in self.budgets:
                self.up[node] = self._add_fault("up", node, True)
                places.append(self.up[node])
            places += self._add_variables(node)
        return places

    def _add_budgets(self) -> list[Place]:
        for name, variable in variables_of(type(self.model)).items():
            if isinstance(variable, Budget):
                self.budgets[variable.fault] = place = self._add(self.model, name)
                self._fault_defaults[place] = self.model.params[name]
        return list(self.budgets.values())

    def _add_fault(self, name: str, owner: Model | Node, default: Any) -> Place:
        place = Place(owner, name)
        self._fault_defaults[place] = default
        return place

    def _add_variables(self, owner: Model | Node) -> list[Place]:
        return [
            self._add(owner, name, key, isinstance(variable, SetVariable))
            for name, variable in variables_of(type(owner)).items()
            if not isinstance(variable, Budget)
            for key in self._keys_of(owner, name, variable)
        ]

    def _add(self, owner: Any, name: str, key: Hashable = None, is_member: bool = False) -> Place:
        place = self._places[owner, name, values.key(key)] = Place(owner, name, key, is_member)
        return place

    def _keys_of(self, owner: Model | Node, name: str, variable: Variable) -> Sequence[Any]:
        """The keys of the places that a variable has from the start."""
        if isinstance(variable, SetVariable):
            elements = self._universe(owner, name)
            self._collections[owner, name] = Collection(owner, name, elements)
            if elements is None:
                return values.in_order(variable.initial)
            _check_initial(f"{type(owner).__name__}.{name}", variable.initial, elements)
            return elements
        if isinstance(variable, TableVariable):
            self._keys[owner, name] = self._table_keys(owner, name)
            return self._keys[owner, name]
        return (None,)

    def _table_keys(self, owner: Model | Node, name: str) -> tuple[Any, ...]:
        keys = self._universe(owner, name)
        if keys is None:
            arguments = self._arguments(owner, name)
            advice = how_to_declare(arguments[0]) if arguments else f"write `{name}: dict[Server, int] = ...`"
            raise ModelError(f"{type(owner).__name__}.{name}: a table needs all of its keys; {advice}")
        return keys

    def _universe(self, owner: Model | Node, name: str) -> tuple[Any, ...] | None:
        """The keys of a table or the possible elements of a set, as far as its annotation tells."""
        arguments = self._arguments(owner, name)
        return universe(arguments[0], self) if arguments else None

    def _arguments(self, owner: Model | Node, name: str) -> tuple[Any, ...]:
        """What is between the brackets of a variable's annotation."""
        cls = type(owner)
        written = annotation_of(cls, name)
        return get_args(resolve(*written, f"{cls.__name__}.{name}", type(self.model))) if written else ()

    # -- what is not there

    def _missing(self, owner: Any, name: str, key: Hashable) -> Place:
        if isinstance(owner, Node):
            self.check_present(owner)
        keys = ", ".join(map(repr, self._keys[owner, name]))
        raise ModelError(
            f"{owner}.{name}[{key!r}]: there is no such entry; the annotation allows the keys {keys}"
        )

    def _missing_collection(self, owner: Any, name: str) -> Collection:
        self.check_present(owner)
        raise AssertionError(f"{owner}.{name} is not a set")


class Draft(Layout):
    """The layout while set-up runs for the first time: not all nodes are made yet, so any place may exist."""

    def _lay_out(self) -> list[Place]:
        return self._add_budgets()

    def keys(self, owner: Any, name: str) -> tuple[Any, ...]:
        return self._table_keys(owner, name)

    def _missing(self, owner: Any, name: str, key: Hashable) -> Place:
        return self._add(owner, name, key)

    def _missing_collection(self, owner: Any, name: str) -> Collection:
        return Collection(owner, name, None)

    def check_present(self, node: Node) -> None:
        """Leave that to the final layout."""


def _check_initial(where: str, initial: Iterable[Any], elements: Sequence[Any]) -> None:
    """Refuse initial members that the annotation does not allow."""
    for member in values.in_order(initial):
        if values.key(member) not in map(values.key, elements):
            allowed = ", ".join(map(repr, elements))
            raise ModelError(
                f"{where}: the annotation does not allow the member {member!r}; write one of {allowed}"
            )


def _variable(what: Place | Collection) -> Variable:
    return cast(Variable, getattr(type(what.owner), what.name))
