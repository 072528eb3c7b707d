"""The catalogue: one protocol per file, each with wrong variants that its properties must catch."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def names() -> list[str]:
    """The models of the catalogue; none is imported for that."""
    return [found.name for found in pkgutil.iter_modules(__path__)]


def module(name: str) -> ModuleType:
    """The module of one model."""
    return import_module(f"{__name__}.{name}")
