"""The bytes of recordings: files, compressed or not, in pieces that fit into memory."""

from __future__ import annotations

import gzip
import shutil
import stat
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from dscheck.histories.errors import HistoryError

PIECE: Final = 1 << 22
"""How much is read at once, in bytes."""
STANDARD_INPUT: Final = Path("-")
"""What stands for standard input, as for other commands."""
_GZIP: Final = b"\x1f\x8b"


def head(path: Path, size: int = 1 << 16) -> bytes:
    """The first bytes, decompressed: enough to recognise a format.  Raises HistoryError."""
    with opened(path) as file:
        return file.read(size)


def content(path: Path) -> bytes:
    """All bytes, decompressed.  Raises HistoryError if they cannot be read."""
    return b"".join(pieces(path))


def pieces(path: Path, size: int = PIECE) -> Iterator[bytes]:
    """All bytes, decompressed, in pieces of about this size.  Raises HistoryError if they cannot be read."""
    with opened(path) as file:
        while piece := file.read(size):
            yield piece


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """A file to read, decompressed if its first bytes are gzip's; whatever goes wrong is a HistoryError."""
    try:
        with path.open("rb", buffering=0) as plain:
            is_compressed = plain.read(2) == _GZIP
            plain.seek(0)
            if not is_compressed:
                yield plain
            else:
                with gzip.GzipFile(fileobj=plain) as file:
                    yield file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise HistoryError(
            f"the compressed data are damaged ({error})", file=path, fix="copy or compress the file again"
        ) from error
    except OSError as error:
        raise HistoryError(f"cannot be read: {error.strerror or error}", file=path) from error


@contextmanager
def seekable(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The same files; what can be read only once, such as a pipe, is a copy in a file, since a format is
    recognised from the beginning and then read from there.  Errors name what was copied, not the copy."""
    copies: dict[str, str] = {}
    with ExitStack() as stack:
        found = []
        for path in paths:
            if not _is_stream(path):
                found.append(path)
                continue
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dscheck-")))
            copy = folder / ("stdin" if path == STANDARD_INPUT else path.name)
            copies[str(copy)] = "standard input" if path == STANDARD_INPUT else str(path)
            _copy(path, copy)
            found.append(copy)
        try:
            yield found
        except HistoryError as error:
            error.file = copies.get(error.file or "", error.file)
            raise


def _is_stream(path: Path) -> bool:
    if path == STANDARD_INPUT:
        return True
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _copy(stream: Path, copy: Path) -> None:
    try:
        with copy.open("wb") as into:
            if stream == STANDARD_INPUT:
                shutil.copyfileobj(sys.stdin.buffer, into)
            else:
                with stream.open("rb") as from_:
                    shutil.copyfileobj(from_, into)
    except OSError as error:
        raise HistoryError(f"cannot be read: {error.strerror or error}", file=stream) from error
