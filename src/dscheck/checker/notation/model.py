"""The model: a class whose methods are what may happen and what must hold."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sized
from itertools import combinations
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.annotations import remember_names
from dscheck.checker.notation.behaviour import Behaviour
from dscheck.checker.notation.counted import Caught, Count
from dscheck.checker.notation.fixed import check_assignment, check_names, fix_constants
from dscheck.checker.notation.in_flight import InFlight
from dscheck.checker.notation.marks import Declared
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.parameters import Param, effective, parameters_of
from dscheck.checker.notation.setup import set_up
from dscheck.checker.notation.variables import variables_of

if TYPE_CHECKING:
    from collections.abc import Set

    from dscheck.checker.notation.layout import Layout
    from dscheck.checker.notation.setup import Branch

N = TypeVar("N", bound=Node)
Msg = TypeVar("Msg", bound=Message)

_NETWORKS = ("set", "bag", "persistent", "fifo")


class Model:
    """A protocol: subclass it, make nodes in `setup`, and mark methods with @action, @receive, @always."""

    network: ClassVar[Literal["set", "bag", "persistent", "fifo"]] = "set"
    """How messages travel.

    "set": in any order, and one sent twice is there once.  "bag": in any order, and each copy counts.
    "persistent": a set that never forgets, which covers loss, delay and duplication.  "fifo": in order, from
    each node to each other node.
    """
    mutants: ClassVar[list[type[Model]]] = []
    """The deliberately wrong variants that @mutant registered."""
    breaks: ClassVar[str | None] = None
    """In a mutant: the property that must catch it."""
    caught: ClassVar[Caught | None] = None
    """In a mutant: where and how soon it is caught."""
    pinned: ClassVar[tuple[Count, ...]] = ()
    """How many states it is known to have.  Subclasses do not inherit it."""
    params: dict[str, Any]
    """The value of every parameter and budget."""
    layout: Layout
    """What its state consists of."""
    _branch: Branch | None = None
    _behaviour: Behaviour

    def __init_subclass__(cls) -> None:
        remember_names(cls)
        check_names(cls, Model)
        fix_constants(cls)
        cls.mutants = []
        cls.pinned = vars(cls).get("pinned", ())
        if "__init__" in vars(cls):
            raise ModelError(
                f"{cls.__name__}.__init__: write `def setup(self) -> None`, and param(...) for arguments"
            )
        if cls.network not in _NETWORKS:
            raise ModelError(
                f"{cls.__name__}.network = {cls.network!r}: write one of {', '.join(map(repr, _NETWORKS))}"
            )
        for name, variable in variables_of(cls).items():
            if not variable.durable:
                raise ModelError(f"{cls.__name__}.{name}: only nodes crash, a model does not; write var(...)")

    def __init__(self, **params: Any) -> None:
        cls = type(self)
        values = effective(cls, params)
        _check_budgets(cls)
        plain = {name: value for name, value in values.items() if isinstance(getattr(cls, name), Param)}
        vars(self).update(plain, params=values)
        set_up(self)
        vars(self)["_behaviour"] = Behaviour(cls, self.layout)

    def setup(self) -> None:
        """Make the nodes, and assign initial values where they are not the declared ones."""

    if not TYPE_CHECKING:  # a type checker that saw it would accept any attribute

        def __setattr__(self, name: str, value: Any) -> None:
            check_assignment(self, name, self.in_setup)
            super().__setattr__(name, value)

    def __repr__(self) -> str:
        return type(self).__name__

    # -- in `setup`

    @property
    def in_setup(self) -> bool:
        """Whether `setup` is running."""
        return self._branch is not None

    def make(self, kind: type[N], count: int, prefix: str) -> list[N]:
        """New nodes, named by a prefix and a number: ``self.servers = self.make(Server, 3, "s")``."""
        if not (isinstance(kind, type) and issubclass(kind, Node)):
            raise ModelError(
                f"make({kind!r}, ...): {kind!r} is not a class of nodes; write `class Server(Node)`"
            )
        if type(count) is not int or count < 0:
            raise ModelError(
                f"make({kind.__name__}, {count!r}, ...): {count!r} is not a number of nodes; write 3, say"
            )
        return self._setup_only("make").make(kind, count, prefix)

    def remove(self, node: Node) -> None:
        """Take out a node again, for a topology that `make` alone does not give."""
        self._setup_only("remove").remove(node)

    def domain(self, kind: Any, members: Iterable[Hashable]) -> None:
        """Declare the values of a type, over which parameters annotated with it range."""
        self._setup_only("domain").domain(kind, members)

    def _setup_only(self, method: str) -> Branch:
        if self._branch is None:
            raise ModelError(f"{self}.{method}(...): nodes and domains are fixed after setup; call it there")
        return self._branch

    # -- in actions and properties

    def all(self, kind: type[N]) -> list[N]:
        """The nodes of a class and its subclasses, in the order of their making."""
        nodes = self.layout.nodes if self._branch is None else self._branch.made
        return [node for node in nodes if isinstance(node, kind)]

    def pairs(self, kind: type[N]) -> list[tuple[N, N]]:
        """Every two different nodes of a class, each pair once."""
        return list(combinations(self.all(kind), 2))

    def is_majority(self, some: Sized, kind: type[Node]) -> bool:
        """Whether `some` are more than half as many as the nodes of a class."""
        return 2 * len(some) > len(self.all(kind))

    def in_flight(self, kind: type[Msg]) -> Set[Msg]:
        """The messages of a class in the network: ask whether one is there, count them, or list them."""
        if not (isinstance(kind, type) and issubclass(kind, Message)):
            raise ModelError(
                f"in_flight({kind!r}): {kind!r} is not a class of messages; write in_flight(Vote), say"
            )
        return cast("Set[Msg]", InFlight(kind))

    # -- for whoever runs the model

    @classmethod
    def parameters(cls) -> dict[str, Param]:
        """The declared parameters and budgets by name."""
        return parameters_of(cls)

    def declared(self, kind: str) -> list[Declared]:
        """Its methods marked @action, @receive, @always, ..., those of base classes first."""
        return self._behaviour.declared(kind)

    def instances_of(self, declared: Declared) -> list[tuple[Any, ...]]:
        """Every combination of arguments of a marked method other than a handler, in canonical order."""
        return self._behaviour.instances_of(declared)

    def handler(self, message: Message) -> Declared:
        """The method that receives a message at its destination."""
        return self._behaviour.handler(message)


def _check_budgets(cls: type[Model]) -> None:
    """Refuse budgets that contradict each other or the network."""
    names: dict[str, str] = {}
    for name, param in cls.parameters().items():
        if param.fault and names.setdefault(param.fault, name) != name:
            raise ModelError(
                f'{cls.__name__}: `{names[param.fault]}` and `{name}` both limit "{param.fault}"; keep one'
            )
    for fault in ("lose", "duplicate"):
        if fault in names and cls.network == "persistent":
            raise ModelError(
                f'{cls.__name__}.{names[fault]}: a "persistent" network covers loss and duplication already; '
                f'remove budget("{fault}", ...), or write network = "set"'
            )
    if "restart" in names and "crash" not in names:
        raise ModelError(
            f"{cls.__name__}.{names['restart']}: only a crashed node restarts; "
            'add `crashes: int = budget("crash", 1)`'
        )
