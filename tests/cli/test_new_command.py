"""`dscheck new`: a model of one's own begins as a copy."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import dscheck
from dscheck import models


@pytest.mark.parametrize("source", models.names())
def test_a_copy_of_each_model_can_be_explored(tmp_path: Path, source: str) -> None:
    file = tmp_path / "my_protocol.py"
    made = dscheck("new", file, "--from", source)
    assert made.exit_code == 0, made.output
    assert made.output.startswith(f"{file}: MyProtocol, a copy of {source}")
    assert dscheck("explore", file, "--depth", "3").output.startswith("MyProtocol holds up to depth 3")


def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("# mine", "utf-8")
    refused = dscheck("new", file)
    assert (refused.exit_code, file.read_text("utf-8")) == (2, "# mine")
    assert "exists already" in refused.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mine.txt"], "write a name that can be imported"),
        (["my-model.py"], "write a name that can be imported"),
        (["mine.py", "--from", "rafd"], "did you mean raft?"),
        (["server.py", "--from", "raft"], "raft has a class Server already"),
        (["nowhere/mine.py"], "there is no folder"),
    ],
)
def test_refusals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = dscheck("new", *arguments)
    assert refused.exit_code == 2
    assert message in refused.output
    assert not list(tmp_path.iterdir())
