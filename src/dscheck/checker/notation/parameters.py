"""Parameters of a model, each an option of the command line too, and budgets of faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.variables import Variable

T = TypeVar("T", int, bool, str)

FAULTS = {
    "crash": "how many times a node may crash",
    "restart": "how many times a crashed node may come up again",
    "lose": "how many messages may be lost",
    "duplicate": "how many messages may be delivered once more",
    "partition": "how many times the network may split in two",
}


@dataclass
class Param:
    """One declared parameter."""

    default: Any
    help: str = ""
    least: Any = None
    most: Any = None
    fault: str | None = None
    """For a budget, the kind of fault."""
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def check(self, value: Any) -> None:
        """Refuse a value of the wrong type or out of range."""
        kind = type(self.default)
        if type(value) is not kind:
            article = "an" if kind is int else "a"
            raise ModelError(
                f"{self.name}={value!r}: {self.name} is {article} {kind.__name__}, such as {self.default!r}"
            )
        low = self.least is not None and value < self.least
        high = self.most is not None and value > self.most
        if low or high:
            raise ModelError(f"{self.name}={value!r} is out of range; write {self.range}")

    @property
    def range(self) -> str:
        """The allowed values in words."""
        if self.least is not None and self.most is not None:
            return f"a value from {self.least!r} to {self.most!r}"
        if self.least is not None:
            return f"at least {self.least!r}"
        return f"at most {self.most!r}" if self.most is not None else f"any {type(self.default).__name__}"


class Budget(Variable):
    """A variable of the model: how many faults of one kind may still happen."""

    def __init__(self, fault: str, default: int) -> None:
        super().__init__(default, durable=True)
        self.fault = fault
        self.param = Param(default, FAULTS[fault], least=0, fault=fault, name=fault)

    def __set_name__(self, owner: type, name: str) -> None:
        super().__set_name__(owner, name)
        self.param.name = name


def param(default: T, help: str = "", *, least: T | None = None, most: T | None = None) -> T:
    """A parameter of the model: ``nodes: int = param(3, "servers")`` becomes the option ``--nodes``."""
    if type(default) not in (int, bool, str):
        raise ModelError(
            f"param({default!r}): a parameter is an int, a bool or a str, as command lines have them"
        )
    declared = Param(default, help, least, most, name="param")
    declared.check(default)
    return cast(T, declared)


def budget(fault: str, default: int) -> int:
    """How often a kind of fault may happen: ``crashes: int = budget("crash", 1)``.

    The attribute is what remains.  Kinds: "crash", "restart", "lose", "duplicate", "partition".
    """
    if fault not in FAULTS:
        kinds = ", ".join(f'"{kind}"' for kind in FAULTS)
        raise ModelError(f"budget({fault!r}, ...): there is no such fault; write one of {kinds}")
    declared = Budget(fault, default)
    declared.param.check(default)
    return cast(int, declared)


def parameters_of(cls: type) -> dict[str, Param]:
    """The parameters and budgets of a model class by name, inherited ones first."""
    kinds = (Param, Budget)
    names = [
        name
        for base in reversed(cls.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, kinds)
    ]
    found = {name: getattr(cls, name) for name in names}
    params = {name: value.param if isinstance(value, Budget) else value for name, value in found.items()}
    return {name: value for name, value in params.items() if isinstance(value, Param)}


def effective(cls: type, given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every parameter: the given one, or else the default."""
    declared = parameters_of(cls)
    for name, value in given.items():
        if name not in declared:
            has = f"it has {', '.join(declared)}" if declared else "it has none"
            raise ModelError(f"{cls.__name__} has no parameter `{name}`; {has}")
        declared[name].check(value)
    return {name: given.get(name, param.default) for name, param in declared.items()}
