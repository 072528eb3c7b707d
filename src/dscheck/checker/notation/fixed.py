"""What is fixed once set-up is over: ordinary attributes, and the containers that they hold.

A model that keeps something in an ordinary attribute is not a function of its variables, so its footprints
would be wrong.  Such an assignment fails where it happens, with what to write instead.
"""

from __future__ import annotations

from difflib import get_close_matches
from inspect import get_annotations
from typing import Any, NoReturn

from dscheck.checker.errors import ModelError
from dscheck.checker.notation.marks import mark_of
from dscheck.checker.notation.parameters import Param
from dscheck.checker.notation.values import NotAValue
from dscheck.checker.notation.variables import Variable, variables_of


def check_names(cls: type, base: type) -> None:
    """Refuse to declare anything under a name that `base` needs itself."""
    for name, value in vars(cls).items():
        declares = isinstance(value, (Variable, Param)) or mark_of(value)
        if declares and (hasattr(base, name) or name in get_annotations(base)):
            raise ModelError(
                f"{cls.__name__}.{name}: every {base.__name__} has its own `{name}`; choose another name"
            )


def check_assignment(owner: object, name: str, in_setup: bool) -> None:
    """Refuse to assign an ordinary attribute after set-up; variables and properties are always fine."""
    cls = type(owner)
    if isinstance(getattr(cls, name, None), Param):
        raise ModelError(
            f"{owner}.{name} = ...: parameters keep their value; declare a variable with var(...)"
        )
    if in_setup or hasattr(type(getattr(cls, name, None)), "__set__"):
        return
    similar = get_close_matches(name, variables_of(cls), n=1)
    hint = f" (or did you mean `{similar[0]}`?)" if similar else ""
    raise ModelError(
        f"{owner}.{name} = ...: `{name}` is not a variable, so the checker would not see it change; "
        f"set it in setup, or declare `{name}` with var(...) in class {cls.__name__}{hint}"
    )


def fix_constants(cls: type) -> None:
    """Make the containers that a class body holds refuse to change."""
    for name, value in list(vars(cls).items()):
        constant = value if name.startswith("__") else fixed(value, f"{cls.__name__}.{name}")
        if constant is not value:
            setattr(cls, name, constant)


def fix_attributes(owner: object) -> None:
    """Make the containers that set-up left in ordinary attributes refuse to change."""
    for name, value in vars(owner).items():
        vars(owner)[name] = fixed(value, f"{owner}.{name}")


def fixed(value: Any, where: str) -> Any:
    """The same value, but a container of it refuses to change."""
    if isinstance(value, NotAValue):
        raise ModelError(f"{where}: {value!r} is {value._why_not}")
    if type(value) is list:
        return FixedList(fixed(item, where) for item in value)
    if type(value) is dict:
        return FixedDict({key: fixed(item, where) for key, item in value.items()})
    if type(value) is set:
        return FixedSet(value)
    return value


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    raise ModelError(
        f"{self!r} is fixed after setup, for the checker would not see it change; "
        "declare state with var(...), durable(...) or volatile(...)"
    )


class FixedList(list[Any]):
    """A list that stays as it is."""

    append = extend = insert = remove = pop = clear = sort = reverse = _refuse
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse


class FixedDict(dict[Any, Any]):
    """A dict that stays as it is."""

    update = pop = popitem = clear = setdefault = _refuse
    __setitem__ = __delitem__ = __ior__ = _refuse


class FixedSet(set[Any]):
    """A set that stays as it is."""

    add = discard = remove = pop = clear = update = _refuse
    difference_update = intersection_update = symmetric_difference_update = _refuse
    __ior__ = __iand__ = __isub__ = __ixor__ = _refuse
