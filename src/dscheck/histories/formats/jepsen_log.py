"""The text logs of etcd's Jepsen test, by `jepsen.util`: Porcupine's test data.

A register that clients read, write and compare-and-set, which is nil at first.  A compare-and-set that this
log calls a failure is an answer: the register held another value, so its outcome is OK and its result False.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dscheck.histories.formats.jepsen import load
from dscheck.histories.history import History

NAME: Final = "jepsen-log"
SUMMARY: Final = "etcd's logs by jepsen.util: INFO  jepsen.util - 0 :invoke :read nil"
CHECKED: Final = True


def recognises(head: bytes, path: Path) -> int:
    """By the logger's name."""
    return 95 if b"jepsen.util - " in head else 0


def read(path: Path) -> History:
    """The history of a file."""
    return load(path, "log", format=NAME, hints={"datatype": "cas-register", "initial": None})
