"""What commands write: whole or not at all, links and pipes as they are, readable for whoever may read."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest

from command import dscheck, popen


def explore(file: Path | str) -> int:
    return dscheck("explore", "two_phase_commit", "--json", file).exit_code


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    assert explore(link) == 0
    assert link.is_symlink()
    assert json.loads(real.read_text("utf-8"))["verdict"] == "holds"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    told: list[str] = []
    reader = threading.Thread(target=lambda: told.append(pipe.read_text("utf-8")))
    reader.start()
    assert explore(pipe) == 0
    reader.join(20)
    assert json.loads(told[0])["verdict"] == "holds"
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_devices_are_not_replaced() -> None:
    assert explore("/dev/null") == 0
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


def test_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = dscheck("explore", "two_phase_commit", "--json", "-")
    assert json.loads(done.stdout)["verdict"] == "holds"
    assert done.stderr.startswith("TwoPhaseCommit holds"), "what is for people goes elsewhere"
    assert dscheck("explore", "two_phase_commit", "--json", "-", "--html", "-").exit_code == 2
    assert not list(tmp_path.iterdir())


def test_the_mask_says_who_may_read_a_new_file_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        assert explore(tmp_path / "new.json") == 0
        (tmp_path / "old.json").write_text("", "utf-8")
        (tmp_path / "old.json").chmod(0o604)
        assert explore(tmp_path / "old.json") == 0
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new.json").stat().st_mode) == 0o640
    assert stat.S_IMODE((tmp_path / "old.json").stat().st_mode) == 0o604


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_is_no_verdict(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        process = popen("explore", "two_phase_commit", stdout=full.fileno())
        _, error = process.communicate(timeout=60)
    assert process.returncode == 4, "neither held nor violated"
    assert error.splitlines() == ["cannot write to standard output: No space left on device"]


def test_a_reader_that_has_seen_enough(tmp_path: Path) -> None:
    with popen("models") as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == 0


@pytest.mark.parametrize("verb", ["verify", "stats"])
def test_what_is_read_is_not_written_over(tmp_path: Path, verb: str) -> None:
    file = tmp_path / "run.jsonl"
    text = '{"process": 0, "f": "write", "argument": 1, "call": 0, "return": 1}\n'
    file.write_text(text, "utf-8")
    refused = dscheck(verb, file, "--json", file)
    assert refused.exit_code == 2
    assert "is what is read" in refused.output
    assert file.read_text("utf-8") == text
