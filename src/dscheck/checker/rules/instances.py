"""Instances: everything that can happen or be asked, with its arguments; each gets its own decision tree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.messages import Message
from dscheck.checker.notation.nodes import Node
from dscheck.checker.notation.properties import AIDS, WATCHED, judge
from dscheck.checker.notation.run import Disabled
from dscheck.checker.notation.values import show
from dscheck.checker.rules import faults
from dscheck.checker.rules.network import Channel, Delivery
from dscheck.checker.rules.recorder import Recorder

if TYPE_CHECKING:
    from dscheck.checker.notation.marks import Declared
    from dscheck.checker.notation.model import Model
    from dscheck.checker.rules.monitors.watch import Watch

STEPS = ("action", "receive", "fault")
"""The kinds that change the state."""
QUESTIONS = ("always", "sometimes", "bound", "ends", *AIDS, *WATCHED)
"""The kinds that look at a state and change nothing."""


@dataclass(frozen=True)
class Instance:
    """A method of the model, or a built-in step, with its arguments."""

    kind: str
    """action, receive, fault, refines, or one of QUESTIONS."""
    name: str
    args: tuple[Any, ...]
    source: Callable[..., Any]
    """The function that says what happens."""
    perform: Callable[[Recorder], Any]
    """Calls it in the run under way."""
    delivery: Delivery | None = None
    """What the network must have for it to happen."""

    def label(self, delivered: Message | None = None) -> str:
        """As traces show it: `on_vote(s2) Vote(term=1, granted=True) s1->s2`.

        An instance that delivers the head of a channel only names the channel, unless told what that was.
        """
        from_network = [delivered or arg for arg in self.args if isinstance(arg, (Message, Channel))]
        others = [arg for arg in self.args if not isinstance(arg, (Message, Channel))]
        call = f"({', '.join(map(show, others))})" if others or not from_network else ""
        return " ".join([f"{self.name}{call}", *map(repr, from_network)])


# -- steps


def fixed_steps(model: Model) -> Iterator[Instance]:
    """The steps that need no message: the model's actions, and the faults of nodes and network."""
    layout = model.layout
    for declared in model.declared("action"):
        for args in model.instances_of(declared):
            act = partial(_act, model=model, declared=declared, args=args)
            yield Instance("action", declared.name, args, declared.function, act)
    if faults.can_happen(layout, "crash"):
        for node in layout.nodes:
            yield _fault(faults.crash, (node,), layout=layout, node=node)
            if faults.can_happen(layout, "restart"):
                yield _fault(faults.restart, (node,), layout=layout, node=node)
    if layout.partition is not None and faults.can_happen(layout, "partition"):
        yield _fault(faults.partition, (), layout=layout, cut=layout.partition)
        yield _fault(faults.heal, (), cut=layout.partition)


def deliveries(model: Model, delivery: Delivery) -> Iterator[Instance]:
    """The steps that begin with something in the network."""
    layout, handler, told = model.layout, delivery.handler, delivery.told
    receive = partial(_receive, model=model, delivery=delivery)
    yield Instance("receive", handler.name, (delivery.dst, told), handler.function, receive, delivery)
    if faults.can_happen(layout, "lose"):
        lose = partial(_lose, model=model, delivery=delivery)
        yield Instance("fault", "lose", (told,), _lose, lose, delivery)
    if faults.can_happen(layout, "duplicate"):
        duplicate = partial(_duplicate, model=model, delivery=delivery)
        yield Instance("fault", "duplicate", (told,), handler.function, duplicate, delivery)


def _fault(function: Callable[..., None], args: tuple[Any, ...], **bound: Any) -> Instance:
    return Instance("fault", function.__name__, args, function, partial(function, **bound))


def _act(run: Recorder, model: Model, declared: Declared, args: tuple[Any, ...]) -> None:
    for arg in args:
        if isinstance(arg, Node):
            faults.stand(run, model.layout, arg)
    declared.function(model, *args)


def _receive(run: Recorder, model: Model, delivery: Delivery) -> None:
    message = _arrive(run, model, delivery)
    run.take(message)
    delivery.handler.function(model, message.dst, message)


def _duplicate(run: Recorder, model: Model, delivery: Delivery) -> None:
    message = _arrive(run, model, delivery)
    faults.spend(run, model.layout, "duplicate")
    delivery.handler.function(model, message.dst, message)


def _lose(run: Recorder, model: Model, delivery: Delivery) -> None:
    message = _peek(run, delivery)
    faults.spend(run, model.layout, "lose")
    run.take(message)


def _arrive(run: Recorder, model: Model, delivery: Delivery) -> Message:
    """The message at hand, if nothing keeps it from its destination."""
    message = _peek(run, delivery)
    faults.stand(run, model.layout, message.dst)
    faults.cross(run, model.layout, message)
    return message


def _peek(run: Recorder, delivery: Delivery) -> Message:
    run.delivered = delivery.peek(run)
    if run.delivered is None:
        raise Disabled
    return run.delivered


# -- questions


def questions(model: Model) -> Iterator[Instance]:
    """What is asked of every state: properties, bounds and proper ends."""
    for kind in QUESTIONS:
        for declared in model.declared(kind) if kind not in WATCHED else ():
            for args in model.instances_of(declared):
                ask = partial(_judge, model=model, declared=declared, args=args)
                yield Instance(kind, declared.name, args, declared.function, ask)


def watching(watched: Iterable[Watch]) -> Iterator[Instance]:
    """What is asked of the monitor of every promise about operations."""
    for watch in watched:
        declared = watch.declared
        yield Instance(declared.kind, declared.name, watch.args, declared.function, watch.judge)


def mappings(model: Model, declared: Declared, spec: Model) -> Iterator[Instance]:
    """What says which state of the abstract model a state stands for, part by part."""
    for args in model.instances_of(declared):
        assign = partial(_assign, model=model, declared=declared, spec=spec, args=args)
        yield Instance("refines", declared.name, args, declared.function, assign)


def _judge(run: Recorder, model: Model, declared: Declared, args: tuple[Any, ...]) -> bool:
    return judge(declared, model, args)


def _assign(run: Recorder, model: Model, declared: Declared, spec: Model, args: tuple[Any, ...]) -> None:
    try:
        declared.function(model, spec, *args)
    except Disabled:
        raise ModelError(
            f"{declared}: require(...) is the guard of an action; a mapping is for every state"
        ) from None
