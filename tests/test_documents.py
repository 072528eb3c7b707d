"""Every example in README and docs runs, and prints what the document says it prints.

* python blocks are executed, in order, in one namespace per document; one whose first line is `# name.py` is
  saved under that name as well, so that later commands find it.
* console blocks: each `$ dscheck ...` and `$ pytest ...` is run in the document's own folder, and its output
  compared; `...` stands for anything, measured numbers (times, memory, rates) may differ.  `$ echo $?` shows
  the exit code.
  Other commands (installing, building) are .ci/run's business.
* a block with a file's name behind its language is saved under that name; a diff changes the file instead.
* other blocks are for the eye.
"""

from __future__ import annotations

import re
from difflib import ndiff
from pathlib import Path

import pytest

import dscheck
from documents import Session, agrees, blocks, changed, commands, importing_from, normal
from dscheck import explore
from dscheck.checker.traces.pictures.sequence import draw
from dscheck.models.consensus.raft import ForgetsItsVote
from house import ROOT, files

DOCUMENTS = [ROOT / "README.md", *files(".md", "docs")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_are_true(document: Path, tmp_path: Path) -> None:
    with importing_from(tmp_path):
        session = Session(document, tmp_path)
        for block in blocks(document):
            session.save(block)
            if block.language == "python":
                session.python(block)
            elif block.language == "console":
                for command in commands(block):
                    if command.line.startswith(("dscheck ", "pytest ", "echo $?")):
                        where = f"{document.relative_to(ROOT)}:{block.line}: {command.line}"
                        compare(command.output, session.type(command), where)


def compare(shown: str, printed: str, where: str) -> None:
    difference = "\n".join(ndiff(normal(shown).split("\n"), normal(printed).split("\n")))
    assert agrees(shown, printed), f"{where}\n{difference}"


def test_wildcards_and_measurements() -> None:
    shown = "holds   1,568 states, ... 0.31 s\n...\n12 MB\n"
    assert agrees(shown, "holds 1,568 states, depth 9, 1.2 ms\nmany\nlines\n 900 kB")
    assert not agrees(shown, "holds 1,569 states, depth 9, 1.2 ms\nmany\nlines\n900 kB")


def test_a_diff_changes_what_it_shows() -> None:
    diff = " one\n-two\n+2\n\n@@\n four\n+five\n"
    assert changed("one\ntwo\n\nthree\nfour\n", diff) == "one\n2\n\nthree\nfour\nfive\n"
    with pytest.raises(AssertionError, match="there are 0 of"):
        changed("one\n", diff)


def test_readme_shows_what_matters() -> None:
    """A recorded session with a counterexample, and a model of the reader's own."""
    found = list(blocks(ROOT / "README.md"))
    typed = [c.line for block in found if block.language == "console" for c in commands(block)]
    assert any("--mutant" in line for line in typed)
    assert any("@action" in block.text for block in found if block.language == "python")


def test_the_picture_in_readme_is_what_comes_out() -> None:
    """`dscheck explore raft --mutant ForgetsItsVote --svg FILE` draws it anew."""
    result = explore(ForgetsItsVote())
    assert result.trace is not None
    drawn = draw(result.trace, result.finding, alone=True)
    assert (ROOT / "docs" / "pictures" / "forgets_its_vote.svg").read_text("utf-8") == drawn
    assert "(docs/pictures/forgets_its_vote.svg)" in (ROOT / "README.md").read_text("utf-8")


def test_reference_has_every_public_name() -> None:
    """The site takes their texts from docstrings; the page says in which order."""
    text = (ROOT / "docs/reference/python.md").read_text("utf-8")
    assert sorted(re.findall(r"^::: dscheck\.(\w+)$", text, re.MULTILINE)) == sorted(dscheck.__all__)
