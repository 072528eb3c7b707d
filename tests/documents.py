"""Documents as programs: the blocks of a Markdown file, and what it takes to run them."""

from __future__ import annotations
import __future__

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

FENCE = re.compile(r"^```(\w+)(?: ([\w.-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

MEASURED = re.compile(r"\d[\d,.]*\s?(?:ms|s|min|h|[kMG]?i?B|(?:bytes|states|B)(?:/| per )\w+|bytes)\b")
"""Numbers that differ from run to run: durations, sizes, rates."""

COMMANDS = {
    "dscheck": "from dscheck.cli import main; main(prog_name='dscheck')",
    "pytest": "import sys, pytest; sys.exit(pytest.main())",
}
"""What installed commands do; they need not be on the path of whoever runs the tests."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    language: str
    name: str
    """A file's name behind the language, as in ```` ```jsonl run.jsonl ````: the block is saved there."""
    text: str
    line: int


@dataclass(frozen=True)
class Command:
    """What a console block says is typed, and what it says comes back."""

    line: str
    output: str


def blocks(document: Path) -> Iterator[Block]:
    """The fenced blocks that say what language they are in."""
    text = document.read_text("utf-8")
    for fence in FENCE.finditer(text):
        yield Block(fence[1], fence[2] or "", fence[3], text.count("\n", 0, fence.start()) + 2)


@contextmanager
def importing_from(folder: Path) -> Iterator[None]:
    """Files in the folder can be imported; afterwards nobody knows of them."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name, module in list(sys.modules.items()):
            if folder in Path(getattr(module, "__file__", None) or "/").parents:
                del sys.modules[name]


def commands(block: Block) -> Iterator[Command]:
    """The commands of a console block; a backslash at the end of a line continues it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        typed, _, output = part.replace("\\\n", " ").partition("\n")
        yield Command(typed.strip(), output)


class Session:
    """A reader who follows a document from top to bottom, in one interpreter and one folder."""

    def __init__(self, document: Path, folder: Path):
        self.document = document
        self.folder = folder
        self.module = ModuleType(f"document_{document.stem.lower().replace('-', '_')}")
        sys.modules[self.module.__name__] = self.module
        self.features = 0
        """The compiler flags of the `from __future__ import ...` that were executed so far."""
        self.exit_code = 0
        (folder / ".bin").mkdir()
        for name, program in COMMANDS.items():
            command = folder / ".bin" / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
            command.chmod(0o755)

    def python(self, block: Block) -> None:
        """Execute a block as at a prompt, where `from __future__ import ...` holds for what follows, too.

        A block that begins with a file's name in a comment is saved there as well.
        """
        if name := re.match(r"# (\w+\.py)\n", block.text):
            (self.folder / name[1]).write_text(block.text, "utf-8")
        padding = "\n" * (block.line - 1)
        code = compile(padding + block.text, str(self.document), "exec", self.features, dont_inherit=True)
        self.features |= code.co_flags & __future__.annotations.compiler_flag
        with chdir(self.folder):
            exec(code, vars(self.module))

    def save(self, block: Block) -> None:
        """Save a block that has a file's name, so that later commands find it; a diff changes that file."""
        if not block.name:
            return
        file = self.folder / block.name
        if block.language == "diff":
            file.write_text(changed(file.read_text("utf-8"), block.text), "utf-8")
        else:
            file.write_text(block.text, "utf-8")

    def type(self, command: Command) -> str:
        """Run a command as on a terminal without colours; its output and its errors."""
        if command.line == "echo $?":
            return f"{self.exit_code}\n"
        path = f"{self.folder / '.bin'}{os.pathsep}{os.environ['PATH']}"
        env = {**os.environ, "PATH": path, "NO_COLOR": "1", "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            command.line,
            shell=True,
            cwd=self.folder,
            env=env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240,
            check=False,
        )
        self.exit_code = done.returncode
        return done.stdout


def changed(text: str, diff: str) -> str:
    """A text after a change that is shown line by line: `-` is taken out, `+` comes in; `@@` is a gap."""
    for hunk in re.split(r"^@@.*\n", diff, flags=re.MULTILINE):
        lines = [(line[:1].strip(), line[1:]) for line in hunk.splitlines(keepends=True)]
        before = "".join(line or "\n" for mark, line in lines if mark != "+")
        after = "".join(line or "\n" for mark, line in lines if mark != "-")
        assert text.count(before) == 1, f"there are {text.count(before)} of\n{before}"
        text = text.replace(before, after)
    return text


def normal(output: str) -> str:
    """Output without what differs from run to run: measured numbers, and the width of columns."""
    lines = (re.sub(r"\s+", " ", MEASURED.sub("#", line)).strip() for line in output.splitlines())
    return "\n".join(lines).strip()


def agrees(shown: str, printed: str) -> bool:
    """Whether a document shows what was printed; `...` stands for anything."""
    pattern = ".*".join(re.escape(part.strip("\n")) for part in normal(shown).split("..."))
    return re.fullmatch(pattern, normal(printed), flags=re.DOTALL) is not None
