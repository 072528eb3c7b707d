"""Every example in README and docs runs, and prints what the document says it prints.

* python blocks are executed, in order, in one namespace per document; one whose first line is `# name.py` is
  saved under that name as well, so that later commands find it.
* console blocks: each `$ dscheck ...` is run in the document's own folder, and its output compared; `...`
  stands for anything, measured numbers (times, memory, rates) may differ.  `$ echo $?` shows the exit code.
  Other commands (installing, building) are .ci/run's business.
* a block with a file's name behind its language is saved under that name.
* other blocks are for the eye.
"""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest

from documents import Session, agrees, blocks, commands, normal
from house import ROOT, files

DOCUMENTS = [ROOT / "README.md", *files(".md", "docs")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_are_true(document: Path, tmp_path: Path) -> None:
    session = Session(document, tmp_path)
    for block in blocks(document):
        session.save(block)
        if block.language == "python":
            session.python(block)
        elif block.language == "console":
            for command in commands(block):
                if command.line.startswith(("dscheck ", "echo $?")):
                    printed = session.type(command)
                    difference = "\n".join(
                        ndiff(normal(command.output).split("\n"), normal(printed).split("\n"))
                    )
                    where = f"{document.relative_to(ROOT)}:{block.line}: {command.line}"
                    assert agrees(command.output, printed), f"{where}\n{difference}"


def test_wildcards_and_measurements() -> None:
    shown = "holds   1,568 states, ... 0.31 s\n...\n12 MB\n"
    assert agrees(shown, "holds 1,568 states, depth 9, 1.2 ms\nmany\nlines\n 900 kB")
    assert not agrees(shown, "holds 1,569 states, depth 9, 1.2 ms\nmany\nlines\n900 kB")


def test_readme_shows_what_matters() -> None:
    """A recorded session with a counterexample, and a model of the reader's own."""
    found = list(blocks(ROOT / "README.md"))
    typed = [c.line for block in found if block.language == "console" for c in commands(block)]
    assert any("--mutant" in line for line in typed)
    assert any("@action" in block.text for block in found if block.language == "python")
