"""What `explore` refuses, and how it uses its limits."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest

from climbing import Greets, Ladder
from dscheck import ModelError, explore, prove
from dscheck.checker.rules.system import System


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": -1}, "depth=-1: write a number of steps"),
        ({"states": 0}, "states=0: write a number above 0"),
        ({"time": -1.0}, "time=-1.0: write a number above 0"),
        ({"memory": 0}, "memory=0"),
        ({"audit": "some"}, 'write "sample", "all" or "none"'),
        ({"walks": 3, "depth": 3}, "random walks have a length"),
    ],
)
def test_arguments_without_sense(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        explore(Ladder(), **arguments)


@pytest.mark.parametrize("verb", [explore, prove])
def test_a_class_is_no_model(verb: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match=rf"write {verb.__name__}\(Ladder\(\)\)"):
        verb(Ladder)


def test_unknown_property() -> None:
    with pytest.raises(ModelError, match="nonsense"):
        explore(Ladder(), properties=["nonsense"])


@pytest.mark.parametrize("audit", ["sample", "all", "none"])
def test_the_time_limit_includes_the_audit(audit: Any) -> None:
    started = monotonic()
    result = explore(Greets(climbers=3, top=60), time=1.0, audit=audit, properties=["stays_near"])
    assert monotonic() - started < 1.15
    assert result.stop == "time"


def test_what_is_audited() -> None:
    runs = [explore(Ladder(), audit=audit).audited for audit in ("none", "sample", "all")]
    assert runs[0] == 0
    assert 0 < runs[1] <= runs[2]


def test_an_interrupted_audit_keeps_the_result(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(System, "audit", interrupt)
    result = explore(Ladder(), audit="all")
    assert result.sentence() == "Ladder holds in all its 5 states"
    assert result.warnings == ("the audit was cut short after 0 runs",)


def test_progress_is_told() -> None:
    told: list[dict[str, float]] = []
    explore(Ladder(climbers=3, top=140), progress=lambda numbers: told.append(dict(numbers)), audit="none")
    assert told
    assert told[-1].keys() == {
        "states",
        "transitions",
        "depth",
        "frontier",
        "bytes",
        "python_calls",
        "seconds",
    }


def test_the_number_of_workers_changes_nothing() -> None:
    results = [explore(Greets(climbers=2), workers=workers).to_json() for workers in (1, 2, 4)]
    for result in results:
        del result["cost"], result["request"]
    assert results[0] == results[1] == results[2]
