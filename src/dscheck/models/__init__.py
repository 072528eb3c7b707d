"""The catalogue: a folder per topic, a protocol per file, with wrong variants that it must catch."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType


def topics() -> dict[str, list[str]]:
    """The models of each topic; no model is imported for that."""
    found = [topic.name for topic in pkgutil.iter_modules(__path__)]
    folders = {topic: import_module(f"{__name__}.{topic}").__path__ for topic in found}
    return {topic: [model.name for model in pkgutil.iter_modules(path)] for topic, path in folders.items()}


def names() -> list[str]:
    """All models, in the order of their topics."""
    return [name for models in topics().values() for name in models]


def module(name: str) -> ModuleType:
    """The module of one model.

    Raises:
        KeyError: there is none of that name.
    """
    places = {name: topic for topic, models in topics().items() for name in models}
    return import_module(f"{__name__}.{places[name]}.{name}")
