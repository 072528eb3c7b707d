"""The bytes of recordings: files, compressed or not, in pieces that fit into memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from dscheck.histories.errors import HistoryError

PIECE: Final = 1 << 22
"""How much is read at once, in bytes."""
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
