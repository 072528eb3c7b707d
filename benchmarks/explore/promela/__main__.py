"""Show one of the texts: the protocol, and its sizes."""

from __future__ import annotations

import sys

from benchmarks.explore.promela import text

if __name__ == "__main__":
    print(text(sys.argv[1], *map(int, sys.argv[2:])), end="")
