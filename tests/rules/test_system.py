"""A model's rules as a whole: what is learned, when, and what is told of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from dscheck import (
    Model,
    ModelError,
    Node,
    action,
    always,
    bound,
    ends,
    refines,
    require,
    sometimes,
    var,
)
from dscheck.checker.rules.system import System
from rules.workbench import after, searched, tree


class Light(Node):
    on: bool = var(False)
    switched: int = var(0)


class Lights(Model):
    count: int = 2

    def setup(self) -> None:
        self.lights = self.make(Light, type(self).count, "l")

    @action
    def switch(self, light: Light) -> None:
        require(light.switched < 3)
        light.on = not light.on
        light.switched += 1

    @always
    def counted(self, light: Light) -> bool:
        return light.on == (light.switched % 2 == 1)

    @sometimes
    def bright(self, a: Light, b: Light) -> bool:
        return a is not b and a.on and b.on

    @bound
    def few(self) -> bool:
        return True

    @ends
    def tired(self, light: Light) -> bool:
        return light.switched == 3


# -- what is learned


def test_instances_are_in_the_order_of_their_trees() -> None:
    assert [instance.label() for instance in System(Lights()).instances] == [
        *("switch(l1)", "switch(l2)", "counted(l1)", "counted(l2)"),
        *(
            "bright(l1, l1)",
            "bright(l1, l2)",
            "bright(l2, l1)",
            "bright(l2, l2)",
            "few()",
            "tired(l1)",
            "tired(l2)",
        ),
    ]


def test_python_runs_once_per_footprint_however_many_states() -> None:
    for count in (2, 3, 4):
        system, report = searched(type("Lights", (Lights,), {"count": count})())
        assert report.states == 4**count
        assert report.transitions == count * 3 * 4 ** (count - 1)
        assert system.python_calls == system.rules.footprint_count()
        switch = tree(system, "switch(l1)")
        assert len(system.rules.footprints(switch)) == 4


def test_only_selected_properties_are_asked_but_bounds_and_ends_always() -> None:
    system = System(Lights(), properties=["bright"])
    names = dict.fromkeys(instance.name for instance in system.instances)
    assert list(names) == ["switch", "bright", "few", "tired"]
    with pytest.raises(ModelError, match="Lights has no property 'wrong'; it has counted, bright"):
        System(Lights(), properties=["wrong"])


def test_equal_starts_are_one() -> None:
    class Started(Lights):
        def setup(self) -> None:
            super().setup()
            self.lights[0].switched = 0

    assert len(System(Started()).initial) == 1


def test_an_exception_is_a_finding_and_is_kept() -> None:
    class Raising(Lights):
        @action
        def burst(self, light: Light) -> None:
            require(light.switched == 2)
            raise ZeroDivisionError(f"{light} burst")

    system, report = searched(Raising())
    assert report.finding is not None
    kind, number, _ = report.finding
    assert (kind, system.instances[number].label()) == ("fault", "burst(l1)")
    assert str(system.faults[0]) == "l1 burst"
    state, happening = system.after(number, report.trace[-1][2], ())
    assert isinstance(happening.exception, ZeroDivisionError)
    assert state == report.trace[-1][2]


def test_misuse_is_an_error_and_no_finding() -> None:
    class Misused(Lights):
        @action
        def misuse(self, light: Light) -> None:
            light.switched = [1]  # type: ignore[assignment]

    with pytest.raises(ModelError, match="tuple"):
        searched(Misused())


# -- what is told


def test_what_happened() -> None:
    system = System(Lights())
    start = system.initial[0]
    state, happening = system.after(tree(system, "switch(l2)"), start, ())
    assert happening.label == "switch(l2)"
    assert happening.enabled
    changes = [(str(place), before, now) for place, before, now in happening.writes]
    assert changes == [("l2.on", False, True), ("l2.switched", 0, 1)]
    assert system.rerun(tree(system, "switch(l2)"), start, ()) == happening
    assert system.rerun(tree(system, "counted(l1)"), state, ()).result is True


def test_a_disabled_step_did_nothing() -> None:
    system = System(Lights())
    tired = after(system, *["switch(l1)"] * 3)
    state, happening = system.after(tree(system, "switch(l1)"), tired, ())
    assert (state, happening.enabled, happening.writes) == (tired, False, ())


def test_reading_a_state() -> None:
    system = System(Lights())
    model = system.model
    assert isinstance(model, Lights)
    with system.reading(after(system, "switch(l1)")):
        assert (model.lights[0].on, model.lights[1].on) == (True, False)
        with pytest.raises(ModelError):
            model.lights[0].on = False


def test_a_view_lists_everything_in_order() -> None:
    class Talking(Lights):
        words: set[str] = var(set())

        @action
        def talk(self, light: Light) -> None:
            self.words.add(f"{light}!")

    system = System(Talking())
    state = after(system, "talk(l2)", "talk(l1)", "switch(l1)")
    assert [(str(place), value) for place, value in system.view(state).variables()] == [
        *(("l1.on", True), ("l1.switched", 1), ("l2.on", False), ("l2.switched", 0)),
        *(("words has 'l1!'", True), ("words has 'l2!'", True)),
    ]


# -- refinement


class Lamp(Node):
    on: bool = var(False)


class Lamps(Model):
    """Lamps that go on and off, and what is lit as a set."""

    lit: set[int] = var(set())

    def setup(self) -> None:
        self.lamps = self.make(Lamp, 2, "m")

    @action
    def toggle(self, lamp: Lamp) -> None:
        lamp.on = not lamp.on
        number = self.lamps.index(lamp)
        (self.lit.discard if number in self.lit else self.lit.add)(number)


Map = Callable[[Lights, Lamps, Light], None]


def refining(mapping: Map) -> Model:
    """The lights with a mapping that is made of these parts."""

    def part(self: Lights, spec: Lamps, light: Light) -> None:
        mapping(self, spec, light)

    part.__annotations__ = {"spec": Lamps, "light": Light}
    return type("Refining", (Lights,), {"lamps": refines(lambda self: Lamps())(part)})()


def faithful(self: Lights, spec: Lamps, light: Light) -> None:
    number = self.lights.index(light)
    spec.lamps[number].on = light.on
    if light.on:
        spec.lit.add(number)


def test_a_faithful_mapping_holds() -> None:
    system, report = searched(refining(faithful))
    assert (report.stop, report.finding, report.states) == ("exhausted", None, 16)
    assert system.spec is not None
    abstract = system.spec.view(system.abstract(after(system, "switch(l2)")))
    assert [str(place) for place, value in abstract.variables() if value] == ["m2.on", "lit has 1"]
    assert system.audit() > 16


def test_a_step_that_is_no_abstract_step_is_found() -> None:
    def forgets(self: Lights, spec: Lamps, light: Light) -> None:
        spec.lamps[self.lights.index(light)].on = light.on

    _, report = searched(refining(forgets))
    assert report.finding is not None
    assert (report.finding[0], len(report.trace)) == ("refines", 2)


def both_assign(self: Lights, spec: Lamps, light: Light) -> None:
    spec.lamps[0].on = light.on


def reads(self: Lights, spec: Lamps, light: Light) -> None:
    spec.lamps[0].on = not spec.lamps[1].on


def guards(self: Lights, spec: Lamps, light: Light) -> None:
    require(light.on)


def changes(self: Lights, spec: Lamps, light: Light) -> None:
    light.on = True


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        (both_assign, r"lamps\(l1\) and lamps\(l2\) assign m1\.on"),
        (reads, r"reads m2\.on of the abstract model without having assigned it"),
        (guards, r"require\(...\) is the guard of an action"),
        (changes, r"lamps assigns l1\.on"),
    ],
)
def test_misuse_of_a_mapping(mapping: Map, complaint: str) -> None:
    with pytest.raises(ModelError, match=complaint):
        searched(refining(mapping))


def test_assigned_values_can_be_read_back() -> None:
    def roundabout(self: Lights, spec: Lamps, light: Light) -> None:
        number = self.lights.index(light)
        spec.lamps[number].on = light.on
        if spec.lamps[number].on:
            spec.lit |= {number}

    _, report = searched(refining(roundabout))
    assert report.finding is None


# -- the same in every process


PROGRAM = """
from rules.workbench import searched
from dscheck import Message, Model, Node, action, choose, receive, require, var

class Word(Message):
    text: str

class Talker(Node):
    heard: set[str] = var(set())
    said: frozenset[str] = var(frozenset())

class Talk(Model):
    network = "bag"
    def setup(self):
        self.make(Talker, 2, "t")
    @action
    def say(self, t: Talker, to: Talker):
        for text in {"a", "b", "c"} - t.said:
            t.send(to, Word(text=text))
        t.said |= {choose(frozenset({"a", "b"}) - t.said)}
    @receive
    def on_word(self, t: Talker, m: Word):
        t.heard.add(m.text)

system, report = searched(Talk(), depth=5)
print([instance.label() for instance in system.instances])
print([str(place) for place in system.encoding.places()], report.states, report.levels, report.transitions)
print(system.python_calls, system.rules.footprint_count())
"""


def test_numbers_do_not_depend_on_hashes() -> None:
    def printed(seed: int) -> str:
        path = os.pathsep.join(sys.path)
        environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": path}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, text=True, capture_output=True, check=True
        ).stdout

    assert printed(1)
    assert len({printed(seed) for seed in (1, 2, 3)}) == 1
