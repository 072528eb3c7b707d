"""Whose fault an exception is: the model's, or ours."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import getsourcefile
from pathlib import Path
from typing import Final

import dscheck
from dscheck.checker.errors import DscheckError, ModelError
from dscheck.checker.notation.model import Model

_OURS: Final = Path(dscheck.__file__).resolve().parent


@contextmanager
def blaming(model: type[Model]) -> Iterator[None]:
    """Turn what a model raises while it is made, in set-up or @refines, into an error that says where.

    So it does with what breaks a rule of the notation, wherever that is.  What else its actions and
    properties raise is a finding, with a trace, and never comes here.
    """
    try:
        yield
    except Exception as error:
        place = _place(error, model, through_ours=isinstance(error, ModelError))
        if place is None:
            raise
        is_told = isinstance(error, DscheckError)
        text = str(error) if is_told else "".join(traceback.format_exception_only(error)).strip()
        raise DscheckError(f"{place}: {text}") from error


def _place(error: Exception, model: type[Model], through_ours: bool) -> str | None:
    """The last place in the user's code on the way to the error.

    If the last to act, libraries aside, was dscheck itself, that is None, unless it refused something.
    """
    own = Path(getsourcefile(model) or "").resolve()
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        path = Path(frame.filename).resolve()
        if path == own or not (_OURS in path.parents or _is_library(path)):
            return f"{frame.filename}, line {frame.lineno}, in {frame.name}"
        if _OURS in path.parents and not through_ours:
            return None
    return None


def _is_library(path: Path) -> bool:
    from sysconfig import get_paths

    return any(Path(get_paths()[kind]).resolve() in path.parents for kind in ("stdlib", "purelib", "platlib"))
