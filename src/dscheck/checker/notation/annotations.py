"""What annotations mean: text until a model is made, because a class may refer to classes further down."""

from __future__ import annotations

import inspect
import sys
from types import FrameType, SimpleNamespace
from typing import Any, get_type_hints

from dscheck.checker.errors import ModelError

_NAMES = "__dscheck_names__"


def remember_names(cls: type) -> None:
    """Keep the names that are visible where `cls` is defined: those of a function are lost on its return."""
    frame: FrameType | None = sys._getframe(1)
    while frame and (
        frame.f_globals.get("__name__") != cls.__module__ or frame.f_code.co_name == "__init_subclass__"
    ):
        frame = frame.f_back
    names: dict[str, Any] = {}
    while frame and frame.f_locals is not frame.f_globals:
        names = {**frame.f_locals, **names}
        is_function = frame.f_code.co_flags & inspect.CO_OPTIMIZED
        frame = None if is_function else frame.f_back  # from a class body on outwards
    setattr(cls, _NAMES, names)


def resolve(annotation: Any, owner: type, where: str, model: type) -> Any:
    """The object that an annotation in the body of `owner` stands for.

    `model` is defined after all that it uses, so its surroundings have names that those of `owner` lacked.
    """
    names = {**vars(model).get(_NAMES, {}), **vars(owner).get(_NAMES, {}), **vars(owner)}
    module = vars(sys.modules[owner.__module__])
    try:
        return get_type_hints(SimpleNamespace(__annotations__={"it": annotation}), module, names)["it"]
    except NameError as error:
        raise ModelError(
            f"{where}: the annotation `{annotation}` names `{error.name}`, which is not known when the model "
            f"is made; define `{error.name}` in the module, or import it outside of `if TYPE_CHECKING`"
        ) from error


def annotation_of(cls: type, name: str) -> tuple[Any, type] | None:
    """The annotation of a variable as written, and the class whose body it stands in."""
    for base in cls.__mro__:
        if name in (written := inspect.get_annotations(base)):
            return written[name], base
    return None
