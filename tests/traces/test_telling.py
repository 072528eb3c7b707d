"""A trace says what happened, and only what changed."""

from __future__ import annotations

from climbing import Anywhere, Greets, Overshoots
from dscheck import Model, Node, action, always, budget, durable, each, explore, var, volatile
from dscheck.checker.traces.text import trace_lines
from dscheck.checker.traces.trace import Flight, Trace


def text_of(model: Model) -> list[str]:
    return [line.text for line in trace_lines(trace_of(model))]


def trace_of(model: Model) -> Trace:
    trace = explore(model).trace
    assert trace is not None
    return trace


def test_actions_choices_sets_and_messages() -> None:
    assert text_of(Greets(climbers=2)) == [
        "  1  climb(c1)",
        "       chose 1",
        "       c1.height: 0 => 1",
        "  2  greet(c1, c2)",
        "     + Hello(height=1) c1->c2",
        "  3  on_hello(c2) Hello(height=1) c1->c2",
        "       c2.greeted: {} => {c1}",
    ]


def test_the_start_is_shown_where_set_up_could_choose() -> None:
    text = text_of(Anywhere(climbers=2, top=2))
    assert text[:3] == ["  0  set-up", "       c1.height = 0", "       c2.height = 1"]


def test_what_is_gone_is_kept_in_the_data() -> None:
    last = trace_of(Greets(climbers=2)).steps[-1]
    assert last.gone == (Flight("Hello(height=1)", "c1", "c2"),)
    assert last.sent == ()


def test_json_and_back() -> None:
    trace = trace_of(Greets(climbers=2))
    assert Trace.from_json(trace.to_json()) == trace


class Cell(Node):
    kept: int = durable(0)
    lost: dict[bool, frozenset[str]] = volatile(each(frozenset()))


class Cells(Model):
    crashes: int = budget("crash", 1)
    total: int = var(0)

    def setup(self) -> None:
        self.make(Cell, 1, "cell")

    @action
    def fill(self, c: Cell) -> None:
        c.kept = self.total = 1
        c.lost[True] = frozenset({"b", "a"})

    @always
    def remembers(self, c: Cell) -> bool:
        return not c.kept or bool(c.lost[True])


def test_crashes_tables_and_variables_of_the_model() -> None:
    assert text_of(Cells()) == [
        "  1  fill(cell1)",
        "       total: 0 => 1",
        "       cell1.kept: 0 => 1",
        "       cell1.lost[True]: {} => {'a', 'b'}",
        "  2  crash(cell1)",
        "       crashes: 1 => 0",
        "       cell1.lost[True]: {'a', 'b'} => {}",
    ]


def test_walks_are_told_as_well() -> None:
    result = explore(Overshoots(), walks=50)
    assert result.trace is not None
    assert result.trace.steps[-1].changes[0].after == "4"
