"""`dscheck graph`: the state graph of a small model, drawn, or as a file for other tools."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import networkx as nx

import climbing
from browser import like, needs_browser, screenshot
from command import dscheck

OVERSHOOTS = f"{Path(climbing.__file__)}:Overshoots"


def test_without_a_file_the_text_for_graphviz_is_printed() -> None:
    result = dscheck("graph", OVERSHOOTS)
    assert result.exit_code == 0, "a graph is no verdict"
    lines = result.stdout.splitlines()
    assert lines[0] == "digraph states {"
    assert len([line for line in lines if " -> " in line]) == 6
    assert result.stderr == "Overshoots has 5 states and 6 steps between them\n"
    if program := shutil.which("dot"):
        subprocess.run([program, "-Tsvg"], input=result.stdout, capture_output=True, text=True, check=True)


def test_every_state_and_step_is_drawn_and_what_is_broken_is_marked(tmp_path: Path) -> None:
    file = tmp_path / "graph.svg"
    assert dscheck("graph", OVERSHOOTS, "--climbers", "2", "--svg", file).exit_code == 0
    svg = file.read_text("utf-8")
    assert len(re.findall(r'data-state="\d+"', svg)) == 25
    assert svg.count('class="step a0"') == 60
    assert len(re.findall(r'class="state[^"]* broken"', svg)) == 9, "one of two is at 4"
    assert svg.count("breaks never_above") == 9
    assert svg.count('class="state initial"') == 1
    assert not re.search(r"href|url\(|@import", svg), "nothing is fetched"


def test_graphml_is_read_by_others(tmp_path: Path) -> None:
    file = tmp_path / "graph.graphml"
    assert dscheck("graph", "two_phase_commit", "--nodes", "2", "--graphml", file).exit_code == 0
    graph = nx.read_graphml(file)
    assert (len(graph), graph.number_of_edges()) == (56, 153)
    first = graph.nodes["0"]
    assert (first["rm1.state"], first["initial"], first["broken"]) == ("'working'", True, "")
    assert "prepare(rm1)" in {label for *_, label in graph.edges(data="label")}


def test_a_large_graph_is_refused() -> None:
    result = dscheck("graph", "raft")
    assert result.exit_code == 4
    assert "Raft has more than 500 states, too many to look at" in result.output
    assert dscheck("graph", "raft", "--depth", "2").exit_code == 0
    assert dscheck("graph", OVERSHOOTS, "--limit", "4").exit_code == 4
    assert dscheck("graph", OVERSHOOTS, "--limit", "5").exit_code == 0


def test_a_mutant_and_its_parameters() -> None:
    result = dscheck("graph", "two_phase_commit", "--mutant", "CommitsOnMajority", "--nodes", "1")
    assert result.stderr.startswith("CommitsOnMajority has ")
    assert dscheck("graph", "two_phase_commit", "--nodes", "0").exit_code == 2


@needs_browser
def test_a_graph_looks_like_one(tmp_path: Path) -> None:
    file = tmp_path / "graph.svg"
    dscheck("graph", OVERSHOOTS, "--climbers", "2", "--svg", file)
    picture = screenshot(file.read_text("utf-8"), tmp_path)
    assert like(picture, "#fbe3e0").sum() > 9 * 200, "nine states are red"
    assert like(picture, "#e6ecf5").sum() > 16 * 200, "the others are not"
    assert like(picture, "#2f6fc1", 30).sum() > 1_000, "and lines lead from one to the other"
