"""Small sets of rules, drawn at random, and what they mean in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from dscheck._engine import Rules

State = tuple[int, ...]
Asked = tuple[str, int, int]
"""slot, view, size or next; of which slot, view or group; for next: from which position on."""


@dataclass(frozen=True)
class Leaf:
    """What happens: the number of an outcome, -1 for nothing, -2 for an exception; of a property 0 or 1."""

    says: int


@dataclass(frozen=True)
class Ask:
    """A node of a tree that observes something; an answer without a child is not known."""

    what: Asked
    children: dict[int, Tree]


@dataclass(frozen=True)
class Choose:
    """A node of a tree that picks one of several children; None: not known."""

    children: tuple[Tree | None, ...]


Tree = Leaf | Ask | Choose


@dataclass
class Book:
    """Rules, and their meaning."""

    sizes: list[int]
    views: list[tuple[int, list[int]]]
    groups: list[list[int]]
    operators: list[tuple[int, list[int]]]
    outcomes: list[tuple[list[tuple[int, int]], list[int]]]
    trees: list[tuple[str, Tree]]
    order: list[int]
    states: list[State] = field(default_factory=list)

    # -- meaning

    def answer(self, state: State, what: Asked) -> int:
        kind, of, start = what
        if kind == "slot":
            return state[of]
        if kind == "view":
            slot, results = self.views[of]
            return results[state[slot]]
        members = [state[slot] for slot in self.groups[of]]
        if kind == "size":
            return sum(member != 0 for member in members)
        return next((at + 1 for at, member in enumerate(members) if at >= start and member), 0)

    def runs(self, tree: int, state: State) -> list[tuple[tuple[int, ...], int | None]]:
        """How a tree's method may run: what it picks, and what it says; None: not known."""
        return list(self._runs(self.trees[tree][1], state, ()))

    def _runs(self, node: Tree | None, state: State, picks: tuple[int, ...]) -> Iterator[Any]:
        match node:
            case None:
                yield picks, None
            case Leaf(says):
                yield picks, says
            case Ask(what, children):
                yield from self._runs(children.get(self.answer(state, what)), state, picks)
            case Choose(options):
                for pick, option in enumerate(options):
                    yield from self._runs(option, state, (*picks, pick))

    def after(self, state: State, outcome: int) -> State:
        values = list(state)
        writes, operators = self.outcomes[outcome]
        for slot, value in writes:
            values[slot] = value
        for number in operators:
            slot, table = self.operators[number]
            values[slot] = table[values[slot]]
        return tuple(values)

    def steps(self, state: State) -> list[tuple[int, tuple[int, ...], State]]:
        """Every step that the rules know: its tree, what it picks, and where it leads."""
        return [
            (tree, picks, self.after(state, says))
            for tree, (kind, _) in enumerate(self.trees)
            if kind == "step"
            for picks, says in self.runs(tree, state)
            if says is not None and says >= 0
        ]

    # -- the same for the engine

    def rules(self) -> Rules:
        made = Rules()
        for size in self.sizes:
            made.grow_slot(made.add_slot(boolean=size == 2), size)
        for slot, results in self.views:
            made.extend_view(made.add_view(slot), results)
        for slots in self.groups:
            group = made.add_group()
            for slot in slots:
                made.extend_group(group, slot)
        for slot, table in self.operators:
            made.define_operator(made.add_operator(slot), list(enumerate(table)))
        outcomes = [made.add_outcome(writes, operators) for writes, operators in self.outcomes]
        assert outcomes == list(range(len(outcomes)))
        for kind, root in self.trees:
            tree = made.add_tree(kind)
            for path, leaf in self._paths(made, root, []):
                made.learn(tree, path, leaf)
        return made

    def _paths(self, rules: Rules, node: Tree | None, path: list[tuple[int, int]]) -> Iterator[Any]:
        match node:
            case Leaf(says):
                yield path, says
            case Ask((kind, of, start), children):
                observe: Any = getattr(rules, f"observe_{kind}")
                what = observe(of, start) if kind == "next" else observe(of)
                for answer, child in children.items():
                    yield from self._paths(rules, child, [*path, (what, answer)])
            case Choose(options):
                for pick, option in enumerate(options):
                    yield from self._paths(rules, option, [*path, (-len(options), pick)])


# -- drawing


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A set of rules over a few slots, and some states."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=5))
    slots = st.integers(0, len(sizes) - 1)

    def table(most: int, slot: int) -> list[int]:
        return draw(st.lists(st.integers(0, most), min_size=sizes[slot], max_size=sizes[slot]))

    views = [(slot, table(2, slot)) for slot in draw(st.lists(slots, max_size=2))]
    groups = draw(st.lists(st.lists(slots, unique=True, max_size=4), max_size=2))
    updated = draw(st.lists(slots, min_size=1, max_size=3))
    operators = [(slot, table(sizes[slot] - 1, slot)) for slot in updated]
    writes = slots.flatmap(lambda slot: st.tuples(st.just(slot), st.integers(0, sizes[slot] - 1)))
    updates = st.lists(st.integers(0, len(operators) - 1), max_size=3)
    outcome = st.tuples(st.lists(writes, max_size=3), updates)
    outcomes = draw(st.lists(outcome, min_size=1, max_size=4, unique_by=repr))
    asked = [("slot", slot, 0) for slot in range(len(sizes))]
    asked += [("view", view, 0) for view in range(len(views))]
    asked += [("size", group, 0) for group in range(len(groups))]
    asked += [("next", group, at) for group, members in enumerate(groups) for at in range(len(members) + 1)]
    kinds = draw(st.lists(st.sampled_from(("step", "step", "always", "sometimes", "bound")), max_size=5))
    trees = [(kind, tree(draw, asked, len(outcomes) - 1, kind, sizes)) for kind in kinds]
    order = draw(st.permutations(range(len(sizes))))
    state = st.tuples(*(st.integers(0, size - 1) for size in sizes))
    states = draw(st.lists(state, max_size=12))
    return Book(sizes, views, groups, operators, outcomes, trees, order, states)


def tree(draw: st.DrawFn, asked: list[Asked], most: int, kind: str, sizes: list[int], depth: int = 3) -> Tree:
    """A tree that asks for nothing twice, and knows of no value that a slot cannot have."""
    shape = draw(st.integers(0, 3)) if depth and asked else 0
    if shape == 0:
        return Leaf(draw(st.integers(-2, most) if kind == "step" else st.sampled_from((0, 1, 1, -2))))
    if shape == 1 and kind == "step":
        one, other = (tree(draw, asked, most, kind, sizes, depth - 1) for _ in range(2))
        return Choose((one, None, other)[: draw(st.integers(2, 3))])
    what = draw(st.sampled_from(asked))
    rest = [another for another in asked if another != what]
    last = sizes[what[1]] - 1 if what[0] == "slot" else 3
    answers = sorted(draw(st.sets(st.integers(0, last), min_size=1)))
    return Ask(what, {answer: tree(draw, rest, most, kind, sizes, depth - 1) for answer in answers})
