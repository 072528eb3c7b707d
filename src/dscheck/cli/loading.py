"""From what a user writes, `raft` or `./mine.py` or `./mine.py:Mine`, to the class of the model."""

from __future__ import annotations

import sys
import traceback
from difflib import get_close_matches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import click

from dscheck import models
from dscheck.checker.errors import DscheckError
from dscheck.checker.notation.model import Model


def is_reference(text: str) -> bool:
    """Whether the text can only mean a model."""
    return text.replace("-", "_").split(":")[0] in models.names() or ".py" in text


def load(reference: str) -> type[Model]:
    """The class of a model of the catalogue or of a file."""
    place, _, name = reference.partition(".py:") if ".py:" in reference else reference.partition(":")
    if ".py" in reference:
        path = Path(f"{place}.py" if ".py:" in reference else reference)
        return _model_in(_module(path), str(path), name if ".py:" in reference else "")
    place = place.replace("-", "_")
    if place not in models.names():
        similar = get_close_matches(place, models.names(), n=1)
        hint = f"Did you mean {similar[0]}?" if similar else f"There are {', '.join(models.names())}."
        raise click.BadParameter(
            f"no model is called {place!r}.  {hint}  For a file, write ./{place}.py", param_hint="MODEL"
        )
    return _model_in(models.module(place), place, name)


def mutant_of(model: type[Model], name: str) -> type[Model]:
    """A wrong variant by its name."""
    for mutant in model.mutants:
        if mutant.__name__ == name:
            return mutant
    known = ", ".join(mutant.__name__ for mutant in model.mutants) or "none"
    raise click.BadParameter(
        f"{model.__name__} has no mutant {name!r}; it has {known}", param_hint="--mutant"
    )


def _model_in(module: ModuleType, place: str, name: str) -> type[Model]:
    """The class of that name; without one, the one that the file is about."""
    found = {
        value.__name__: value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Model) and value.__module__ == module.__name__
    }
    if name:
        if name not in found:
            raise DscheckError(f"{place} has no model {name}; it has {', '.join(found) or 'none'}")
        return found[name]
    proper = {key: value for key, value in found.items() if value.breaks is None}
    if not proper:
        raise DscheckError(f"{place} has no model: write `class {_main_class(module)}(Model): ...` in it")
    if len(proper) > 1 and _main_class(module) not in proper:
        first = next(iter(proper))
        raise DscheckError(
            f"{place} has several models, {', '.join(proper)}: write {place}:{first} for one of them"
        )
    return next(iter(proper.values())) if len(proper) == 1 else proper[_main_class(module)]


def _main_class(module: ModuleType) -> str:
    """The name of the class that a file is about."""
    return class_name(Path(module.__file__ or module.__name__).stem)


def class_name(stem: str) -> str:
    """The class that a file of this name is about: TwoPhaseCommit in two_phase_commit.py."""
    return "".join(part[:1].upper() + part[1:] for part in stem.split("_"))


def _module(path: Path) -> ModuleType:
    """The module in a file; its folder is where it finds its own imports."""
    if not path.is_file():
        raise DscheckError(f"there is no file {path}")
    name = path.stem if path.stem not in sys.modules else f"dscheck_model_{path.stem}"
    spec = spec_from_file_location(name, path.resolve())
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # annotations are looked up there
    sys.path.insert(0, str(path.resolve().parent))
    try:
        spec.loader.exec_module(module)
    except DscheckError as error:
        raise DscheckError(f"{path}{_line(error, path)}: {error}") from error
    except SyntaxError as error:
        raise DscheckError(
            f"{path}, line {error.lineno}: {error.msg}: {(error.text or '').strip()}"
        ) from error
    except SystemExit as error:
        raise DscheckError(
            f"{path}{_line(error, path)}: it exits while it is imported; "
            "put that below `if __name__ == '__main__':`"
        ) from error
    except Exception as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        raise DscheckError(f"{path}{_line(error, path)}: cannot be imported: {text}") from error
    return module


def _line(error: BaseException, path: Path) -> str:
    """`, line 7`: where the file was when it failed."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename) == path.resolve()]
    return f", line {lines[-1]}" if lines else ""
