"""Set-up: which nodes there are, and the initial states, one for every combination of choices.

`setup` first runs as a draft, to learn the nodes.  Then the layout is known, and it runs once per combination
of choices: each run must make the same nodes, and what it assigned to variables is one initial state.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from dscheck.checker.errors import ModelError
from dscheck.checker.notation import values
from dscheck.checker.notation.fixed import fix_attributes
from dscheck.checker.notation.layout import Draft, Layout
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.run import Collection, Disabled, Place, Run, running

if TYPE_CHECKING:
    from dscheck.checker.notation.messages import Message
    from dscheck.checker.notation.model import Model
    from dscheck.checker.notation.operations import Event

N = TypeVar("N", bound=Node)


def set_up(model: Model) -> None:
    """Run the model's `setup` and give the model its layout, with the initial states."""
    untouched = dict(vars(model))
    created: list[Node] = []
    draft = next(_branches(model, untouched, created, None), None)
    if draft is None:
        raise ModelError(
            f"{model}.setup: no initial state is left, for every choice fails a require(...); relax one"
        )
    layout = Layout(model, tuple(draft.made), draft.domains)
    starts: dict[Hashable, dict[Place, Any]] = {}
    shared: dict[str, Any] = {}
    for branch in _branches(model, untouched, created, layout):
        branch.check_same("nodes", list(layout.nodes), branch.made)
        found = branch.attributes(untouched)
        for name in {**shared, **found} if starts else ():
            branch.check_same(name, shared.get(name), found.get(name))
        shared = found
        changes = branch.changes()
        starts.setdefault(frozenset((place, values.key(value)) for place, value in changes.items()), changes)
    layout.starts = list(starts.values())
    vars(model)["_branch"] = None
    for owner in (model, *layout.nodes):
        fix_attributes(owner)


def _branches(
    model: Model, untouched: dict[str, Any], created: list[Node], layout: Layout | None
) -> Iterator[Branch]:
    """One run of `setup` per combination of choices; those that fail a `require` are left out."""
    script: list[int] | None = []
    while script is not None:
        branch = Branch(model, created, layout, script)
        vars(model).clear()
        vars(model).update(untouched, layout=branch.layout, _branch=branch)
        try:
            with running(branch):
                model.setup()
        except Disabled:
            pass
        else:
            yield branch
        script = branch.next_script()


class Branch(Run):
    """One run of `setup`: it follows a script of choices, and takes the first option after its end."""

    def __init__(
        self, model: Model, created: list[Node], layout: Layout | None, script: Sequence[int]
    ) -> None:
        self.made: list[Node] = []
        self.domains: dict[Any, tuple[Any, ...]] = {}
        self.layout = layout or Draft(model, self.made, self.domains)
        self._model = model
        self._created = created  # by every run so far: the next node of a later run is the same object
        self._position = 0
        self._script = script
        self._picks: list[tuple[int, int]] = []  # (picked, number of options)
        self._written: dict[Place, Any] = {}

    def next_script(self) -> list[int] | None:
        """The choices of the next run; None after the last."""
        picks = list(self._picks)
        while picks and picks[-1][0] + 1 == picks[-1][1]:
            picks.pop()
        return [picked for picked, _ in picks[:-1]] + [picks[-1][0] + 1] if picks else None

    def changes(self) -> dict[Place, Any]:
        """What differs from the declared initial values."""
        return {
            place: value
            for place, value in self._written.items()
            if values.key(value) != values.key(self.layout.default(place))
        }

    def attributes(self, untouched: dict[str, Any]) -> dict[str, Any]:
        """The ordinary attributes that this run gave to the model and its nodes."""
        ignored = {*untouched, "layout", "_branch", "_model", "name", "_rank"}
        return {
            f"{owner}.{name}": value
            for owner in (self._model, *self.made)
            for name, value in vars(owner).items()
            if name not in ignored
        }

    def check_same(self, what: str, this: object, other: object) -> None:
        """Refuse what differs between two runs but is no part of the state."""
        if this != other:
            raise ModelError(
                f"{self._model}.setup: {what} differs between two choices, {this!r} and {other!r}; "
                "only variables may depend on choose(...) in setup, so make a variable or a parameter of it"
            )

    # -- what `setup` does to the model

    def make(self, kind: type[N], count: int, prefix: str) -> list[N]:
        """New nodes; in a later run, those that the first one made at the same point."""
        nodes = [self._make(kind, f"{prefix}{number}") for number in range(1, count + 1)]
        self.made += nodes
        return nodes

    def _make(self, kind: type[N], name: str) -> N:
        if any(node.name == name for node in self.made):
            raise ModelError(
                f"make({kind.__name__}, ...): there is a node {name} already; choose another prefix"
            )
        fresh = kind._create(self._model, name, self._position)
        if self._position == len(self._created):
            self._created.append(fresh)
        node = self._created[self._position]
        self.check_same("a node", (node.name, type(node).__name__), (name, kind.__name__))
        assert isinstance(node, kind)
        node.__dict__ = dict(vars(fresh))  # without the attributes that an earlier run assigned
        self._position += 1
        return node

    def remove(self, node: Node) -> None:
        """Take a node out again."""
        if node not in self.made:
            raise ModelError(f"remove({node!r}): remove a node that self.make(...) made, and only once")
        self.made.remove(node)

    def domain(self, kind: Any, members: Iterable[Hashable]) -> None:
        """Declare the values of a type."""
        name = getattr(kind, "__name__", str(kind))
        if not isinstance(members, Iterable):
            raise ModelError(f"domain({name}, {members!r}): write all of its values, such as range(3)")
        listed = tuple(values.in_order(members))
        values.freeze_check(listed, f"domain({name}, ...)")
        declared = tuple({values.key(member): member for member in listed}.values())
        self.check_same(f"the domain {name}", self.layout.domains.get(kind, declared), declared)
        self.domains[kind] = declared

    # -- what it does to the state

    def read(self, place: Place) -> Any:
        return self._written[place] if place in self._written else self.layout.default(place)

    def write(self, place: Place, value: Hashable) -> None:
        self._written[place] = value

    def view(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> Any:
        return function(self.read(place))

    def operate(self, place: Place, name: Hashable, function: Callable[[Any], Hashable]) -> None:
        self.write(place, function(self.read(place)))

    def contains(self, collection: Collection, element: Hashable) -> bool:
        return bool(self.read(self.layout.member_place(collection, element)))

    def put(self, collection: Collection, element: Hashable, member: bool) -> None:
        self.write(self.layout.member_place(collection, element), member)

    def size(self, collection: Collection) -> int:
        return len(list(self.members(collection)))

    def members(self, collection: Collection) -> Iterator[Any]:
        return (place.key for place in self.layout.member_places(collection) if self.read(place))

    def choose(self, options: Sequence[Any]) -> Any:
        if not options:
            raise Disabled
        position = len(self._picks)
        picked = self._script[position] if position < len(self._script) else 0
        self._picks.append((picked, len(options)))
        return options[picked]

    def send(self, message: Message) -> None:
        raise ModelError(
            f"setup sends {message!r}: the network starts empty; send in a method marked @action"
        )

    def is_in_flight(self, message: Message) -> bool:
        return False

    def count_in_flight(self, kind: type[Message]) -> int:
        return 0

    def list_in_flight(self, kind: type[Message]) -> Iterator[Message]:
        return iter(())

    def record(self, event: Event) -> None:
        raise ModelError(
            f"setup records that {event}: no operation has begun yet; record it in a method marked @action"
        )
