"""`dscheck explore` and promises about operations."""

from __future__ import annotations

import json
from pathlib import Path

from command import dscheck


def test_a_register_with_two_copies(tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    result = dscheck("explore", "single_copy_register", "--servers", 2, "--json", file)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == "SingleCopyRegister violates atomic: not linearizable, after 5 steps"
    assert "       c1 invokes write('A')" in lines
    assert lines[-4:] == [
        "     no order of the operations, each while it was under way, explains c1 read() = None:",
        "       c1 write('A') = None, from step 1 to 3",
        "       c1 read() = None, from step 3 to 5",
        "     possible before step 5: 'A'",
    ]
    assert json.loads(file.read_text())["finding"]["name"] == "atomic"
    again = dscheck("replay", file)
    assert again.exit_code == 1
    assert again.output.splitlines()[-4:] == lines[-4:]


def test_the_promise_is_a_property_like_others() -> None:
    assert dscheck("explore", "single_copy_register", "--property", "atomic").exit_code == 0
    assert dscheck("explore", "quorum_register", "--mutant", "ForgetsWhatItSaw").exit_code == 1
    unasked = dscheck("explore", "single_copy_register", "--servers", 2, "--property", "all_done")
    assert unasked.exit_code == 0
    assert "in_order()" in dscheck("models", "quorum_register").output
